from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from hocvuso.base.forms import ProfileUpdateForm
from hocvuso.base.icons import ICONS
from hocvuso.base.origin import same_origin
from hocvuso.base.profile import Profile, keep_on_device, profile_of
from hocvuso.base.samples import SCREENS, TABLE, SampleForm


@login_not_required
@require_POST
@same_origin
def profile_update(request: HttpRequest) -> HttpResponse:
    form = ProfileUpdateForm(request.POST)
    profile = form.change(profile_of(request))
    if request.user.is_authenticated:
        request.user.keep_profile(profile.cookie())
    asked_by_script = request.headers.get("X-Requested-With") == "fetch"
    response = (
        show_tools(request, profile)
        if asked_by_script
        else HttpResponseRedirect(form.page_to_return(request))
    )
    keep_on_device(response, profile)
    return response


def show_tools(request: HttpRequest, profile: Profile) -> HttpResponse:
    """The form with its new state, and the class the page's root now wears."""
    response = render(request, "base/page.html#tools", {"profile": profile})
    response["X-Profile-Class"] = profile.html_class
    return response


@login_not_required
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    pages = Paginator(range(1, 201), 20)
    context = {
        "icons": ICONS,
        "screens": SCREENS,
        "rows": TABLE,
        "form": SampleForm(),
        "wrong": SampleForm({"wrong-phone": "0912 34"}, prefix="wrong"),
        "page_obj": pages.get_page(request.GET.get("page", 3)),
    }
    return render(request, "base/style.html", context)


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "base/help_page.html")


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "base/about.html")


@login_not_required
@require_safe
def licence(request: HttpRequest) -> HttpResponse:
    return render(request, "base/licence.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_trouble("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_trouble("403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_trouble("404.html", 404)


def too_large(request: HttpRequest) -> HttpResponse:
    return show_trouble("413.html", 413)


def server_error(request: HttpRequest) -> HttpResponse:
    return show_trouble("500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return show_trouble("403_csrf.html", 403)


def show_trouble(template: str, status: int) -> HttpResponse:
    """Without the request: nothing that may itself be broken (database, session) is touched."""
    return HttpResponse(render_to_string(template), status=status)
