from django.urls import path

from hocvuso.home import views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("thu/doi-vai", views.demo_switch, name="demo_switch"),
]
