"""Where each role of the demo world may go: the table of tests/house with real objects of that world."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from playwright.sync_api import Browser, Page

from hocvuso.home.demo.logins import CARD_CODE
from tests.house.test_urls import ANSWERS, NOT_OURS, USUAL
from tests.journeys.answers import begin_test
from tests.journeys.cards import Card, open_with_card, press_and_download, read_cards
from tests.journeys.class_list import make_class_list
from tests.journeys.conftest import Site, sign_in

WARD, VILLAGE = "06658", "06658.001"
LOGINS = {
    "guest": "",
    "learner": "hocvien",
    "helper": "huongdan",
    "officer": "canboxa",
    "province": "canbotinh",
    "country": "canbotw",
}
NO_PAGES = ("api/", "healthz", "readyz", "metrics", "toi/du-lieu")
FILES = (".json", ".svg", ".pdf", ".xlsx", ".jwt", "/cua-toi")
OF_GRADUATE = ("<uuid:claim>/", "<uuid:certificate>/", "ket-qua")
GRADUATE = """
SELECT x.id, c.id, c.code, c.claim_id, (SELECT a.id FROM assessment_attempt a WHERE a.person_id = x.id
AND a.status = 'passed') FROM recognition_certificate c JOIN people_person x ON x.id = c.person_id
JOIN places_place p ON p.id = x.place_id
WHERE p.code LIKE ? AND c.revoked_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM people_role r WHERE r.person_id = x.id
) ORDER BY c.code DESC
"""
OPEN_CLAIM = """
SELECT k.id FROM recognition_claim k JOIN places_place p ON p.id = k.place_id
WHERE p.path LIKE ? AND k.status = 'open'
"""
MORE = {
    "guest": [
        "/noi-o/?q=tho+xuan",
        "/noi-o/?q=zzzz",
        f"/noi-o/danh-sach/{VILLAGE}",
        "/xac-minh/ABCD",
        "/khong-co",
    ],
    "learner": ["/hoc/hoc-tiep?nhom=0,1", "/noi-o/danh-sach/22", "/khong-co"],
    "helper": ["/nguoi-hoc?q=Nguy%E1%BB%85n", "/nguoi-hoc?q=zzzz", "/noi-o/danh-sach/06658"],
    "officer": [
        f"/so-lieu/{VILLAGE}/",
        f"/so-lieu/{WARD}/so/confirmed/?dimension=adult%3Dyes",
        "/xac-nhan/cho-duyet/?status=granted",
        "/xac-nhan/cho-duyet/?status=refused",
    ],
    "province": [
        "/so-lieu/22/",
        "/so-lieu/22/so/confirmed/",
        "/so-lieu/22/ban-do/",
        "/so-lieu/22/chua-bao-cao/",
    ],
    "country": [
        "/so-lieu/VN/",
        "/so-lieu/VN/so/learners/",
        "/so-lieu/VN/ban-do/",
        "/so-lieu/VN/chua-bao-cao/",
    ],
}


@dataclass(frozen=True)
class Ground:
    """Real objects by the names that the table uses; `card` opens the graduate's account."""

    objects: dict[str, str]
    card: Card


def lay_ground(site: Site, browser: Browser) -> Ground:
    """What the walk needs and the demo world does not hold yet; made on its pages."""
    person, certificate, code, claim, passed = site.rows(GRADUATE, f"{WARD}%")[0]
    page = browser.new_context(base_url=site.url, java_script_enabled=False).new_page()
    sign_in(page, LOGINS["helper"])
    objects = {
        "commune": WARD,
        "village": VILLAGE,
        "learner": dashed(site.value("SELECT id FROM people_person WHERE username = 'hocvien'")),
        "card": CARD_CODE,
        "draft": bring_list(page),
        "committed": bring_list(page, commit=True),
        "course": "tra-tien-bang-ma-qr",
        "lesson": "quet-ma-tra-tien",
        "pathway": "tra-tien-bang-ma-qr",
        "test": "citizen-basic",
        "claim": dashed(site.value(OPEN_CLAIM, f"%/{WARD}/%")),
        "certificate": dashed(certificate),
        "code": code,
        "measure": "lessons_done",
        "own_claim": dashed(claim),
        "passed": dashed(passed),
    }
    card = print_card(page, dashed(person))
    objects["session"], code = open_session(page)
    page.context.clear_cookies()
    sign_in(page, LOGINS["learner"])
    objects["attempt"] = dashed(begin_test(page, "citizen-basic"))
    objects["seat"] = take_seat(page, code)
    page.context.close()
    return Ground(objects, card)


def dashed(key: str) -> str:
    return str(UUID(hex=key))


def bring_list(page: Page, *, commit: bool = False) -> str:
    page.goto("/danh-sach-lop")
    page.locator("[name=file]").set_input_files(
        {"name": "lop.xlsx", "mimeType": "application/octet-stream", "buffer": make_class_list().file}
    )
    page.locator("[name=place]").select_option(label="Phường Cao Xanh")
    page.locator("main form .button-main").click()
    address = page.url
    if commit:
        page.locator("form[action$='/bo-dong-loi'] button").click()
        page.goto(f"{address}/nhap")
        page.locator("[name=learning]").check()
        page.locator("[name=how][value=spoken]").check()
        page.locator("main form .button-main").click()
    return address.split("/")[-1]


def print_card(page: Page, person: str) -> Card:
    page.goto(f"/nguoi-hoc/{person}")
    page.locator("[name=contact]").fill("Tổ công nghệ số cộng đồng")
    return read_cards(press_and_download(page, "form[action$='/the'] button"))[0]


def open_session(page: Page) -> tuple[str, str]:
    """A test to be sat together, and the code that is written on the board."""
    page.goto("/kiem-tra/buoi/moi")
    page.locator("[name=venue]").fill("Nhà văn hóa khu phố 3")
    page.locator("[name=held_at]").fill("2026-11-25T08:00")
    page.locator("main form .button-main").click()
    page.locator("[name=act][value=open]").click()
    code = page.locator(".session-code b").inner_text()
    return page.url.rstrip("/").split("/")[-1], code


def take_seat(page: Page, code: str) -> str:
    page.goto("/kiem-tra/buoi/vao")
    page.locator("[name=code]").fill(code)
    page.locator("main form .button-main").click()
    page.wait_for_url("**/kiem-tra/buoi/cho/*/")
    return page.url.rstrip("/").split("/")[-1]


def enter_as(page: Page, role: str, ground: Ground) -> None:
    if role == "graduate":
        open_with_card(page, ground.card)
    elif LOGINS[role]:
        sign_in(page, LOGINS[role])


def pages_for(role: str, ground: Ground) -> Iterator[str]:
    """Each address that shows the role a page of ours."""
    if role == "graduate":
        own = {**ground.objects, "claim": ground.objects["own_claim"]}
        yield from ("/", *(fill(route, own) for route in shown_to("learner") if route.endswith(OF_GRADUATE)))
        return
    for route in shown_to(role):
        if role != "learner" or not route.endswith(OF_GRADUATE):
            yield fill(route, ground.objects)
    yield from MORE[role]
    if role == "learner":
        yield f"/kiem-tra/buoi/cho/{ground.objects['seat']}/"


def shown_to(role: str) -> list[str]:
    return [
        route
        for route, row in ANSWERS.items()
        if row.get[role] == 200
        and route not in NOT_OURS
        and not route.startswith(NO_PAGES)
        and not route.endswith(FILES)
    ]


def fill(route: str, objects: dict[str, str]) -> str:
    at = ANSWERS[route].at
    return "/" + re.sub(
        r"<\w+:(\w+)>", lambda found: objects[at.get(found[1], USUAL.get(found[1], found[1]))], route
    )
