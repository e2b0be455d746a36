from django.urls import path

from hocvuso.base import views

app_name = "base"
urlpatterns = [
    path("cach-doc", views.profile_update, name="profile_update"),
    path("kieu-dang", views.style, name="style"),
    path("tro-giup", views.help_page, name="help_page"),
    path("gioi-thieu", views.about, name="about"),
    path("giay-phep", views.licence, name="licence"),
]
