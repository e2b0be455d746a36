"""Folding: sealed records become tallies, each exactly once, in the order of the seals."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from itertools import chain

from django.db import transaction
from django.utils import timezone

from hocvuso.indicators import store
from hocvuso.indicators.engine import measures
from hocvuso.indicators.engine.measures import Cell, Fact, Rule
from hocvuso.indicators.facts import Row, rows_of_persons, rows_of_places, rows_of_records, wanted
from hocvuso.indicators.models import Fold, Indicator, Share, Tally
from hocvuso.records.actions import seal_all
from hocvuso.records.models import Seal, Verb

BATCH_RECORDS = 20_000  # many records of few places make few sums
BATCH_SEALS = 200


def catch_up() -> int:
    """Seal what waits and fold what is sealed; returns how many records were folded."""
    seal_all()
    return fold()


def fold() -> int:
    """Fold all seals not folded yet; returns how many records. Anyone may call it at any time."""
    folded = 0
    while is_behind() and (count := fold_batch()):
        folded += count
    return folded


def is_behind() -> bool:
    """Whether anything is to be folded: new seals, or all of them by changed rules. Asks without locking."""
    done = Fold.objects.filter(pk=1).first() or Fold()
    if Seal.objects.filter(number__gt=done.last_seal).exists():
        return True
    return bool(done.last_seal) and done.rules != spell_rules(load_rules())


@transaction.atomic
def fold_batch() -> int:
    """Fold the next seals: in one transaction their records count and the seals are passed."""
    done = lock_fold()
    rules = load_rules()
    if done.last_seal and done.rules != spell_rules(rules):
        return fold_from_the_beginning(done, rules)
    return fold_next_seals(done, rules)


@transaction.atomic
def rebuild() -> int:
    """Forget all tallies and fold every seal anew; others see the old ones until it is done."""
    return fold_from_the_beginning(lock_fold(), load_rules())


def fold_from_the_beginning(done: Fold, rules: dict[str, Rule]) -> int:
    Tally.objects.all()._raw_delete(Tally.objects.db)
    Share.objects.all()._raw_delete(Share.objects.db)
    done.last_seal, folded = 0, 0
    while count := fold_next_seals(done, rules):
        folded += count
    return folded


def lock_fold() -> Fold:
    Fold.objects.get_or_create(pk=1)
    return Fold.objects.select_for_update().get(pk=1)


def load_rules() -> dict[str, Rule]:
    """Of all indicators; a retired one goes on counting, so that old reports stay true."""
    stored = Indicator.objects.order_by("slug").values_list("slug", "rule")
    return {slug: Rule.read(rule) for slug, rule in stored}


def spell_rules(rules: dict[str, Rule]) -> str:
    plain = {slug: {**asdict(rule), "verbs": sorted(rule.verbs)} for slug, rule in rules.items()}
    return sha256(repr(plain).encode()).hexdigest()


def fold_next_seals(done: Fold, rules: dict[str, Rule]) -> int:
    seals = next_seals(done.last_seal)
    if not seals:
        return 0
    rows = rows_of_records([identifier for seal in seals for identifier in seal.record_ids()])
    for slug, rule in rules.items():
        store.add_to_tallies(slug, sums_of(fold_measure(slug, rule, rows)))
    sweep_nothing()
    done.last_seal, done.rules, done.folded_at = seals[-1].number, spell_rules(rules), timezone.now()
    done.save(update_fields=["last_seal", "rules", "folded_at"])
    return sum(seal.count for seal in seals)


def next_seals(last: int) -> list[Seal]:
    seals: list[Seal] = []
    for seal in Seal.objects.filter(number__gt=last).order_by("number")[:BATCH_SEALS]:
        seals.append(seal)
        if sum(one.count for one in seals) >= BATCH_RECORDS:
            break
    return seals


def fold_measure(slug: str, rule: Rule, rows: list[Row]) -> Counter[Cell]:
    """How the cells of a measure change by these records."""
    voids = [row for row in rows if row.fact.verb == Verb.VOIDED]
    fresh = wanted(rule, rows)
    if rule.count == "events":
        return fold_events(rule, fresh, wanted(rule, rows_of_records([row.undoes for row in voids])))
    if rule.per == "household":
        news = news_of_households(rule, fresh, voids)
    else:
        news = news_of_subjects(rule, fresh, voids)
    return fold_shares(slug, rule, news, undone={row.undoes for row in voids})


def fold_events(rule: Rule, fresh: Iterable[Row], undone: Iterable[Row]) -> Counter[Cell]:
    """A record is sealed once and undone once, so each is simply added, and taken away when undone."""
    change = measures.cells(rule, [row.fact for row in fresh])
    change.subtract(measures.cells(rule, [row.fact for row in undone]))
    return change


def news_of_subjects(rule: Rule, fresh: Iterable[Row], voids: Iterable[Row]) -> dict[str, list[Fact]]:
    """New facts by person or place; where something was undone, all that stand."""
    anew = group(voids, rule.per)
    reread = rows_of_places if rule.per == "place" else rows_of_persons
    return group(fresh, rule.per) | dict.fromkeys(anew, []) | group(reread(anew, rule), rule.per)


def news_of_households(rule: Rule, fresh: Iterable[Row], voids: Iterable[Row]) -> dict[str, list[Fact]]:
    """All facts of the persons concerned, for every household that one of them ever belonged to."""
    touched = [*fresh, *voids]
    of_person = group(rows_of_persons(group(touched, "person"), rule), "person")
    households: dict[str, set[str]] = defaultdict(set)
    for fact in chain((row.fact for row in touched), *of_person.values()):
        if fact.household:
            households[fact.household].add(fact.person)
    return {
        household: [fact for person in persons for fact in of_person.get(person, ())]
        for household, persons in households.items()
    }


def group(rows: Iterable[Row], subject: str) -> dict[str, list[Fact]]:
    """Facts by the subject they are about; those about none are left out."""
    grouped: dict[str, list[Fact]] = defaultdict(list)
    for row in rows:
        if key := getattr(row.fact, subject):
            grouped[str(key)].append(row.fact)
    return grouped


def fold_shares(slug: str, rule: Rule, news: dict[str, list[Fact]], undone: set[str]) -> Counter[Cell]:
    """Remember what decides each subject's share, and tell how its cells change."""
    change: Counter[Cell] = Counter()
    changed: dict[str, list[Fact]] = {}
    kept = store.recall(slug, news)
    for subject, facts in news.items():
        before = kept.get(subject, [])
        known = {fact.id: fact for fact in (*before, *facts) if fact.id not in undone}
        after = measures.deciding(rule, known.values())
        if after != before:
            change.update(measures.cells(rule, after, subject))
            change.subtract(measures.cells(rule, before, subject))
            changed[subject] = after
    store.remember(slug, changed)
    return change


def sums_of(change: Counter[Cell]) -> Counter[tuple[str, str, int]]:
    """By dimension, period and place."""
    sums: Counter[tuple[str, str, int]] = Counter()
    for cell, amount in change.items():
        if amount:
            for dimension in measures.dimensions(cell):
                sums[dimension, cell.period, cell.place] += amount
    return sums


def sweep_nothing() -> None:
    """A count that came back to nothing leaves no row, as if it had never been."""
    Tally.objects.filter(value=0)._raw_delete(Tally.objects.db)
