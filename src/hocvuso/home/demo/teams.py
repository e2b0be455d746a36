"""The local team of a settlement: a helper in each village, one officer, their monthly reports."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from random import Random

from hocvuso.base.folding import fold
from hocvuso.home.demo.moments import HERE, Calendar, id_at, on_day
from hocvuso.home.demo.names import make_name, make_surname
from hocvuso.home.demo.settlements import Settlement
from hocvuso.people.models.persons import Audience, Person, Role, Sex
from hocvuso.places.models import Place
from hocvuso.records.models import Record, Verb

OFFICER = (Role.Kind.OFFICER, Role.Kind.REVIEWER)
OFFICE_HOURS = (8, 9, 10, 14, 15, 16)
QUIET_MONTHS = 3  # of reports from communes without learners
ON_TIME, LATE = 0.88, 0.08  # of monthly reports; the others never come
UNUSABLE_PASSWORD = "!"  # noqa: S105 - Django's mark of "cannot sign in by password"


class Team:
    def __init__(self, settlement: Settlement, calendar: Calendar, rng: Random) -> None:
        self.settlement, self.calendar, self.rng = settlement, calendar, rng
        self.officer = self.member(settlement.commune)
        homes = settlement.homes() if settlement.people else []
        self.helpers = {home.pk: self.member(home) for home in homes}

    def member(self, place: Place) -> Person:
        """Not a learner; known from the first month on."""
        woman, birth_year = self.rng.random() < 0.5, self.calendar.last_day.year - self.rng.randint(24, 52)
        surname = make_surname(self.rng, self.settlement.latitude)
        name = make_name(self.rng, surname, woman=woman, birth_year=birth_year)
        since = on_day(self.rng, self.calendar.months[0], OFFICE_HOURS)
        return Person(
            id=id_at(self.rng, since),
            password=UNUSABLE_PASSWORD,
            full_name=name,
            folded_name=fold(name),
            birth_year=birth_year,
            sex=Sex.FEMALE if woman else Sex.MALE,
            audience=Audience.OFFICIAL,
            place=place,
            invented=True,
            created_at=since,
        )

    def rows(self) -> list[Person | Role]:
        since = self.calendar.months[0]
        roles = [
            Role(person=self.officer, kind=kind, place=self.settlement.commune, since=since)
            for kind in OFFICER
        ]
        helping = [
            Role(person=helper, kind=Role.Kind.HELPER, place=helper.place, since=since)
            for helper in self.helpers.values()
        ]
        return [self.officer, *self.helpers.values(), *roles, *helping]

    def helper_of(self, home: Place | None) -> Person:
        return self.helpers.get(home.pk if home else 0, self.officer)

    def reports(self, silent: Collection[int]) -> list[Record]:
        """Each lowest place reports monthly, some late, some not at all; the silent not this month."""
        records = []
        for home in self.settlement.homes():
            for month in (
                self.calendar.months if self.settlement.people else self.calendar.months[-QUIET_MONTHS:]
            ):
                current = month == self.calendar.months[-1]
                at = self.reported_at(month)
                if at is not None and at <= self.calendar.until and not (current and home.pk in silent):
                    records.append(self.report(home, month, at))
        return records

    def reported_at(self, month: date) -> datetime | None:
        luck = self.rng.random()
        day = month + timedelta(days=self.rng.randint(3, 27))
        if luck > ON_TIME:
            day = next_month(month) + timedelta(days=self.rng.randint(1, 12))
        return on_day(self.rng, day, OFFICE_HOURS) if luck < ON_TIME + LATE else None

    def report(self, home: Place, month: date, at: datetime) -> Record:
        """As dashboards.actions.send_report does: a past month is dated at its last moment."""
        end = datetime.combine(next_month(month), time(), tzinfo=HERE) - timedelta(seconds=1)
        return Record(
            id=id_at(self.rng, at),
            verb=Verb.REPORTED.value,
            object_kind="place",
            object_key=home.code,
            place_id=home.pk,
            happened_at=min(at, end),
            learnt_at=at,
            entered_by_id=self.helper_of(home).pk,
            source="demo",
            result={"month": month.isoformat()},
        )


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
