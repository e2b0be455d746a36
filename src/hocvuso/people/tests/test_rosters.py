import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from hocvuso.people.actions.cards import Opening, open_card
from hocvuso.people.codes import ALPHABET
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import Person
from hocvuso.people.models.rosters import Roster, RosterRow
from hocvuso.people.roster_lines import Line
from hocvuso.people.tests.lists import make_ward_list, make_workbook
from hocvuso.people.tests.make import make_helper, make_officer, make_person, make_role
from hocvuso.people.tests.pages import sound, text
from hocvuso.places.tests.make import make_place
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db
PAGE = "/danh-sach-lop"


@pytest.fixture
def ward():
    ward = make_place("Phường Cao Xanh", code="90950")
    for name in ("Tổ dân phố 1", "Tổ dân phố 2"):
        make_place(name, "village", ward)
    return ward


@pytest.fixture
def helper(ward):
    return make_helper(ward, phone="+84987000111")


@pytest.fixture
def client(helper):
    client = Client()
    client.force_login(helper)
    return client


def send(client: Client, place, data: bytes, name: str = "lop.xlsx"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data), "place": place.pk})


def rows_of(roster: Roster) -> dict[int, RosterRow]:
    return {row.number: row for row in roster.rows.all()}


def read(client, ward, data: bytes | None = None) -> Roster:
    response = send(client, ward, data or make_ward_list())
    assert response.status_code == 302, response.context["form"].errors
    return Roster.objects.get()


def corrected(row: RosterRow, **changes: str) -> dict[str, str]:
    fields = {
        "number": str(row.number),
        "name": row.values["name"],
        "birth": Line(row).birth(),
        "choice": row.choice,
    }
    return {f"r{row.number}-{name}": value for name, value in (fields | changes).items()}


# -- reading


def test_the_wards_list_is_laid_down(client, ward):
    roster = read(client, ward)

    rows = rows_of(roster)
    assert {number: row.choice for number, row in rows.items()} == {
        6: "add", 7: "add", 8: "add", 10: "skip", 11: "add", 12: "add", 13: "add", 14: "add"
    }  # fmt: skip
    assert [number for number, row in rows.items() if row.is_blocked()] == [12, 13]
    villages = {place.pk: place.name for place in ward.children.all()} | {ward.pk: ward.name}
    assert [villages[row.values["place"]] for row in rows.values()][:6] == [
        "Tổ dân phố 1", "Tổ dân phố 1", "Tổ dân phố 2", "Tổ dân phố 1", "Tổ dân phố 2", "Phường Cao Xanh"
    ]  # fmt: skip
    assert [p["code"] for p in rows[12].problems if p["field"] == "village"] == ["village_unknown"]
    assert Person.objects.learners().count() == 0


@pytest.mark.parametrize("page", ["", "?xem=can-xem", "?sua=7", "?page=99"])
def test_the_preview_is_sound(client, ward, page):
    roster = read(client, ward)

    sound(client.get(f"{PAGE}/{roster.pk}{page}"))


def test_lists_come_in_pages_of_50_without_more_queries(
    client, ward, django_assert_num_queries, django_assert_max_num_queries
):
    rows = [["Họ và tên", "Năm sinh", "Tổ"], *([f"Nguyễn Văn A{n}", 1950 + n % 40, "1"] for n in range(120))]
    small = read(client, ward, make_workbook(*rows[:3]))
    with django_assert_max_num_queries(25) as few:
        client.get(f"{PAGE}/{small.pk}")
    count = len(few)
    small.delete()
    roster = read(client, ward, make_workbook(*rows))

    with django_assert_num_queries(count):
        response = client.get(f"{PAGE}/{roster.pk}")

    assert (len(response.context["lines"]), response.context["page_obj"].paginator.num_pages) == (50, 3)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "rong.xlsx"),
        (b"%PDF-1.7 \x00\x01", "bao-cao.pdf"),
        (b"x" * (5 * 1024 * 1024 + 1), "to.csv"),
        ("Tháng;Số lượng\n1;20\n".encode(), "so-lieu.csv"),
        (("Họ và tên\n" + "".join(f"Nguyễn Văn A{n}\n" for n in range(5001))).encode(), "dai.csv"),
    ],
)
def test_what_is_no_list_is_refused_at_the_field(client, ward, data, name):
    response = send(client, ward, data, name)

    sound(response)
    assert list(response.context["form"].errors) == ["file"]
    assert Roster.objects.count() == 0


def test_without_a_heading_the_reader_sees_what_was_read(client, ward):
    response = send(client, ward, "Tháng;Số lượng\n1;20\n".encode(), "so-lieu.csv")

    assert "Số lượng" in text(sound(response))


def test_a_list_for_a_place_of_others_is_refused(client, ward):
    response = send(client, make_place(), make_ward_list())

    assert list(response.context["form"].errors) == ["place"]


def test_people_already_there_are_recognised(client, ward, helper):
    village = ward.children.get(name="Tổ dân phố 1")
    hoa = make_person("Nguyễn Thị Hòa", place=village, birth_year=1958)
    binh = make_person("Trần Văn Bình", place=ward, birth_year=1930, phone="+84987654321")
    make_person("Lê Thị Cúc", place=ward, birth_year=None)
    make_person("Người Nơi Khác", place=make_place(), phone="+84912000111")
    data = make_workbook(
        ["Họ và tên", "Năm sinh", "SĐT", "Tổ"],
        ["Nguyễn Thị Hoà", "1958", "", "1"],
        ["Trần Văn Bình", "1931", "0987654321", "2"],
        ["Lê Thị Cúc", "1962", "0912000111", "2"],
    )

    rows = rows_of(read(client, ward, data))

    assert (rows[2].choice, rows[2].person) == ("same", hoa)
    assert rows[3].choice == "add"
    assert [p["code"] for p in rows[3].problems] == ["phone_taken"]
    assert binh != rows[3].person
    assert [p["code"] for p in rows[4].problems] == ["maybe_known", "phone_taken"]
    words = text(sound(client.get(f"{PAGE}/{Roster.objects.get().pk}")))
    assert "Người Nơi Khác" not in words


# -- correcting


def test_a_row_is_corrected_by_hand(client, ward):
    roster = read(client, ward)
    row = rows_of(roster)[12]

    client.post(
        f"{PAGE}/{roster.pk}", corrected(row, birth="12/3/1970", phone="0912 999 888", village="Tổ dân phố 2")
    )

    row.refresh_from_db()
    assert (row.values["birth_on"], row.values["phone"], row.problems) == ("1970-03-12", "+84912999888", [])


def test_a_correction_that_is_none_is_told_again(client, ward):
    roster = read(client, ward)
    row = rows_of(roster)[13]

    client.post(f"{PAGE}/{roster.pk}", corrected(row, name="", birth="hôm qua"))

    row.refresh_from_db()
    assert {p["code"] for p in row.problems} == {"name_missing", "birth_unreadable"}
    sound(client.get(f"{PAGE}/{roster.pk}"))


def test_a_row_without_problem_is_corrected_when_asked(client, ward):
    roster = read(client, ward)
    row = rows_of(roster)[7]

    client.post(f"{PAGE}/{roster.pk}?sua=7", corrected(row, name="Trần Văn Bính", sex="Nam"))

    row.refresh_from_db()
    assert row.values["name"] == "Trần Văn Bính"


def test_a_correction_may_undo_a_repeat(client, ward):
    roster = read(client, ward)
    row = rows_of(roster)[10]

    client.post(f"{PAGE}/{roster.pk}", corrected(row, birth="1985", phone="", choice="add"))

    row.refresh_from_db()
    assert (row.choice, row.problems) == ("add", [])


def test_rows_that_cannot_be_added_are_left_out_at_once(client, ward):
    roster = read(client, ward)

    client.post(f"{PAGE}/{roster.pk}/bo-dong-loi")

    assert [row.choice for row in roster.rows.filter(number__in=(12, 13))] == ["skip", "skip"]


# -- taking in


def take_in(client: Client, roster: Roster, **changes: str):
    return client.post(f"{PAGE}/{roster.pk}/nhap", {"learning": "on", "how": "spoken"} | changes)


def test_rows_to_mend_come_first(client, ward):
    roster = read(client, ward)

    response = take_in(client, roster)

    assert response["Location"].endswith("?xem=can-xem")
    assert Person.objects.learners().count() == 0


def test_the_list_is_taken_in_once(client, ward, helper):
    roster = read(client, ward)
    client.post(f"{PAGE}/{roster.pk}/bo-dong-loi")
    sound(client.get(f"{PAGE}/{roster.pk}/nhap"))

    first, second = take_in(client, roster), take_in(client, roster)

    assert first["Location"] == second["Location"] == f"{PAGE}/{roster.pk}/the"
    people = Person.objects.learners().order_by("full_name")
    assert [(p.full_name, p.birth_year, p.phone) for p in people] == [
        ("Lê Thị Cúc", 1962, "+84912000111"),
        ("Nguyễn Thị Hoa", 1958, "+84912345678"),
        ("Phạm Thị Lệ Thủy", 1990, None),
        ("Trần Văn Bình", 1958, "+84987654321"),
        ("Tống Văn Bảy", 1958, None),
    ]
    hoa, binh = people.get(full_name="Nguyễn Thị Hoa"), people.get(full_name="Trần Văn Bình")
    assert hoa.household == binh.household
    assert hoa.household.number == "12"
    records = Record.objects.filter(verb="registered")
    assert {(r.source, r.entered_by) for r in records} == {("import", helper)}
    assert (
        records.count()
        == Consent.objects.filter(purpose="learning", how="spoken", noted_by=helper).count()
        == 5
    )


def test_nobody_is_taken_in_without_consent(client, ward):
    roster = read(client, ward)
    client.post(f"{PAGE}/{roster.pk}/bo-dong-loi")

    for missing in ({"learning": ""}, {"how": ""}):
        sound(take_in(client, roster, **missing))

    assert Person.objects.learners().count() == 0


def test_after_taking_in_the_draft_holds_nobodys_data(client, ward):
    data = make_workbook(["Họ và tên", "Năm sinh", "CCCD"], ["Nguyễn Thị Hoa", "1958", "001058012345"])
    roster = read(client, ward, data)
    draft = str(list(RosterRow.objects.values()))
    take_in(client, roster)

    kept = str(list(RosterRow.objects.values())) + str(list(Roster.objects.values()))
    assert "001058012345" not in draft
    assert "Hoa" not in kept
    assert Person.objects.get(full_name="Nguyễn Thị Hoa").id_number_hash


def test_a_list_thrown_away_adds_nobody_and_holds_nothing(client, ward):
    roster = read(client, ward)

    client.post(f"{PAGE}/{roster.pk}/bo")

    assert RosterRow.objects.count() == 0
    assert take_in(client, roster).status_code == 404


def test_lists_of_others_are_not_found(client, ward):
    roster = read(client, ward)
    for who in (make_helper(ward), make_officer(ward), make_person(place=ward)):
        other = Client()
        other.force_login(who)
        gets = [other.get(f"{PAGE}/{roster.pk}{page}").status_code for page in ("", "/nhap", "/the")]
        posts = [
            other.post(f"{PAGE}/{roster.pk}{page}").status_code
            for page in ("", "/bo", "/bo-dong-loi", "/nhap", "/the")
        ]
        assert {*gets, *posts} == {404}


def test_a_list_outlives_no_role(client, ward, helper):
    roster = read(client, ward)
    helper.roles.update(until="2026-01-01")

    assert client.get(f"{PAGE}/{roster.pk}").status_code == 404


# -- cards


def committed(client: Client, ward) -> Roster:
    roster = read(client, ward)
    client.post(f"{PAGE}/{roster.pk}/bo-dong-loi")
    take_in(client, roster)
    return roster


def test_the_sheet_bears_everybodys_card_and_the_cards_open(client, ward):
    roster = committed(client, ward)
    sound(client.get(f"{PAGE}/{roster.pk}/the"))

    response = client.post(
        f"{PAGE}/{roster.pk}/the", {"contact": "Tổ công nghệ số", "which": "new", "part": "1"}
    )

    lines = "\n".join(
        page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages
    ).splitlines()
    tight = [line.replace(" ", "") for line in lines]
    found = [line for line in tight if re.fullmatch(f"[{ALPHABET}]{{10}}", line)]
    pins = [line for line in tight if re.fullmatch(r"\d{4}", line)]
    assert (len(found), len(pins)) == (5, 5)
    assert {"Nguyễn Thị Hoa", "Phạm Thị Lệ Thủy"} <= set(lines)
    assert [open_card(code, pin).outcome for code, pin in zip(found, pins, strict=True)] == [
        Opening.OPENED
    ] * 5


def test_a_second_print_is_for_those_without_a_card(client, ward):
    roster = committed(client, ward)
    answers = {"contact": "Tổ công nghệ số", "which": "new", "part": "1"}
    client.post(f"{PAGE}/{roster.pk}/the", answers)

    again = client.post(f"{PAGE}/{roster.pk}/the", answers)
    sound(again)
    assert list(again.context["form"].errors) == ["which"]

    everybody = client.post(f"{PAGE}/{roster.pk}/the", answers | {"which": "all"})
    assert everybody.content.startswith(b"%PDF")


def test_a_list_is_closed_to_whoever_helps_elsewhere_now(client, ward, helper):
    roster = read(client, ward)
    helper.roles.update(until=timezone.localdate())
    make_role(helper, "helper", make_place())

    answers = {client.get(f"{PAGE}/{roster.pk}").status_code, take_in(client, roster).status_code}

    assert answers == {404}
    assert not Person.objects.filter(folded_name="nguyen thi hoa").exists()


def test_drafts_that_nobody_finished_go_whoever_brought_them(client, ward):
    old = Roster.objects.create(place=ward, by=make_helper(ward), file_name="cu.xlsx")
    Roster.objects.update(created_at=timezone.now() - timedelta(days=31))

    read_again = send(client, ward, make_ward_list())

    assert read_again.status_code == 302
    assert not Roster.objects.filter(pk=old.pk).exists()
