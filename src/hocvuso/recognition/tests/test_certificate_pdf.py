import io

import pytest
import segno
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader

from hocvuso.people.models.consents import AccessLog
from hocvuso.people.tests.make import make_helper, make_officer, make_person
from hocvuso.places.tests.make import make_country_tree, make_place
from hocvuso.recognition.actions import revoke_certificate
from hocvuso.recognition.document import describe_certificate, draw_certificate, draw_qr, verify_url
from hocvuso.recognition.tests.make import make_certificate, make_criteria_set

pytestmark = pytest.mark.django_db
LONG = "Nguyễn Phúc Tôn Nữ Công Tằng Huyền Trân Thị Bích Ngọc Như Ý Tường Vi Hoàng Thiên Kim"


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(read(pdf).pages[0].extract_text().split())


def fetch(client, certificate, viewer=None):
    client.force_login(viewer or certificate.person)
    return client.get(reverse("recognition:certificate_pdf", args=[certificate.pk]))


def test_paper_says_who_what_where_when_and_how_to_check() -> None:
    place = make_country_tree().village_one
    rules = make_criteria_set(title="Hoàn thành phổ cập", version="2026.1")
    certificate = make_certificate(make_person("Nguyễn Thị Hoa", place=place), rules)
    day = timezone.localdate(certificate.issued_at)

    with override("vi"):
        text = text_of(draw_certificate(certificate))

    for shown in ("Nguyễn Thị Hoa", "Hoàn thành phổ cập", "Khung citizen", certificate.spelled):
        assert shown in text
    assert "GIẤY XÁC NHẬN" in text
    assert "Xã Thọ Xuân, Tỉnh Thanh Hóa" in text
    assert f"ngày {day.day} tháng {day.month} năm {day.year}" in text
    assert "1958" not in text
    assert "Bản mẫu" not in text


def test_paper_is_in_vietnamese_whatever_the_reader_s_language() -> None:
    certificate = make_certificate(make_person())

    with override("en"):
        assert "GIẤY XÁC NHẬN" in text_of(draw_certificate(certificate))


def test_pdf_is_tagged_titled_and_the_same_twice() -> None:
    certificate = make_certificate(make_person())

    pdf = draw_certificate(certificate)
    root = read(pdf).trailer["/Root"]

    assert draw_certificate(certificate) == pdf
    assert read(pdf).metadata.title == f"Giấy xác nhận {certificate.spelled}"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("vi")
    assert len(read(pdf).pages) == 1


@pytest.mark.parametrize("name", [LONG, "Ng" * 60, "Ý", "Lê " * 39 + "Ba"])
def test_any_name_fits_on_one_page_whole(name: str) -> None:
    certificate = make_certificate(make_person(name))

    pdf = draw_certificate(certificate)

    assert len(read(pdf).pages) == 1
    assert name.split()[0] in text_of(pdf)
    assert text_of(pdf).replace(" ", "").count(name.replace(" ", "")) == 1


def test_long_title_stays_on_the_page() -> None:
    rules = make_criteria_set(title="Hoàn thành phổ cập kỹ năng số cơ bản " * 5, valid_months=24)

    assert len(read(draw_certificate(make_certificate(make_person(LONG, invented=True), rules))).pages) == 1


def test_qr_carries_the_address_to_check_at() -> None:
    certificate = make_certificate(make_person())
    url = verify_url(certificate)
    modules = segno.make(url, error="m", micro=False)

    assert url.endswith(f"/xac-minh/{certificate.code}")
    assert url.startswith("http")
    assert describe_certificate(certificate)["qr"] == draw_qr(url)
    assert f'viewBox="0 0 {modules.symbol_size(border=2)[0]}' in draw_qr(url)
    assert draw_qr(url) != draw_qr(url + "2")


def test_invented_person_s_paper_says_so() -> None:
    assert "Bản mẫu" in text_of(draw_certificate(make_certificate(make_person(invented=True))))


def test_local_rules_name_their_place() -> None:
    commune = make_place("Xã Mẫu Đơn")
    certificate = make_certificate(make_person(place=commune), make_criteria_set(place=commune))

    assert "của Xã Mẫu Đơn" in text_of(draw_certificate(certificate))


def test_holder_gets_the_paper_and_no_cache_keeps_it(client) -> None:
    certificate = make_certificate(make_person())

    response = fetch(client, certificate)

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert response["Cache-Control"] == "private, no-store"
    assert certificate.spelled in response["Content-Disposition"]
    assert not AccessLog.objects.exists()


def test_helper_and_officer_of_the_place_get_it_and_the_look_is_noted(client) -> None:
    certificate = make_certificate(make_person())
    commune = certificate.person.place

    for viewer in (make_helper(commune), make_officer(commune)):
        assert fetch(client, certificate, viewer).status_code == 200

    assert set(AccessLog.objects.values_list("what", "subject")) == {
        ("certificate_pdf", certificate.person_id)
    }
    assert AccessLog.objects.count() == 2


def test_others_find_nothing(client) -> None:
    certificate = make_certificate(make_person())
    commune = certificate.person.place
    others = [make_person(place=commune), make_helper(make_place("Xã Khác")), make_officer(commune.parent)]

    for viewer in others:
        assert fetch(client, certificate, viewer).status_code == 404
    client.logout()
    answer = client.get(reverse("recognition:certificate_pdf", args=[certificate.pk]))

    assert answer.status_code == 302
    assert not AccessLog.objects.exists()


def test_withdrawn_certificate_is_printed_no_more(client) -> None:
    certificate = make_certificate(make_person())
    revoke_certificate(certificate, by=make_officer(certificate.person.place), reason="Cấp nhầm.")

    assert fetch(client, certificate).status_code == 404
