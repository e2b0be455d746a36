"""A small world with one real object for every address, and the people who may or may not see it."""

from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from hocvuso.assessment.actions.sessions import list_person, plan_session
from hocvuso.assessment.models.items import Calibration
from hocvuso.assessment.tests.make import make_attempt, make_test
from hocvuso.indicators.actions import catch_up
from hocvuso.indicators.tests.make import make_target
from hocvuso.learning.tests.make import make_course, make_pathway
from hocvuso.people.actions import register_person
from hocvuso.people.actions.cards import issue_cards
from hocvuso.people.models.persons import Person, Role
from hocvuso.people.tests.lists import make_ward_list
from hocvuso.people.tests.make import make_helper, make_officer, make_person
from hocvuso.places.models import Baseline
from hocvuso.places.tests.make import CountryTree, make_country_tree
from hocvuso.recognition.tests.make import make_certificate, make_claim, make_criteria_set

OURS = {"sec-fetch-site": "same-origin"}  # browsers tell where a form comes from
PASSWORD = "mot-mat-khau-dai"
ROLES = (
    "guest",
    "learner",
    "neighbour",
    "helper",
    "helper_elsewhere",
    "officer",
    "officer_elsewhere",
    "province",
    "country",
    "author",
)


@dataclass(frozen=True)
class World:
    """`objects`: what stands in addresses, by name."""

    people: dict[str, Person]
    sessions: dict[str, str]
    objects: dict[str, object]

    def visitor(self, role: str) -> Client:
        """A browser as it was when the person of this role had signed in."""
        client = Client(headers=OURS)
        if role in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return client


def make_world() -> World:
    tree = make_country_tree()
    people = make_people(tree)
    clients = {role: signed_in(person) for role, person in people.items()}
    objects = make_objects(tree, people, clients)
    catch_up()
    return World(people, {role: str(client.session.session_key) for role, client in clients.items()}, objects)


def make_people(tree: CountryTree) -> dict[str, Person]:
    helper = make_helper(tree.tho_xuan, "Trần Văn Giúp")
    learner = register_person("Nguyễn Thị Học", place=tree.village_one, by=helper, birth_year=1958)
    staff = {
        "helper": helper,
        "helper_elsewhere": make_helper(tree.lam_son, "Trần Thị Xa"),
        "officer": make_officer(tree.tho_xuan, "Lê Thị Xã"),
        "officer_elsewhere": make_officer(tree.lam_son, "Lê Văn Khác"),
        "province": make_officer(tree.thanh_hoa, "Vũ Thị Tỉnh"),
        "country": make_officer(tree.country, "Vũ Văn Nước"),
    }
    for person in staff.values():
        person.set_password(PASSWORD)
        person.save()
    author = make_person("Đỗ Thị Soạn")
    grant_author(author)
    neighbour = make_person("Phạm Văn Bên", place=tree.village_two)
    return {"learner": learner, "neighbour": neighbour, **staff, "author": author}


def grant_author(person: Person) -> None:
    Role.objects.create(person=person, kind=Role.Kind.AUTHOR, since="2026-01-01")


def signed_in(person: Person) -> Client:
    client = Client(headers=OURS)
    client.force_login(person)
    return client


def make_objects(
    tree: CountryTree, people: dict[str, Person], clients: dict[str, Client]
) -> dict[str, object]:
    learner, helper = people["learner"], people["helper"]
    test = make_test()  # first: it makes the framework that the criteria point to
    certificate = make_certificate(learner)
    course = make_course("goi-dien", lessons=2)
    make_target(tree.tho_xuan)
    session = plan_session(test, place=tree.tho_xuan, venue="Nhà văn hóa", held_at=timezone.now(), by=helper)
    seat = list_person(session, people["neighbour"])
    calibration = Calibration.objects.create(
        framework=test.framework,
        model="2pl",
        people=1,
        answers=1,
        report={"sides": {"attempts": 0, "would_pass": 0, "would_fail": 0}},
    )
    Baseline.objects.create(
        place=tree.tho_xuan, count=Baseline.Count.ADULTS, year=2025, value=100, source="Số liệu mẫu"
    )
    return {
        "commune": tree.tho_xuan.code,
        "village": tree.village_one.code,
        "learner": learner.pk,
        "helper_role": helper.roles.get().pk,
        "card": issue_cards([people["neighbour"]], by=helper)[0].code,
        "device": clients["learner"].session.session_key[:12],
        "draft": take_in_list(clients["helper"], tree, commit=False),
        "committed": take_in_list(clients["helper"], tree, commit=True),
        "course": course.slug,
        "lesson": course.lessons.all()[0].slug,
        "pathway": make_pathway(course).slug,
        "test": test.slug,
        "session": session.pk,
        "seat": seat.pk,
        "calibration": calibration.pk,
        "passed": make_attempt(test, person=learner, right=4).pk,
        "attempt": make_attempt(make_test("khac", framework=test.framework), person=learner).pk,
        "claim": make_claim(learner, make_criteria_set("household", automatic=False)).pk,
        "certificate": certificate.pk,
        "code": certificate.code,
        "measure": "learners",
    }


def take_in_list(client: Client, tree: CountryTree, *, commit: bool) -> str:
    file = SimpleUploadedFile("lop.xlsx", make_ward_list())
    address = client.post("/danh-sach-lop", {"file": file, "place": tree.tho_xuan.pk})["Location"]
    if commit:
        client.post(f"{address}/bo-dong-loi")
        client.post(f"{address}/nhap", {"learning": "on", "how": "spoken"})
    return address.split("/")[-1]
