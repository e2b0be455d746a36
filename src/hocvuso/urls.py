"""Every area of the site and the room that answers for it."""

from django.urls import include, path

from hocvuso.home import ops
from hocvuso.interop.urls import public_api

urlpatterns = [
    path("hoc/", include("hocvuso.learning.urls")),  # tried first: lessons are read most
    path("healthz", ops.healthz),
    path("readyz", ops.readyz),
    path("metrics", ops.metrics),
    path("api/", public_api),
    path("", include("hocvuso.home.urls")),
    path("", include("hocvuso.base.urls")),
    path("noi-o/", include("hocvuso.places.urls")),
    path("", include("hocvuso.people.urls")),
    path("kiem-tra/", include("hocvuso.assessment.urls")),
    path("xac-nhan/", include("hocvuso.recognition.urls")),
    path("xac-minh/", include("hocvuso.recognition.verify_urls")),
    path("so-lieu/", include("hocvuso.dashboards.urls")),
    path("tai-khoan/", include("hocvuso.people.account_urls")),
    path("tai-khoan/ngoai/", include("allauth.socialaccount.urls")),
    path("tai-khoan/hai-lop/", include("allauth.mfa.urls")),
]

handler400 = "hocvuso.base.views.bad_request"
handler403 = "hocvuso.base.views.forbidden"
handler404 = "hocvuso.base.views.not_found"
handler500 = "hocvuso.base.views.server_error"
