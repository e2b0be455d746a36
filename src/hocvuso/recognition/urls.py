from django.urls import path

from hocvuso.recognition import views

app_name = "recognition"
urlpatterns = [
    path("", views.claim_new, name="claim_new"),
    path("yeu-cau/<uuid:claim>/", views.claim_show, name="claim_show"),
    path("cho-duyet/", views.claim_list, name="claim_list"),
    path("cho-duyet/<uuid:claim>/", views.claim_decide, name="claim_decide"),
    path("giay/<uuid:certificate>/", views.certificate_show, name="certificate_show"),
    path("giay/<uuid:certificate>/giay.pdf", views.certificate_pdf, name="certificate_pdf"),
    path("giay/<uuid:certificate>/ten", views.certificate_share, name="certificate_share"),
    path("giay/<uuid:certificate>/thu-hoi", views.certificate_revoke, name="certificate_revoke"),
]
