"""Every address as every role: the right answer stands in ANSWERS, and no address is missing from it.

A GET changes nothing, and each page is sound. Forms of a foreign site are refused everywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from hocvuso.people.models.consents import AccessLog
from hocvuso.people.models.doors import Session
from tests.house.pages import faults
from tests.house.world import ROLES, World, make_world

Answer = int | str  # a status, or where a redirect leads
Answers = dict[str, Answer]
SIGN_IN = "to the sign-in page"


def each(answer: Answer, **others: Answer) -> Answers:
    return {role: others.get(role, answer) for role in ROLES}


def inside(answer: Answer = 200, **others: Answer) -> Answers:
    """For whoever is signed in."""
    return each(answer, guest=SIGN_IN, **others)


def only(roles: str, answer: Answer = 200) -> Answers:
    """For these roles; others who are signed in find nothing."""
    return inside(404, **dict.fromkeys(roles.split(), answer))


OPEN, CLOSED, SHUT = each(200), each(405), inside(405)
LOCAL = "helper officer"  # work with the people themselves
NAMING = "helper helper_elsewhere officer officer_elsewhere"  # work with people, here or elsewhere
WATCHING = "helper officer province country"
DECIDING = "officer province country"
WITH_PASSWORD = "helper helper_elsewhere officer officer_elsewhere province country"
WITHOUT_PASSWORD = inside(learner=403, neighbour=403, author=403)
AGAIN, DOOR = "/tai-khoan/nhap-lai", "/tai-khoan/dang-nhap"


def to_list(row: str = "") -> Answers:
    """The helper who brought the list goes on in it."""
    return only("helper", f"/danh-sach-lop{row}")


def begun(elsewhere: Answer) -> Answers:
    """The learner, the neighbour and the author learn already."""
    return inside(elsewhere, learner="/toi", neighbour="/toi", author="/toi")


def with_password_again(others: Answer) -> Answers:
    return inside(others, **dict.fromkeys(WITH_PASSWORD.split(), AGAIN))


@dataclass(frozen=True)
class Row:
    get: Answers
    post: Answers
    at: dict[str, str] = field(default_factory=dict)


PERSON, HELPING = {"pk": "learner"}, {"pk": "helper_role"}
DRAFT, TAKEN_IN = {"pk": "draft"}, {"pk": "committed"}
CARD, PAPER, VILLAGE = {"code": "card"}, {"code": "code"}, {"code": "village"}
# fmt: off
ANSWERS = {
    "healthz": Row(OPEN, CLOSED),
    "readyz": Row(OPEN, CLOSED),
    "metrics": Row(OPEN, CLOSED),
    "": Row(OPEN, CLOSED),
    "thu/doi-vai": Row(CLOSED, each(404)),
    "cach-doc": Row(CLOSED, each("/")),
    "kieu-dang": Row(OPEN, CLOSED),
    "tro-giup": Row(OPEN, CLOSED),
    "gioi-thieu": Row(OPEN, CLOSED),
    "giay-phep": Row(OPEN, CLOSED),

    "noi-o/": Row(OPEN, CLOSED),
    "noi-o/chon": Row(CLOSED, each(404)),
    "noi-o/quen": Row(CLOSED, each("/noi-o/")),
    "noi-o/danh-sach": Row(OPEN, CLOSED),
    "noi-o/danh-sach/<str:code>": Row(OPEN, CLOSED),
    "noi-o/nhap-thon/<str:code>": Row(only(DECIDING), only(DECIDING)),

    "dang-nhap": Row(each("/", guest=200), each("/", guest=200)),
    "dang-nhap/the": Row(CLOSED, OPEN),
    "dang-xuat": Row(CLOSED, each("/")),
    "the/<str:code>": Row(OPEN, OPEN, CARD),
    "toi": Row(inside(), SHUT),
    "toi/xung-ho": Row(SHUT, inside("/toi")),
    "toi/bat-dau": Row(begun(200), begun(200)),
    "toi/dong-y": Row(SHUT, inside("/toi")),
    "toi/du-lieu": Row(inside(), SHUT),
    "toi/xoa": Row(inside(), inside()),
    "toi/mat-khau": Row(inside(), inside()),
    "toi/thiet-bi": Row(inside(), SHUT),
    "toi/thiet-bi/ra-het": Row(SHUT, inside("/dang-nhap")),
    "toi/thiet-bi/<str:key>/ra": Row(SHUT, only("learner", "/")),

    "nguoi-hoc": Row(only(NAMING), SHUT),
    "nguoi-hoc/them": Row(only(NAMING), only(NAMING)),
    "nguoi-hoc/<uuid:pk>": Row(only(LOCAL), SHUT, PERSON),
    "nguoi-hoc/<uuid:pk>/sua": Row(only(LOCAL), only(LOCAL), PERSON),
    "nguoi-hoc/<uuid:pk>/dong-y": Row(SHUT, only(LOCAL, "/nguoi-hoc/…"), PERSON),
    "nguoi-hoc/<uuid:pk>/xoa": Row(only(LOCAL), only(LOCAL), PERSON),
    "nguoi-hoc/<uuid:pk>/the": Row(SHUT, only(LOCAL, "/nguoi-hoc/…"), PERSON),
    "nguoi-hoc/<uuid:pk>/the/thu-hoi": Row(SHUT, only(LOCAL, "/nguoi-hoc/…"), PERSON),
    "danh-sach-lop": Row(only(NAMING), only(NAMING)),
    "danh-sach-lop/<uuid:pk>": Row(only("helper"), only("helper"), DRAFT),
    "danh-sach-lop/<uuid:pk>/bo-dong-loi": Row(SHUT, to_list("/…"), DRAFT),
    "danh-sach-lop/<uuid:pk>/bo": Row(SHUT, to_list(), DRAFT),
    "danh-sach-lop/<uuid:pk>/nhap": Row(to_list("/…"), to_list("/…"), DRAFT),
    "danh-sach-lop/<uuid:pk>/the": Row(only("helper"), only("helper"), TAKEN_IN),
    "nguoi-huong-dan": Row(only("officer officer_elsewhere"), only("officer officer_elsewhere")),
    "nguoi-huong-dan/<int:pk>/thoi": Row(SHUT, only("officer", "/nguoi-huong-dan"), HELPING),
    "nguoi-huong-dan/<int:pk>/mat-khau": Row(SHUT, only("officer"), HELPING),

    "hoc/": Row(OPEN, CLOSED),
    "hoc/khoa": Row(OPEN, CLOSED),
    "hoc/khoa/<slug:course>": Row(OPEN, CLOSED),
    "hoc/khoa/<slug:course>/<slug:lesson>": Row(OPEN, CLOSED),
    "hoc/khoa/<slug:course>/<slug:lesson>/tra-loi": Row(CLOSED, each(422)),
    "hoc/khoa/<slug:course>/<slug:lesson>/cua-toi": Row(OPEN, CLOSED),
    "hoc/hoc-tiep": Row(OPEN, CLOSED),
    "hoc/toi-muon/<slug:pathway>": Row(OPEN, CLOSED),
    "hoc/cua-toi": Row(OPEN, CLOSED),
    "hoc/cua-toi/nhan": Row(SHUT, inside("/hoc/cua-toi")),

    "kiem-tra/": Row(inside(), SHUT),
    "kiem-tra/buoi/": Row(only(NAMING), SHUT),
    "kiem-tra/buoi/moi": Row(only(NAMING), only(NAMING)),
    "kiem-tra/buoi/vao": Row(inside(), inside()),
    "kiem-tra/buoi/cho/<int:seat>/": Row(only("neighbour"), SHUT),
    "kiem-tra/buoi/cho/<int:seat>/bat-dau": Row(SHUT, only("neighbour", "/kiem-tra/buoi/…")),
    "kiem-tra/buoi/<uuid:session>/": Row(only(LOCAL), SHUT),
    "kiem-tra/buoi/<uuid:session>/viec": Row(SHUT, only(LOCAL, "/kiem-tra/buoi/…")),
    "kiem-tra/buoi/<uuid:session>/nguoi": Row(SHUT, only(LOCAL, "/kiem-tra/buoi/…")),
    "kiem-tra/buoi/<uuid:session>/nguoi/<int:seat>": Row(SHUT, only(LOCAL, "/kiem-tra/buoi/…")),
    "kiem-tra/buoi/<uuid:session>/su-viec": Row(SHUT, only(LOCAL, "/kiem-tra/buoi/…")),
    "kiem-tra/hieu-chuan/": Row(only("author"), SHUT),
    "kiem-tra/hieu-chuan/<int:calibration>/": Row(only("author"), SHUT),
    "kiem-tra/hieu-chuan/<int:calibration>/quyet-dinh": Row(SHUT, only("author", "/kiem-tra/hieu-chuan/…")),

    "kiem-tra/<slug:test>/": Row(inside(), SHUT),
    "kiem-tra/<slug:test>/bat-dau": Row(SHUT, inside("/kiem-tra/lam/…", learner="/kiem-tra/thu/")),
    "kiem-tra/lam/<uuid:attempt>/": Row(inside("/kiem-tra/lam/…", learner=200), SHUT),  # to a 404
    "kiem-tra/lam/<uuid:attempt>/tra-loi": Row(CLOSED, inside("/kiem-tra/lam/…", learner=200)),
    "kiem-tra/lam/<uuid:attempt>/ket-qua": Row(only("learner"), SHUT, {"attempt": "passed"}),

    "xac-nhan/": Row(inside(), inside("/xac-nhan/")),
    "xac-nhan/yeu-cau/<uuid:claim>/": Row(only("learner"), SHUT),
    "xac-nhan/cho-duyet/": Row(only(f"{DECIDING} officer_elsewhere"), SHUT),
    "xac-nhan/cho-duyet/<uuid:claim>/": Row(only(DECIDING), only(DECIDING)),
    "xac-nhan/giay/<uuid:certificate>/": Row(only(f"learner {LOCAL}"), SHUT),
    "xac-nhan/giay/<uuid:certificate>/giay.pdf": Row(only(f"learner {LOCAL}"), SHUT),
    "xac-nhan/giay/<uuid:certificate>/ten": Row(SHUT, only("learner", "/xac-nhan/giay/…")),
    "xac-nhan/giay/<uuid:certificate>/thu-hoi": Row(only(DECIDING), only(DECIDING)),
    "xac-minh/": Row(OPEN, CLOSED),
    "xac-minh/khoa.json": Row(OPEN, CLOSED),
    "xac-minh/<str:code>.json": Row(OPEN, CLOSED, PAPER),
    "xac-minh/<str:code>.jwt": Row(each(404), CLOSED, PAPER),  # no key is set
    "xac-minh/<str:code>": Row(OPEN, CLOSED, PAPER),

    "so-lieu/": Row(only(f"{WATCHING} {NAMING}", "/so-lieu/…"), SHUT),
    "so-lieu/<str:code>/": Row(only(WATCHING), SHUT),
    "so-lieu/<str:code>/ban-do.svg": Row(only(WATCHING), SHUT),
    "so-lieu/<str:code>/ban-do/": Row(only(WATCHING), SHUT),
    "so-lieu/<str:code>/ban-do.json": Row(only(WATCHING), SHUT),
    "so-lieu/<str:code>/dien-bien.svg": Row(only(WATCHING), SHUT),
    "so-lieu/<str:code>/bang.xlsx": Row(only(WATCHING), SHUT),
    "so-lieu/<str:code>/chua-bao-cao/": Row(only(WATCHING), SHUT),
    "so-lieu/<str:code>/bao-cao/": Row(SHUT, only(LOCAL, "/so-lieu/…"), VILLAGE),
    "so-lieu/<str:code>/so/<slug:measure>/": Row(only(WATCHING), SHUT),

    "api/": Row(each(404), each(404)),
    "api/docs": Row(OPEN, OPEN),
    "api/openapi.json": Row(OPEN, OPEN),
    "api/lessons": Row(OPEN, CLOSED),
    "api/places": Row(each(422), CLOSED),
    "api/places/<code>": Row(OPEN, CLOSED),

    "tai-khoan/dang-nhap": Row(each("/dang-nhap"), each("/dang-nhap")),
    "tai-khoan/nhap-lai": Row(WITHOUT_PASSWORD, WITHOUT_PASSWORD),
    "tai-khoan/ngoai/": Row(inside(), inside()),
    "tai-khoan/ngoai/login/cancelled/": Row(OPEN, CLOSED),
    "tai-khoan/ngoai/login/error/": Row(inside(401), SHUT),
    "tai-khoan/ngoai/signup/": Row(each("/tai-khoan/dang-nhap"), each("/tai-khoan/dang-nhap")),
    "tai-khoan/ngoai/oidc/^(?P<provider_id>[^/]+)/login/": Row(each(404), each(404)),  # none is set
    "tai-khoan/ngoai/oidc/^(?P<provider_id>[^/]+)/login/callback/": Row(each(404), each(404)),
    "tai-khoan/hai-lop/": Row(inside(), SHUT),
    "tai-khoan/hai-lop/authenticate/": Row(each("/", guest=DOOR), each("/", guest=DOOR)),
    "tai-khoan/hai-lop/reauthenticate/": Row(with_password_again(403), with_password_again(403)),
    "tai-khoan/hai-lop/totp/activate/": Row(with_password_again(200), with_password_again(200)),
    "tai-khoan/hai-lop/totp/deactivate/": Row(only(""), only("")),  # nobody has a second factor
    "tai-khoan/hai-lop/recovery-codes/": Row(only(""), SHUT),
    "tai-khoan/hai-lop/recovery-codes/generate/": Row(with_password_again(200), with_password_again(200)),
    "tai-khoan/hai-lop/recovery-codes/download/": Row(only(""), only("")),
}
# fmt: on
NOT_OURS = {"api/docs"}  # drawn by the API's own library, for programmers
USUAL = {"code": "commune", "key": "device", "provider_id": ""}


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = f"{before}{one.pattern}"
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from routes(one, route)


def address(route: str, world: World) -> str:
    def fill(name: str) -> str:
        key = ANSWERS[route].at.get(name) or USUAL.get(name, name)
        return str(world.objects.get(key, "vneid"))

    plain = re.sub(r"\^\(\?P<(\w+)>[^)]*\)", r"<str:\1>", route)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: fill(found[1]), plain)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_no_address_is_missing_from_the_table_and_none_is_there_in_vain():
    assert sorted(routes(get_resolver())) == sorted(ANSWERS)


def test_every_look_gets_the_right_answer_and_a_sound_page_and_changes_nothing(world: World):
    """Except that it is noted who looked at whom."""
    wrong = []
    before = contents()
    for route, row in ANSWERS.items():
        for role in ROLES:
            response = world.visitor(role).get(address(route, world))
            if not fits(read(response), row.get[role]):
                wrong.append(f"{route} as {role}: {read(response)}, not {row.get[role]}")
            if response.status_code != 405 and route not in NOT_OURS:
                wrong += [f"{route} as {role}: {fault}" for fault in faults(response)]
        if (after := contents()) != before:
            wrong.append(f"{route} changes {[name for name in after if after[name] != before[name]]}")
            before = after
    assert not wrong, "\n".join(wrong)


def test_every_form_gets_the_right_answer(world: World):
    """Sent empty. What happens is undone, so that each role asks the same world."""
    wrong = []
    for route, row in ANSWERS.items():
        for role in ROLES:
            with transaction.atomic():
                told = read(world.visitor(role).post(address(route, world)))
                transaction.set_rollback(True)
            if not fits(told, row.post[role]):
                wrong.append(f"{route} as {role}: {told}, not {row.post[role]}")
    assert not wrong, "\n".join(wrong)


def read(response: HttpResponse) -> Answer:
    if response.status_code not in (301, 302):
        return response.status_code
    target = response["Location"]
    return SIGN_IN if target.startswith("/dang-nhap?next=") else target.split("?")[0]


def fits(told: Answer, due: Answer) -> bool:
    """`/nguoi-hoc/…` stands for any page below."""
    if isinstance(due, str) and due.endswith("…"):
        return isinstance(told, str) and told.startswith(due[:-1])
    return told == due


def test_a_strangers_attempt_leads_to_nothing(world: World):
    """Those who are sent on from another's attempt find nothing there."""
    for role in set(ROLES) - {"guest", "learner"}:
        answer = world.visitor(role).get(f"/kiem-tra/lam/{world.objects['attempt']}/", follow=True)
        assert answer.status_code == 404


def contents() -> dict[str, list[Any]]:
    kept = [model for model in apps.get_models() if model not in (AccessLog, Session)]
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in kept}


def test_a_form_on_a_foreign_site_does_nothing_here(world: World):
    """Whatever the browser tells: where it comes from, or, an old one, only the name of the other site."""
    foreign: list[dict[str, str]] = [
        {"sec-fetch-site": "cross-site", "origin": "https://vi-du.vn"},
        {"origin": "https://vi-du.vn"},
    ]
    accepted, before = [], contents()
    for route, row in ANSWERS.items():
        for headers in foreign:
            visitor = Client(enforce_csrf_checks=True, headers=headers)
            visitor.cookies = world.visitor("officer").cookies
            told = read(visitor.post(address(route, world)))
            if told not in (403, 405, row.post["officer"] if row.post["officer"] in (404, 405) else 403):
                accepted.append(f"{route}: {told}")
    assert not accepted, "\n".join(accepted)
    assert contents() == before
