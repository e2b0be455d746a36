import json
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet, OKPKey

from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_officer, make_person
from hocvuso.places.actions import begin_version
from hocvuso.places.models import Place
from hocvuso.places.tests.make import make_country_tree
from hocvuso.recognition.actions import revoke_certificate, share_name
from hocvuso.recognition.checks import check_badge_key
from hocvuso.recognition.engine.code import new_code
from hocvuso.recognition.models import Certificate
from hocvuso.recognition.queries import places_of
from hocvuso.recognition.tests.make import make_certificate, make_criteria_set

pytestmark = pytest.mark.django_db
SECRETS = ("Nguyễn Thị Hoa", "1958", "0912345678", "+84912345678")


@pytest.fixture(autouse=True)
def _no_guesses_yet():
    cache.clear()


@pytest.fixture
def certificate() -> Certificate:
    tree = make_country_tree()
    holder = make_person(
        "Nguyễn Thị Hoa", place=tree.village_one, phone="+84912345678", birth_on=date(1958, 1, 1)
    )
    rules = make_criteria_set(title="Hoàn thành phổ cập", version="2026.1", valid_months=24)
    return make_certificate(holder, rules)


def page(client, code: str, suffix: str = ""):
    return client.get(f"/xac-minh/{code}{suffix}")


def test_valid_certificate_says_for_whom_by_what_since_when(client, certificate) -> None:
    response = page(client, certificate.code)
    html = response.content.decode()

    assert response.status_code == 200
    assert response.context["state"] == "valid"
    for shown in ("N. T. H.", "Hoàn thành phổ cập", "Khung citizen", "2026.1", certificate.spelled):
        assert shown in html
    assert "Xã Thọ Xuân, Tỉnh Thanh Hóa" in html
    assert not [secret for secret in SECRETS if secret in html]
    assert str(certificate.person_id) not in html


def test_full_name_is_shown_once_the_holder_says_so(client, certificate) -> None:
    share_name(certificate, True, by=certificate.person)

    assert "Nguyễn Thị Hoa" in page(client, certificate.code).content.decode()


def test_withdrawn_certificate_says_when_but_not_why(client, certificate) -> None:
    officer = make_officer(Place.objects.get(code="15499"))
    revoke_certificate(certificate, by=officer, reason="Người khác làm bài thay.")

    response = page(client, certificate.code)
    html = response.content.decode()

    assert (response.status_code, response.context["state"]) == (200, "revoked")
    assert "làm bài thay" not in html
    assert "Lê Thị Cán" not in html
    assert f"{timezone.localdate():%-d/%-m/%Y}" in html


def test_expired_certificate_says_so_from_the_day_after(client, certificate) -> None:
    today = timezone.localdate()
    Certificate.objects.update(valid_until=today)
    last_day = page(client, certificate.code).context["state"]
    Certificate.objects.update(valid_until=today - timedelta(days=1))

    assert last_day == "valid"
    assert page(client, certificate.code).context["state"] == "expired"


def test_mistyped_code_is_told_from_an_unknown_one(client, certificate) -> None:
    wrong = ("2" if certificate.code[0] != "2" else "3") + certificate.code[1:]
    mistyped = page(client, wrong)
    unknown = page(client, "222222222222")

    assert (mistyped.status_code, mistyped.context["why"]) == (404, "mistyped")
    assert "Mã này gõ chưa đúng" in mistyped.content.decode()
    assert (unknown.status_code, unknown.context["why"]) == (404, "unknown")


@pytest.mark.parametrize(
    "code", ["x", "0" * 500, "%22%3E%3Cscript%3E", "K7PM 4XQH", "ă" * 12, "khoa.json.json"]
)
def test_any_odd_code_is_mistyped(client, code) -> None:
    response = page(client, code)

    assert response.status_code == 404
    assert "<script>" not in response.content.decode()


def test_code_may_be_typed_as_printed_or_in_small_letters(client, certificate) -> None:
    assert page(client, certificate.spelled.lower()).context["certificate"] == certificate

    response = client.get("/xac-minh/", {"ma": f" {certificate.spelled.lower()} "})
    assert response.url == f"/xac-minh/{certificate.code}"


def test_form_says_at_the_field_what_is_wrong(client) -> None:
    empty = client.get("/xac-minh/", {"ma": " "}).context["form"]
    wrong = client.get("/xac-minh/", {"ma": "K7PM-4XQH-2TVC"}).context["form"]
    long = client.get("/xac-minh/", {"ma": "K" * 500}).context["form"]

    assert list(empty.errors) == list(wrong.errors) == list(long.errors) == ["ma"]
    assert not client.get("/xac-minh/").context["form"].is_bound


def test_page_is_for_nobody_s_cache_and_no_search_engine(client, certificate) -> None:
    for path in (f"/xac-minh/{certificate.code}", "/xac-minh/", f"/xac-minh/{certificate.code}.json"):
        response = client.get(path)
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response["Cache-Control"]


def test_nothing_may_be_sent_to_it(client, certificate) -> None:
    assert client.post(f"/xac-minh/{certificate.code}").status_code == 405


def test_whoever_guesses_has_to_wait_others_do_not(client, certificate) -> None:
    for _ in range(20):
        assert page(client, new_code()).status_code == 404
    waiting = page(client, certificate.code)
    elsewhere = client.get(f"/xac-minh/{certificate.code}", REMOTE_ADDR="203.0.113.7")

    assert (waiting.status_code, waiting.context["why"]) == (429, "wait")
    assert waiting["Retry-After"] == "900"
    assert elsewhere.status_code == 200


def test_slips_of_the_finger_are_no_guesses(client, certificate) -> None:
    for _ in range(30):
        page(client, certificate.code[:-1])

    assert page(client, certificate.code).status_code == 200


def test_erased_person_s_certificate_is_unknown(client, certificate) -> None:
    Person.objects.update(erased_at=timezone.now())

    assert page(client, certificate.code).context["why"] == "unknown"
    assert page(client, certificate.code, ".json").json() == {"state": "unknown"}


def test_page_costs_few_queries(client, certificate, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(5):
        page(client, certificate.code)


def test_places_keep_the_names_of_the_day_of_issue(certificate) -> None:
    commune = Place.objects.get(code="15499")
    commune.name = "Phường Thọ Xuân"
    commune.save()
    begin_version(commune, on=timezone.localdate() + timedelta(days=1), decision="nghị quyết mẫu")

    assert places_of(certificate) == ["Xã Thọ Xuân", "Tỉnh Thanh Hóa"]


def test_places_younger_than_the_certificate_have_today_s_names(certificate) -> None:
    certificate.issued_at -= timedelta(days=3650)

    assert places_of(certificate) == ["Xã Thọ Xuân", "Tỉnh Thanh Hóa"]


def test_credential_says_no_more_than_the_page(client, certificate) -> None:
    response = page(client, certificate.code, ".json")
    credential = response.json()
    subject = credential["credentialSubject"]

    assert response["Content-Type"] == "application/ld+json"
    assert credential["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert credential["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert credential["id"].endswith(f"/xac-minh/{certificate.code}.json")
    assert credential["validUntil"] > credential["validFrom"]
    assert subject["identifier"][0]["identityHash"] == "N. T. H."
    assert subject["licenseNumber"] == certificate.spelled
    assert subject["achievement"]["name"] == "Hoàn thành phổ cập"
    assert subject["achievement"]["criteria"]["narrative"] == "- Làm đạt bài kiểm tra"
    assert not [secret for secret in SECRETS if secret in response.content.decode()]
    assert "proof" not in credential


def test_credential_of_a_withdrawn_certificate_is_gone(client, certificate, settings) -> None:
    settings.BADGE_KEY = private_key()
    revoke_certificate(certificate, by=make_officer(Place.objects.get(code="15499")), reason="Cấp nhầm.")

    assert page(client, certificate.code, ".json").status_code == 410
    assert page(client, certificate.code, ".json").json()["state"] == "revoked"
    assert page(client, certificate.code, ".jwt").status_code == 410


def private_key() -> str:
    return json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True))


def test_signed_credential_is_good_by_the_published_key_and_no_other(client, certificate, settings) -> None:
    settings.BADGE_KEY = private_key()

    response = page(client, certificate.code, ".jwt")
    published = client.get("/xac-minh/khoa.json").json()
    token = jwt.decode(response.content.decode(), KeySet.import_key_set(published), algorithms=["Ed25519"])
    plain = page(client, certificate.code, ".json").json()

    assert response["Content-Type"] == "application/vc+jwt"
    assert token.header == {"alg": "Ed25519", "typ": "JWT", "kid": published["keys"][0]["kid"]}
    assert {name: token.claims[name] for name in plain} == plain
    assert token.claims["iss"] == plain["issuer"]["id"]
    assert token.claims["jti"] == plain["id"]
    assert token.claims["nbf"] == int(certificate.issued_at.timestamp())
    assert "d" not in published["keys"][0]
    with pytest.raises(BadSignatureError):
        jwt.decode(response.content.decode(), OKPKey.generate_key("Ed25519"), algorithms=["Ed25519"])


def test_without_a_key_nothing_is_signed(client, certificate) -> None:
    assert page(client, certificate.code, ".jwt").status_code == 404
    assert client.get("/xac-minh/khoa.json").json() == {"keys": []}
    assert ".jwt" not in page(client, certificate.code).content.decode()


@pytest.mark.parametrize("code", ["222222222222", "x"])
def test_machines_are_told_why_there_is_nothing(client, code, settings) -> None:
    settings.BADGE_KEY = private_key()
    why = "unknown" if code != "x" else "mistyped"

    assert page(client, code, ".json").json() == {"state": why}
    assert page(client, code, ".jwt").content.decode() == why


def test_wrong_badge_key_is_explained(settings) -> None:
    settings.BADGE_KEY = private_key()
    good = check_badge_key(None)
    faults = []
    for wrong in ("no json", "[]", "{}", json.dumps({"kty": "OKP", "crv": "Ed25519", "x": "a", "d": "b"})):
        settings.BADGE_KEY = wrong
        faults += check_badge_key(None)
    public = OKPKey.generate_key("Ed25519").as_dict(private=False)
    settings.BADGE_KEY = json.dumps(public)

    assert good == []
    assert {fault.id for fault in faults + check_badge_key(None)} == {"hocvuso.E020"}
    assert len(faults) == 4


def test_paper_and_page_agree_on_the_address(certificate) -> None:
    assert reverse("verify:certificate_verify", args=[certificate.code]) == f"/xac-minh/{certificate.code}"
