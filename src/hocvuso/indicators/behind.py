"""From a figure back to the records that make it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from hocvuso.indicators.engine import measures
from hocvuso.indicators.engine.measures import Cell, Fact, Rule
from hocvuso.indicators.maps import EVER, last_day
from hocvuso.indicators.models import Share
from hocvuso.people.models.persons import ADULT_AGE, AGE_BANDS
from hocvuso.records.models import Record, RecordQuerySet

IN_ONE_QUERY = 1000
SUBJECTS = {"person": "person_id", "household": "household_id", "place": "place_id"}

Subject = tuple[str, list[Fact]]


def events_behind(records: RecordQuerySet, rule: Rule, dimension: str, period: date) -> RecordQuerySet:
    """Of a measure of single records: those themselves."""
    found = records.standing().filter(verb__in=rule.gain)
    if rule.object_kind:
        found = found.filter(object_kind=rule.object_kind)
    if rule.modes:
        found = found.filter(mode__in=rule.modes)
    if period != EVER:
        found = found.filter(happened_at__range=(midnight(period), end_of(last_day(period))))
    return with_facet(found, dimension)


def with_facet(records: RecordQuerySet, dimension: str) -> RecordQuerySet:
    facet, _equals, value = dimension.partition("=")
    if facet == "adult":
        return records.filter(age_band__in=[label for start, label in AGE_BANDS if start >= ADULT_AGE])
    return records.filter(**{{"age": "age_band"}.get(facet, facet): value}) if facet else records


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max), timezone.get_default_timezone())


def shares_in(records: QuerySet[Record] | None, measure: str, rule: Rule) -> Iterator[Subject]:
    """The shares of the subjects that these records are about; None: of all."""
    shares = Share.objects.filter(measure=measure)
    if records is None:
        yield from read_shares(shares)
        return
    found = (
        records.filter(verb__in=rule.verbs).order_by().values_list(SUBJECTS[rule.per], flat=True).distinct()
    )
    subjects = iter(key.hex if isinstance(key, UUID) else str(key) for key in found if key is not None)
    while part := list(islice(subjects, IN_ONE_QUERY)):
        yield from read_shares(shares.filter(subject__in=part))


def read_shares(shares: QuerySet[Share]) -> Iterator[Subject]:
    for subject, facts in shares.values_list("subject", "facts").iterator(IN_ONE_QUERY):
        yield subject, [Fact._make(fact) for fact in facts]


def amounts_behind(
    rule: Rule, subjects: Iterable[Subject], places: Collection[int] | None, dimension: str, period: date
) -> dict[str, int]:
    """By id of each record what it adds to the figure: 1, or -1 where somebody left."""
    amounts: Counter[str] = Counter()
    for subject, facts in subjects:
        for cell, amount, fact in cells_of(rule, facts, subject, period):
            here = places is None or cell.place in places
            if here and cell.period == period.isoformat() and dimension in measures.dimensions(cell):
                amounts[fact.id] += amount
    return {identifier: amount for identifier, amount in amounts.items() if amount}


def cells_of(rule: Rule, facts: list[Fact], subject: str, period: date) -> Iterator[tuple[Cell, int, Fact]]:
    """Of the stock there is now, only where it stands; else all that came and went."""
    if rule.count != "stock" or period != EVER:
        yield from measures.contributions(rule, facts, subject)
    elif now := measures.standing(rule, facts, subject):
        yield measures.cell_of(rule, now, measures.EVER), 1, now
