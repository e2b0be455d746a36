from django.urls import path

from hocvuso.places import views

app_name = "places"
urlpatterns = [
    path("", views.place_search, name="place_search"),
    path("chon", views.place_choose, name="place_choose"),
    path("quen", views.place_forget, name="place_forget"),
    path("danh-sach", views.place_list, name="place_list"),
    path("danh-sach/<str:code>", views.place_list, name="place_list"),
    path("nhap-thon/<str:code>", views.village_import, name="village_import"),
]
