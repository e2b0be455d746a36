"""Short addresses: they stand on paper and in QR codes, and must hold for as long as the paper does."""

from django.urls import path

from hocvuso.recognition import verify_views as views

app_name = "verify"
urlpatterns = [
    path("", views.code_verify, name="code_verify"),
    path("khoa.json", views.key_list, name="key_list"),
    path("<str:code>.json", views.certificate_credential, name="certificate_credential"),
    path("<str:code>.jwt", views.certificate_token, name="certificate_token"),
    path("<str:code>", views.certificate_verify, name="certificate_verify"),
]
