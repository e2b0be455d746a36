"""Tells one settlement after the other: its team, its people, what they did, which villages fell silent."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import chain
from random import Random

from hocvuso.home.demo import confirmations, sittings
from hocvuso.home.demo.curriculum import Syllabus
from hocvuso.home.demo.deeds import Deed, Diary, Move
from hocvuso.home.demo.figures import Denominators, HeadCount
from hocvuso.home.demo.lives import Life, plan_life, temper_of
from hocvuso.home.demo.moments import HERE, Calendar, id_at, later
from hocvuso.home.demo.residents import Census, Resident
from hocvuso.home.demo.rows import Rows
from hocvuso.home.demo.settlements import Settlement
from hocvuso.home.demo.teams import Team
from hocvuso.learning.models import LessonProgress
from hocvuso.people.consents import wording
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import Household, Person
from hocvuso.places.models import Place
from hocvuso.records.models import Record, Verb

SOURCE = "demo"
ROWS_A_CHUNK = 20_000
MOVES = 0.02  # of people, some time
LATE = 0.06  # of records, sent days later by a phone that had no signal
MONTH = timedelta(days=30)
SILENT = 0.2  # of villages, in the current month


class Chronicle:
    def __init__(self, syllabus: Syllabus, calendar: Calendar, seed: int) -> None:
        self.syllabus, self.calendar, self.seed = syllabus, calendar, seed
        self.elsewhere: list[Place] = []  # where people may move to
        self.rows = Rows()
        self.denominators = Denominators(calendar.last_day.year - 1)
        self.consents: dict[bool, str] = {}

    def tell(self, settlement: Settlement, written: Callable[[], object]) -> None:
        """Queues the settlement's rows, writes whenever a chunk is full, then calls `written`."""
        teller = SettlementTeller(self, settlement)
        for household, residents in chain(teller.census.classes(), teller.census.households()):
            teller.tell_household(household, residents)
            if self.rows.size > ROWS_A_CHUNK:
                self.rows.write()
                written()
        for path, estimates in teller.heads.estimates(teller.rng):
            self.denominators.add(path, estimates)

    def finish(self) -> None:
        self.rows.add(*self.denominators.rows())
        self.rows.write()

    def consent_words(self, *, minor: bool) -> str:
        if minor not in self.consents:
            self.consents[minor] = wording(Consent.Purpose.LEARNING, 10 if minor else None)
        return self.consents[minor]


class SettlementTeller:
    """Everything of one settlement comes from its own source of chance, whatever else the world holds."""

    def __init__(self, chronicle: Chronicle, settlement: Settlement) -> None:
        self.chronicle, self.settlement = chronicle, settlement
        self.syllabus, self.rows, self.calendar = chronicle.syllabus, chronicle.rows, chronicle.calendar
        self.rng = Random(f"{chronicle.seed}/{settlement.commune.code}")  # noqa: S311 - a seeded world
        self.census = Census(settlement, self.calendar, self.rng)
        self.team = Team(settlement, self.calendar, self.rng)
        self.heads = HeadCount(settlement)
        self.rows.add(*self.team.rows())
        homes = settlement.homes()
        silent = int(len(homes) * SILENT) if settlement.villages else 0
        self.silent = {home.pk for home in self.rng.sample(homes, silent)}
        for report in self.team.reports(self.silent):
            self.rows.add_record(report)

    def tell_household(self, household: Household | None, residents: list[Resident]) -> None:
        self.heads.add(household, residents)
        if household is not None:
            self.rows.add(household)
        for resident in residents:
            self.tell_person(resident)

    def tell_person(self, resident: Resident) -> None:
        rng, person, syllabus = self.rng, resident.person, self.syllabus
        until = self.until(person)
        self.bring_forward(resident, until)
        temper = temper_of(
            rng,
            age=resident.age,
            audience=person.audience,
            in_class=resident.in_class,
            carried=self.settlement.in_depth,
        )
        life = plan_life(rng, temper, person.audience, syllabus.plan, resident.begins, until)
        move = self.move(person, life, until)
        answers = {
            sitting.id: sittings.answer_questions(rng, sitting, syllabus)
            for sitting in (life.sittings if self.settlement.in_depth else ())
        }
        diary = Diary(rng, person.pk, in_depth=self.settlement.in_depth)
        deeds = [deed for deed in diary.deeds(life, syllabus.test.slug, answers, move) if deed.at <= until]
        for sitting in life.sittings:
            attempt = sittings.attempt_of(person, sitting, syllabus)
            self.rows.add(attempt, *sittings.responses_of(attempt, answers.get(sitting.id, ())))
        self.write_down(resident, life, deeds, move, until)

    def write_down(
        self, resident: Resident, life: Life, deeds: list[Deed], move: Move | None, until: datetime
    ) -> None:
        """The records in order, each with the home of that day; then the person as he or she is now."""
        rng, person = self.rng, resident.person
        confirmation = confirmations.plan_confirmation(rng, deeds, self.syllabus, until)
        if confirmation is not None:
            deeds = sorted(
                [*deeds, *confirmations.deeds_of(rng, confirmation, self.syllabus)], key=lambda deed: deed.at
            )
        helper = self.team.helper_of(person.place)
        for deed in deeds:
            if deed.verb == Verb.MOVED and move is not None:
                person.place, person.household = move.to, None
            if deed.verb == Verb.CONFIRMED and confirmation is not None and person.place is not None:
                home = person.place
                self.rows.add(
                    *confirmations.rows_of(confirmation, person, home, self.team.officer, self.syllabus)
                )
            self.rows.add_record(self.record(person, deed, helper))
        self.rows.add(person, self.consent(resident, helper), *self.progress(person, life))

    # -- parts
    def bring_forward(self, resident: Resident, until: datetime) -> None:
        """Where a village is silent this month, nobody began this month either."""
        while resident.begins >= until:
            resident.begins -= MONTH
        resident.person.registered_at = resident.person.created_at = resident.begins
        resident.person.id = id_at(self.rng, resident.begins)

    def until(self, person: Person) -> datetime:
        if person.place_id not in self.silent:
            return self.calendar.until
        return datetime.combine(self.calendar.months[-1], time(), tzinfo=HERE)

    def move(self, person: Person, life: Life, until: datetime) -> Move | None:
        at = later(self.rng, life.registered_at, 120)
        to = self.rng.choice(self.chronicle.elsewhere)
        if self.rng.random() > MOVES or at > until or person.place is None or to == person.place:
            return None
        return Move(at, person.place, to)

    def record(self, person: Person, deed: Deed, helper: Person) -> Record:
        late = self.rng.random() < LATE
        learnt_at = later(self.rng, deed.at, 3) if late else deed.at
        entered_for = deed.helped or (deed.verb == Verb.REGISTERED and person.assisted)
        return Record(
            id=deed.id,
            person_id=person.pk,
            verb=str(deed.verb),
            object_kind=deed.object_kind,
            object_key=deed.object_key,
            place_id=person.place_id,
            household_id=person.household_id,
            audience=person.audience,
            age_band=person.age_band(deed.at.astimezone(HERE).date()),
            sex=person.sex,
            mode=Record.Mode.HELPED if deed.helped else Record.Mode.ALONE,
            helper_id=helper.pk if deed.helped else None,
            happened_at=deed.at,
            learnt_at=min(learnt_at, self.calendar.until),
            entered_by_id=helper.pk if entered_for else person.pk,
            source=SOURCE,
            result=deed.result,
        )

    def consent(self, resident: Resident, helper: Person) -> Consent:
        person = resident.person
        return Consent(
            person_id=person.pk,
            purpose=Consent.Purpose.LEARNING,
            wording=self.chronicle.consent_words(minor=resident.age < 18),
            given_at=resident.begins,
            how="spoken" if person.assisted else "paper" if resident.in_class else "screen",
            noted_by_id=helper.pk if person.assisted else None,
        )

    def progress(self, person: Person, life: Life) -> list[LessonProgress]:
        return [
            LessonProgress(
                person_id=person.pk,
                lesson_id=self.syllabus.lessons[study.lesson],
                opened_at=study.opened_at,
                tries=study.tries,
                right=study.completed_at is not None,
                right_first=study.tries == 1,
                completed_at=study.completed_at,
            )
            for study in life.studies
        ]
