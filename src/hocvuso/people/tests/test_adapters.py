"""The second factor and identity providers, as allauth leads them."""

import time

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.cache import cache
from django.test import Client, RequestFactory, override_settings

from hocvuso.people.models.persons import Person
from hocvuso.people.sessions import SessionStore
from hocvuso.people.tests.make import make_person
from hocvuso.people.tests.pages import sound

pytestmark = pytest.mark.django_db
SECRET = "mot hai ba bon"


@pytest.fixture(autouse=True)
def forget_tries():
    cache.clear()


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_turning_the_second_factor_on_asks_for_the_password_first():
    person = make_person(username="huongdan", password=SECRET)
    client = signed_in(person)
    sound(client.get("/tai-khoan/hai-lop/"))

    asked = client.get("/tai-khoan/hai-lop/totp/activate/")
    sound(client.get(asked["Location"]))
    sound(client.post(asked["Location"], {"password": "sai"}))
    client.post(asked["Location"], {"password": SECRET, "next": "/tai-khoan/hai-lop/totp/activate/"})
    page = client.get("/tai-khoan/hai-lop/totp/activate/")
    sound(page)
    sound(client.post("/tai-khoan/hai-lop/totp/activate/", {"code": "000000"}))
    client.post("/tai-khoan/hai-lop/totp/activate/", {"code": code_of(page.context["form"].secret)})

    assert Authenticator.objects.filter(user=person, type="totp").exists()
    for part in ("", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/"):
        sound(client.get(f"/tai-khoan/hai-lop/{part}"))


def test_with_the_second_factor_a_password_alone_opens_nothing(client):
    person = make_person(username="huongdan", password=SECRET)
    secret = generate_totp_secret()
    TOTP.activate(person, secret)

    asked = client.post(
        "/dang-nhap", {"name": "huongdan", "password": SECRET, "next": "/hoc/", "remember": "on"}
    )
    assert client.session.get("_auth_user_id") is None
    sound(client.get(asked["Location"]))
    sound(client.post(asked["Location"], {"code": "000000"}))
    assert client.session.get("_auth_user_id") is None

    done = client.post(asked["Location"], {"code": code_of(secret)})
    assert done["Location"] == "/hoc/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert client.session["device"]
    assert client.cookies["hvs_session"]["max-age"]


def test_the_key_of_the_second_factor_is_kept_encrypted():
    secret = generate_totp_secret()

    TOTP.activate(make_person(password=SECRET), secret)

    assert secret not in str(Authenticator.objects.get().data)


def test_codes_are_guessed_a_few_times_only(client):
    person = make_person(username="huongdan", password=SECRET)
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    asked = client.post("/dang-nhap", {"name": "huongdan", "password": SECRET})
    for _ in range(10):
        client.post(asked["Location"], {"code": "000000"})

    client.post(asked["Location"], {"code": code_of(secret)})

    assert client.session.get("_auth_user_id") is None


def test_allauths_own_password_door_is_shut(client):
    assert client.get("/tai-khoan/dang-nhap")["Location"] == "/dang-nhap"
    assert client.get("/accounts/login/").status_code == 404
    assert client.get("/accounts/signup/").status_code == 404


# -- identity providers

PROVIDER = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "vneid",
                "name": "VNeID",
                "client_id": "hocvuso",
                "secret": "x",
                "settings": {"server_url": "https://id.example"},
            }
        ]
    }
}


def arrive(subject: str, user: Person | None = None, **claims: str) -> Person:
    """What happens when the provider has vouched for `subject`."""
    request = RequestFactory().get("/", headers={"user-agent": "Firefox Linux"})
    request.session = SessionStore()
    request.user = user or AnonymousUser()
    request._messages = FallbackStorage(request)
    with context.request_context(request):
        account = SocialAccount(provider="vneid", uid=subject, extra_data=claims)
        login = SocialLogin(user=Person(), account=account)
        login.state = {"process": "connect"} if user else {}
        get_adapter().populate_user(request, login, claims)
        complete_social_login(request, login)
    return Person.objects.get(pk=request.session["_auth_user_id"]) if user is None else user


@override_settings(SOCIALACCOUNT_PROVIDERS=PROVIDER)
def test_somebody_new_comes_in_without_a_place_and_is_no_learner_yet():
    person = arrive("sub-1", name="Nguyễn Thị  Hoa")

    assert (person.full_name, person.place, person.registered_at) == ("Nguyễn Thị Hoa", None, None)
    assert not person.has_usable_password()


@override_settings(SOCIALACCOUNT_PROVIDERS=PROVIDER)
def test_the_same_subject_is_the_same_person():
    assert arrive("sub-1", name="Hoa").pk == arrive("sub-1", name="Tên khác").pk
    assert Person.objects.count() == 1


@override_settings(SOCIALACCOUNT_PROVIDERS=PROVIDER)
def test_a_claimed_phone_or_mail_takes_over_nobody():
    known = make_person("Nguyễn Thị Hoa", phone="+84912345678", email="hoa@example.vn")

    person = arrive(
        "sub-2", name="Kẻ lạ", email="hoa@example.vn", phone_number="+84912345678", email_verified="true"
    )

    assert person != known
    assert not SocialAccount.objects.filter(user=known).exists()


@override_settings(SOCIALACCOUNT_PROVIDERS=PROVIDER)
def test_somebody_known_links_the_account_and_comes_back():
    known = make_person("Nguyễn Thị Hoa")

    arrive("sub-3", user=known)

    assert arrive("sub-3") == known


@override_settings(SOCIALACCOUNT_PROVIDERS=PROVIDER)
def test_the_third_door_stands_only_where_it_is_configured(client):
    response = client.get("/dang-nhap")

    sound(response)
    assert b"VNeID" in response.content
    assert "form-action 'self' https://id.example" in response["Content-Security-Policy"]


def test_without_a_provider_there_is_no_third_door(client):
    assert b"VNeID" not in client.get("/dang-nhap").content


def test_an_inactive_person_is_led_back(client):
    make_person(username="huongdan", password=SECRET, is_active=False)

    sound(client.post("/dang-nhap", {"name": "huongdan", "password": SECRET}))
    assert client.session.get("_auth_user_id") is None
