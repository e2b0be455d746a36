from django.urls import path

from hocvuso.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.figure_start, name="figure_start"),
    path("<str:code>/", views.place_show, name="place_show"),
    path("<str:code>/ban-do.svg", views.place_map, name="place_map"),
    path("<str:code>/ban-do/", views.map_show, name="map_show"),
    path("<str:code>/ban-do.json", views.map_spec, name="map_spec"),
    path("<str:code>/dien-bien.svg", views.place_trend, name="place_trend"),
    path("<str:code>/bang.xlsx", views.place_sheet, name="place_sheet"),
    path("<str:code>/chua-bao-cao/", views.missing_list, name="missing_list"),
    path("<str:code>/bao-cao/", views.report_send, name="report_send"),
    path("<str:code>/so/<slug:measure>/", views.figure_show, name="figure_show"),
]
