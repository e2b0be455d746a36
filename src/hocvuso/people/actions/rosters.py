"""Class lists: laid down as a draft, corrected row by row, taken in once."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.people.actions import become_learner, find_household, log_look, register_person
from hocvuso.people.engine.roster import Reading, Row, Values, clean_values, mark_repeats
from hocvuso.people.id_numbers import lock_id_number, lock_text, unlock_text
from hocvuso.people.models.persons import Audience, Household, Person
from hocvuso.people.models.rosters import Roster, RosterRow
from hocvuso.people.roster_matching import Matcher
from hocvuso.places.models import Place

Choice = RosterRow.Choice
DRAFTS_KEPT = timedelta(days=30)
BATCH = 500


@transaction.atomic
def create_roster(reading: Reading, *, place: Place, by: Person, file_name: str) -> Roster:
    """Lay down what was read. Drafts that nobody finished within a month go: they hold people's data."""
    Roster.objects.filter(status=Roster.Status.DRAFT, created_at__lt=timezone.now() - DRAFTS_KEPT).delete()
    roster = Roster.objects.create(
        place=place,
        by=by,
        file_name=file_name[:200],
        columns=[list(pair) for pair in zip(reading.heading.texts, reading.heading.columns, strict=True)],
        left_out=[[number, text[:200]] for number, text in reading.left_out[:200]],
    )
    matcher = Matcher(roster, [row.values for row in reading.rows])
    rows = [judged(RosterRow(roster=roster, number=row.number), row, matcher) for row in reading.rows]
    RosterRow.objects.bulk_create(rows, batch_size=BATCH)
    return roster


def judged(target: RosterRow, row: Row, matcher: Matcher) -> RosterRow:
    """Fill the row with its values, what is doubtful in them, and the choice that suggests itself."""
    match = matcher.match(row.values)
    target.raw = row.raw | {"id_number": lock_text(row.raw.get("id_number", ""))}
    target.values = as_json(row.values, match.place)
    target.problems = [asdict(problem) for problem in (*row.problems, *match.problems)]
    target.person = match.person
    codes = {problem.code for problem in row.problems}
    if "twice_in_list" in codes:
        target.choice = Choice.SKIP
    else:
        target.choice = Choice.SAME if match.certain else Choice.ADD
    return target


def as_json(values: Values, place: int) -> dict[str, Any]:
    kept = asdict(values) | {"place": place, "id_number": lock_text(values.id_number or "")}
    kept["birth_on"] = values.birth_on.isoformat() if values.birth_on else None
    return kept


def from_json(kept: Mapping[str, Any]) -> Values:
    fields: dict[str, Any] = {name: kept[name] for name in Values.__dataclass_fields__}
    values = Values(**fields)
    born = kept.get("birth_on")
    return replace(
        values,
        birth_on=date.fromisoformat(born) if born else None,
        id_number=unlock_text(kept.get("id_number", "")) or None,
    )


@transaction.atomic
def correct_rows(roster: Roster, corrections: Mapping[int, Mapping[str, str]]) -> None:
    """`corrections`: by row number the text of each field, and `choice`. Each such row is judged anew."""
    rows = list(roster.rows.filter(number__in=corrections))
    today = timezone.localdate()
    cleaned = {}
    for row in rows:
        raw = row.raw | {"id_number": unlock_text(row.raw.get("id_number", ""))} | corrections[row.number]
        raw.pop("choice", None)
        cleaned[row.number] = Row(row.number, raw, *clean_values(raw, today=today))
    matcher = Matcher(roster, [row.values for row in cleaned.values()])
    for row in rows:
        wish = corrections[row.number].get("choice", row.choice)
        judged(row, cleaned[row.number], matcher)
        row.choice = wish if wish != Choice.SAME or row.person_id else Choice.ADD
    RosterRow.objects.bulk_update(rows, ["raw", "values", "problems", "choice", "person"], batch_size=BATCH)
    renew_repeats(roster)


def renew_repeats(roster: Roster) -> None:
    """A correction may have made a row like another, or unlike it."""
    rows = list(roster.rows.exclude(choice=Choice.SKIP))
    found = [Row(row.number, {}, from_json(row.values)) for row in rows]
    mark_repeats(found)
    changed = []
    for row, fresh in zip(rows, found, strict=True):
        others = [
            problem for problem in row.problems if problem["code"] not in ("twice_in_list", "phone_shared")
        ]
        problems = others + [asdict(problem) for problem in fresh.problems]
        if problems != row.problems:
            row.problems = problems
            changed.append(row)
    RosterRow.objects.bulk_update(changed, ["problems"], batch_size=BATCH)


@transaction.atomic
def skip_blocked_rows(roster: Roster) -> int:
    """Leave out every row that cannot be added as it stands."""
    blocked = [row.pk for row in roster.rows.filter(choice=Choice.ADD) if row.is_blocked()]
    return RosterRow.objects.filter(pk__in=blocked).update(choice=Choice.SKIP)


@transaction.atomic
def drop_roster(roster: Roster) -> None:
    """Throw a draft away with all it holds."""
    locked = Roster.objects.select_for_update().get(pk=roster.pk)
    if locked.status == Roster.Status.DRAFT:
        locked.rows.all().delete()
        locked.status = Roster.Status.DROPPED
        locked.save(update_fields=["status"])


@transaction.atomic
def commit_roster(roster: Roster, *, by: Person, consents: Iterable[str], how: str) -> int:
    """Take the list in; how many were added. All or nothing, and the second time nothing."""
    locked = Roster.objects.select_for_update().get(pk=roster.pk)
    if locked.status != Roster.Status.DRAFT:
        return 0
    rows = list(locked.rows.select_related("person"))
    added = [row for row in rows if row.choice == Choice.ADD]
    if any(row.is_blocked() for row in added):
        raise ValidationError(_("Some rows must be corrected or left out first."), code="unready")
    places = Place.objects.within(locked.place).in_bulk()
    purposes = list(consents)
    household_of = cache(find_household)
    for row in added:
        home = household_of(places[row.values["place"]], row.values["household"])
        row.person = add_person(row, places, home, by=by, consents=purposes, how=how)
    for row in rows:
        if row.choice == Choice.SAME and row.person is not None:
            become_learner(row.person, by=by, consents=purposes, how=how, source="import")
        if row.choice == Choice.SKIP:
            row.person = None
        row.raw, row.values, row.problems = {}, {}, []
    RosterRow.objects.bulk_update(rows, ["raw", "values", "problems", "person"], batch_size=BATCH)
    locked.status, locked.committed_at, locked.left_out = Roster.Status.COMMITTED, timezone.now(), []
    locked.save(update_fields=["status", "committed_at", "left_out"])
    log_look(by, place=locked.place, what="roster_commit", count=len(added))
    return len(added)


def add_person(
    row: RosterRow,
    places: Mapping[int, Place],
    household: Household | None,
    *,
    by: Person,
    consents: list[str],
    how: str,
) -> Person:
    values = from_json(row.values)
    left_out = {problem["code"] for problem in row.problems} & {"phone_shared", "phone_taken"}
    return register_person(
        values.name,
        place=places[row.values["place"]],
        by=by,
        consents=consents,
        how=how,
        source="import",
        birth_year=values.birth_year,
        birth_on=values.birth_on,
        sex=values.sex,
        audience=values.audience or Audience.CITIZEN,
        phone=None if left_out else values.phone,
        household=household,
        **lock_id_number(values.id_number),
    )
