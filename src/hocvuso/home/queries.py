"""What each first page needs, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.queries import Standing, find_standings
from hocvuso.dashboards.queries.board import Cell, Goal, Look, read_goals
from hocvuso.dashboards.queries.watching import sees_names
from hocvuso.dashboards.queries.words import title_of
from hocvuso.indicators.maps import EVER
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import Reporting, reporting, totals
from hocvuso.learning.models import Lesson, LessonProgress, Pathway
from hocvuso.learning.queries import choose_next, completed_at_by_lesson, lessons_in_order
from hocvuso.people.models.doors import QRCard
from hocvuso.people.models.persons import Person, PersonQuerySet, Role
from hocvuso.places.models import Place
from hocvuso.recognition.models import REVIEWING, Certificate, Claim

NEEDS_SHOWN = 6
STOPPED_AFTER = timedelta(days=10)
FORGOTTEN_AFTER = timedelta(days=180)
VISITS_SHOWN = 5
FIGURES = ("learners", "active", "passed", "confirmed")


def first_needs() -> list[Pathway]:
    needs = Pathway.objects.filter(kind=Pathway.Kind.NEED, published=True)
    return list(needs.defer("head", "steps")[:NEEDS_SHOWN])


# -- learners


@dataclass(frozen=True)
class LearnerDesk:
    """Where a learner stands: `main` says which one thing comes next."""

    next: Lesson | None
    done: int
    total: int
    standing: Standing | None
    certificate: Certificate | None

    @property
    def main(self) -> str:
        """test (under way), claim, lesson, begin (the test), or nothing."""
        if self.standing and self.standing.open:
            return "test"
        if self.standing and self.standing.passed and self.certificate is None:
            return "claim"
        if self.next is not None:
            return "lesson"
        return "begin" if self.standing and self.standing.may_begin else ""


def learner_desk(person: Person) -> LearnerDesk:
    lessons = list(lessons_in_order())
    learnt = completed_at_by_lesson(person)
    return LearnerDesk(
        next=choose_next(lessons, learnt),
        done=sum(lesson.pk in learnt for lesson in lessons),
        total=len(lessons),
        standing=first_standing(person),
        certificate=person.certificates.standing().first(),
    )


def first_standing(person: Person) -> Standing | None:
    """With the test for the person's audience, or else the first there is."""
    tests = sorted(Test.objects.current(), key=lambda test: test.audience != person.audience)[:1]
    standings = find_standings(tests, person, timezone.localdate())
    return standings[0] if standings else None


# -- helpers


@dataclass(frozen=True)
class HelperDesk:
    """Whom to help today among the people of the helper's places."""

    place: Place
    stopped: Sequence[Person]
    waiting: int  # registered, nothing opened yet
    cardless: int


def helper_desk(helper: Person, now: datetime) -> HelperDesk | None:
    """None for who helps nowhere."""
    role = first_role(helper, [Role.Kind.HELPER])
    if role is None or role.place is None:
        return None
    people = learners_in(role.place).exclude(pk=helper.pk)
    return HelperDesk(
        place=role.place,
        stopped=list(stopped(people, now).select_related("place")[:VISITS_SHOWN]),
        waiting=people.filter(~Exists(progress_of_person())).count(),
        cardless=cardless(people).count(),
    )


def learners_in(place: Place) -> PersonQuerySet:
    """By a list of places, not by joining them: else SQLite walks through all people of the country."""
    homes = Place.objects.within(place).order_by().values("pk")
    return Person.objects.learners().filter(place__in=homes)


def progress_of_person() -> QuerySet[LessonProgress]:
    return LessonProgress.objects.filter(person=OuterRef("pk"))


def stopped(people: PersonQuerySet, now: datetime) -> PersonQuerySet:
    """Who began, then opened nothing for some days and has not passed; who stopped last comes first."""
    recent = progress_of_person().filter(opened_at__gte=now - STOPPED_AFTER)
    known = progress_of_person().filter(opened_at__gte=now - FORGOTTEN_AFTER)
    passed = Attempt.objects.filter(person=OuterRef("pk"), status=Attempt.Status.PASSED)
    last = progress_of_person().order_by("-opened_at").values("opened_at")[:1]
    done = progress_of_person().filter(completed_at__isnull=False).order_by().values("person")
    return (
        people.filter(Exists(known), ~Exists(recent), ~Exists(passed))
        .annotate(
            last_at=Subquery(last), lessons_done=Subquery(done.annotate(number=Count("pk")).values("number"))
        )
        .order_by("-last_at", "pk")
    )


def cardless(people: PersonQuerySet) -> PersonQuerySet:
    """Assisted learners who have no way to sign in by themselves."""
    cards = QRCard.objects.filter(person=OuterRef("pk"), revoked_at=None)
    return people.filter(~Exists(cards), assisted=True, username=None, phone=None)


def claims_waiting(viewer: Person) -> int | None:
    """How many claims wait for the viewer's decision; None for who decides none."""
    if first_role(viewer, REVIEWING) is None:
        return None
    return Claim.objects.decidable_by(viewer).filter(status=Claim.Status.OPEN).count()


# -- officers


@dataclass(frozen=True)
class OfficerDesk:
    place: Place
    month: date
    figures: Sequence[tuple[str, Cell]]
    goals: Sequence[Goal]
    reporting: Reporting

    @property
    def missing(self) -> int:
        """Units that have not said that their month is complete."""
        return self.reporting.units - self.reporting.reported


def officer_desk(officer: Person, today: date) -> OfficerDesk | None:
    """The figures of the officer's widest place; None for who is no officer."""
    role = first_role(officer, [Role.Kind.OFFICER])
    if role is None or role.place is None:
        return None
    look = Look(role.place, today.replace(day=1), FIGURES[0], sees_names(officer, role.place))
    told = reporting(look.place, look.month)
    goals = read_goals(look.place, names=look.names)
    return OfficerDesk(look.place, look.month, figures_of(look, told), goals, told)


def figures_of(look: Look, told: Reporting) -> list[tuple[str, Cell]]:
    """Running totals, and for what is counted monthly this month's number."""
    sums = totals(look.place, FIGURES, periods=(EVER, look.month))
    return [
        (
            title_of(one),
            look.cell(one.slug, sums[one.slug, "", look.period(one.slug)], partial=not told.complete),
        )
        for one in Indicator.objects.filter(slug__in=FIGURES, retired=False)
    ]


def first_role(person: Person, kinds: Sequence[str]) -> Role | None:
    """Of these kinds the one over the widest place."""
    held = [role for role in person.current_roles() if role.kind in kinds and role.place is not None]
    return min(held, key=lambda role: len(role.place.path) if role.place else 0, default=None)
