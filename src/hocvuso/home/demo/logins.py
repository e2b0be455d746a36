"""People whom a visitor may be, with known passwords: in the demo world only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hocvuso.learning.actions import answer_check
from hocvuso.learning.models import Lesson
from hocvuso.people.actions import grant_role, register_person
from hocvuso.people.actions.cards import IssuedCard, as_row
from hocvuso.people.models.persons import Audience, Person, Role, Sex
from hocvuso.places.models import Place
from hocvuso.recognition.models import REVIEWING
from hocvuso.records.models import Record

PASSWORD = "hocvuso-2026"  # noqa: S105 - public by design, demo only
CARD_CODE, CARD_PIN = "2BAC4THX7Y", "4682"
COURSE = "tra-tien-bang-ma-qr"


@dataclass(frozen=True, slots=True)
class Login:
    """`place`: home, and for those with roles what they answer for."""

    username: str
    title: Promise | str
    full_name: str
    birth_year: int
    sex: str
    place: str
    address_as: str
    roles: tuple[str, ...] = ()


OFFICER = (Role.Kind.OFFICER,)
LEARNER = Login("hocvien", _("Learner"), "Nguyễn Thị Hương", 1968, Sex.FEMALE, "06658.001", "cô")
OLDER_LEARNER = Login(
    "", _("Older learner with a QR card"), "Hoàng Văn Thọ", 1951, Sex.MALE, "06658.002", "bác"
)
STAFF = (
    Login("huongdan", _("Helper"), "Trần Văn Giang", 1994, Sex.MALE, "06658", "anh", (Role.Kind.HELPER,)),
    Login("canboxa", _("Commune officer"), "Phạm Thu Hà", 1985, Sex.FEMALE, "06658", "chị", REVIEWING),
    Login("canbotinh", _("Province officer"), "Vũ Đức Long", 1979, Sex.MALE, "22", "anh", OFFICER),
    Login("canbotw", _("National officer"), "Lê Ngọc Yến", 1981, Sex.FEMALE, "VN", "chị", OFFICER),
)
LOGINS = (LEARNER, *STAFF)


@transaction.atomic
def make_logins(now: datetime) -> None:
    """Five people to sign in as, and an older learner who has only a card; by the actions of real ones."""
    for login in STAFF:
        make_staff(login)
    helper = Person.objects.get(username=STAFF[0].username)
    learner = make_learner(LEARNER, now - timedelta(days=12))
    name_login(learner, LEARNER)
    study(learner, 3, now - timedelta(days=9))
    older = make_learner(OLDER_LEARNER, now - timedelta(days=20), by=helper)
    study(older, 2, now - timedelta(days=16), helper=helper)
    as_row(IssuedCard(older, CARD_CODE, CARD_PIN), helper).save(force_insert=True)


def make_staff(login: Login) -> Person:
    place = Place.objects.get(code=login.place)
    person = Person(
        full_name=login.full_name,
        birth_year=login.birth_year,
        sex=login.sex,
        address_as=login.address_as,
        audience=Audience.OFFICIAL,
        place=place,
        invented=True,
    )
    name_login(person, login)
    for kind in login.roles:
        grant_role(person, kind=kind, place=place, by=None)
    return person


def make_learner(login: Login, at: datetime, by: Person | None = None) -> Person:
    return register_person(
        login.full_name,
        place=Place.objects.get(code=login.place),
        by=by,
        how="spoken" if by else "screen",
        happened_at=at,
        source="demo",
        birth_year=login.birth_year,
        sex=login.sex,
        address_as=login.address_as,
        invented=True,
    )


def name_login(person: Person, login: Login) -> None:
    person.username = login.username
    person.set_password(PASSWORD)
    person.save()


def study(person: Person, lessons: int, begun: datetime, helper: Person | None = None) -> None:
    """The first lessons of the course, one every other day, each answered right at once."""
    course = (
        Lesson.objects.published().filter(course__slug=COURSE).select_related("course").order_by("position")
    )
    for number, lesson in enumerate(course[:lessons]):
        answer_check(
            person,
            lesson,
            choice=lesson.right_choice,
            by=helper,
            mode=Record.Mode.HELPED if helper else Record.Mode.ALONE,
            helper=helper,
            happened_at=begun + timedelta(days=2 * number),
            source="demo",
        )
