"""The helpers of a commune, named by its officer."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hocvuso.people.actions import grant_role, log_look, revoke_role, set_first_password
from hocvuso.people.forms.roles import RoleGrantForm
from hocvuso.people.models.persons import Person, Role
from hocvuso.people.queries import communes_of_officer, roles_below
from hocvuso.people.requests import SignedInRequest

NAMED = (Role.Kind.HELPER, Role.Kind.REVIEWER)


def roles_of_officer(officer: Person) -> "list[Role]":
    """404 for whoever is no commune's officer."""
    communes = communes_of_officer(officer)
    if not communes:
        raise Http404
    return roles_below(communes)


@never_cache
@require_http_methods(["GET", "POST"])
def role_list(request: SignedInRequest) -> HttpResponse:
    roles = roles_of_officer(request.user)
    form = RoleGrantForm(request.POST or None, officer=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        grant_role(given["person"], kind=given["kind"], place=given["place"], by=request.user)
        messages.success(request, _("Noted."))
        return redirect("people:role_list")
    log_look(request.user, what="role_list", count=len(roles))
    return render(request, "people/role_list.html", {"form": form, "roles": roles, "page_wide": True})


def helper_role(officer: Person, pk: int) -> Role:
    return get_object_or_404(
        Role, pk__in=[role.pk for role in roles_of_officer(officer)], pk=pk, kind__in=NAMED
    )


@require_POST
def role_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    revoke_role(helper_role(request.user, pk), by=request.user)
    messages.success(request, _("Noted."))
    return redirect("people:role_list")


@never_cache
@require_POST
def role_password(request: SignedInRequest, pk: int) -> HttpResponse:
    """A first or forgotten password, shown on this one page."""
    role = helper_role(request.user, pk)
    within_reach = {role.pk for role in roles_of_officer(request.user) if role.kind in NAMED}
    if not within_reach.issuperset(role.person.roles.in_force().values_list("pk", flat=True)):
        raise Http404  # a password would hand over rights that are not this officer's to give
    password = set_first_password(role.person, by=request.user)
    return render(request, "people/role_password.html", {"person": role.person, "password": password})
