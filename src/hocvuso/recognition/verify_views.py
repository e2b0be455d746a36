"""What anyone may ask about a certificate: is it good, for whom, by which rules. Public, and cheap."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hocvuso.people.limits import FIRST_WAIT, Limit, address_of
from hocvuso.recognition.credential import describe_credential, public_keys, sign_credential, signing_key
from hocvuso.recognition.engine.code import clean, is_well_formed
from hocvuso.recognition.forms import CodeVerifyForm
from hocvuso.recognition.models import Certificate
from hocvuso.recognition.queries import places_of

View = Callable[..., HttpResponse]
# A slip of the finger is no guess: only well-formed codes that do not exist count.
GUESSES = Limit("verify", free=20, longest=FIRST_WAIT)


def public(view: View) -> View:
    """Open to all; never kept by a cache, since a withdrawal must show at once; never indexed."""

    @login_not_required
    @require_safe
    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


class Unanswered(Exception):
    """Why there is no certificate to show: mistyped, unknown, wait."""

    STATUS = {"mistyped": 404, "unknown": 404, "wait": 429}

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.status = self.STATUS[why]

    def mark(self, response: HttpResponse) -> HttpResponse:
        response.status_code = self.status
        if self.why == "wait":
            response["Retry-After"] = str(int(FIRST_WAIT.total_seconds()))
        return response


def look_up(request: HttpRequest, typed: str) -> Certificate:
    code = clean(typed)
    if not is_well_formed(code):
        raise Unanswered("mistyped")
    address = address_of(request)
    if GUESSES.minutes_left(address):
        raise Unanswered("wait")
    found = Certificate.objects.public().filter(code=code).first()
    if found is None:
        GUESSES.note_wrong(address)
        raise Unanswered("unknown")
    return found


@public
def code_verify(request: HttpRequest) -> HttpResponse:
    """A form to type a code into; the answer is the certificate's own page."""
    form = CodeVerifyForm(request.GET or None)
    if form.is_bound and form.is_valid():
        return redirect("verify:certificate_verify", code=form.cleaned_data["ma"])
    return render(request, "recognition/code_verify.html", {"form": form})


@public
def certificate_verify(request: HttpRequest, code: str) -> HttpResponse:
    try:
        found = look_up(request, code)
    except Unanswered as reason:
        context = {"form": CodeVerifyForm({"ma": code}), "why": reason.why}
        return reason.mark(render(request, "recognition/code_verify.html", context))
    context = {
        "certificate": found,
        "rules": found.criteria_set,
        "state": found.state(),
        "places": places_of(found),
        "signed": signing_key() is not None,
    }
    return render(request, "recognition/certificate_verify.html", context)


@public
def certificate_credential(request: HttpRequest, code: str) -> HttpResponse:
    try:
        found = look_up(request, code)
    except Unanswered as reason:
        return reason.mark(JsonResponse({"state": reason.why}))
    if found.revoked_at is not None:
        return JsonResponse({"state": "revoked", "revoked_at": found.revoked_at}, status=410)
    response = JsonResponse(describe_credential(found), json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/ld+json"
    return response


@public
def certificate_token(request: HttpRequest, code: str) -> HttpResponse:
    """The signed credential, where the operator has set a key."""
    key = signing_key()
    if key is None:
        raise Http404
    try:
        found = look_up(request, code)
    except Unanswered as reason:
        return reason.mark(HttpResponse(reason.why, content_type="text/plain; charset=utf-8"))
    if found.revoked_at is not None:
        return HttpResponse("revoked", status=410, content_type="text/plain; charset=utf-8")
    return HttpResponse(sign_credential(found, key), content_type="application/vc+jwt")


@public
def key_list(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(public_keys())
    response["Content-Type"] = "application/jwk-set+json"
    return response
