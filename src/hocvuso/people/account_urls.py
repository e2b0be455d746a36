"""Names that allauth looks for; its own password pages stay shut."""

from allauth.account.views import reauthenticate
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path(
        "dang-nhap",
        login_not_required(RedirectView.as_view(pattern_name="people:sign_in")),
        name="account_login",
    ),
    path("nhap-lai", reauthenticate, name="account_reauthenticate"),
    path("ngoai/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
