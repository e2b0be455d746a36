"""What the tallies must be, counted from all records by the words of each indicator: plain, slow, no fold."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from django.utils import timezone

from hocvuso.indicators.maps import EVER
from hocvuso.records.models import Record

Figures = Counter[tuple[str, str, str, date]]  # place, measure, dimension, period
LEARNING = {"experienced", "answered", "completed", "attempted", "passed", "failed", "attended"}


def count_all() -> dict[tuple[str, str, str, date], int]:
    undone = set(Record.objects.filter(verb="voided").values_list("undoes", flat=True))
    records = sorted(
        (
            one
            for one in Record.objects.select_related("place")
            if one.pk not in undone and one.verb != "voided"
        ),
        key=lambda one: (one.happened_at, one.pk),
    )
    figures: Figures = Counter()
    for _person, own in by(records, lambda one: one.person_id):
        count_person(figures, own)
    for place, own in by(records, lambda one: one.place.code if one.verb == "reported" else None):
        for month in {month_of(one) for one in own}:
            figures[place, "reported", "", month] += 1
        figures[place, "reported", "", EVER] += 1
    for household in {one.household_id for one in records} - {None}:
        count_household(figures, household, records)
    return {key: value for key, value in figures.items() if value}


def by(records: Iterable[Record], key: Callable[[Record], object]) -> list[tuple[object, list[Record]]]:
    groups = defaultdict(list)
    for one in records:
        groups[key(one)].append(one)
    return [(name, own) for name, own in groups.items() if name is not None]


def month_of(record: Record) -> date:
    return timezone.localdate(record.happened_at).replace(day=1)


def add(figures: Figures, measure: str, where: Record, amount: int, *periods: date) -> None:
    names = ["", f"audience={where.audience}", f"age={where.age_band}", f"sex={where.sex}"]
    if where.age_band not in ("0-14", "15-17"):
        names.append("adult=yes")
    for period in periods:
        for name in names:
            figures[where.place.code, measure, name, period] += amount


def count_person(figures: Figures, records: list[Record]) -> None:
    learning = [one for one in records if one.verb in LEARNING]
    for _month, own in by(learning, month_of):
        add(figures, "active", own[0], 1, month_of(own[0]))
    for one in learning[:1]:
        add(figures, "active", one, 1, EVER)
    tests = [one for one in records if one.verb in ("passed", "failed")]
    for one in tests[:1]:
        add(figures, "tested", one, 1, month_of(one), EVER)
    for one in [one for one in tests if one.verb == "passed" and one.mode == "alone"][:1]:
        add(figures, "passed", one, 1, month_of(one), EVER)
    for one in records:
        if one.verb == "completed" and one.object_kind == "lesson":
            add(figures, "lessons_done", one, 1, month_of(one), EVER)
    count_stock(figures, "learners", records, "registered", "")
    count_stock(figures, "confirmed", records, "confirmed", "revoked")


def where_held(records: list[Record], gain: str, lose: str) -> Record | None:
    """After all these records: the one that says where the person counts, if the person does."""
    held, where = set(), None
    for one in records:
        if one.verb == gain:
            held.add(one.object_key)
        if one.verb == lose:
            held.discard(one.object_key)
        if not held:
            where = None
        elif one.verb in (gain, "moved"):
            where = one
    return where


def count_stock(figures: Figures, measure: str, records: list[Record], gain: str, lose: str) -> None:
    before = None
    for number, one in enumerate(records, 1):
        after = where_held(records[:number], gain, lose)
        if before != after:
            if before:
                add(figures, measure, before, -1, month_of(one), EVER)
            if after:
                add(figures, measure, after, 1, month_of(one), EVER)
        before = after


def count_household(figures: Figures, household: object, records: list[Record]) -> None:
    before: Record | None = None
    since: dict[object, int] = {}
    for number, one in enumerate(records, 1):
        places = {
            person: where
            for person, own in by(records[:number], lambda one: one.person_id)
            if (where := where_held(own, "confirmed", "revoked")) and where.household_id == household
        }
        since = {person: since.get(person, number) for person in places}
        after = places[min(since, key=lambda person: since[person])] if since else None
        for where, amount in ((before, -1), (after, 1)):
            if where and before != after:
                for period in (month_of(one), EVER):
                    figures[where.place.code, "households_skilled", "", period] += amount
        before = after
