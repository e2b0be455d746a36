from django.urls import path

from hocvuso.assessment import calibration_views, views

app_name = "assessment"
urlpatterns = [
    path("", views.test_list, name="test_list"),
    path("lam/<uuid:attempt>/", views.attempt_show, name="attempt_show"),
    path("lam/<uuid:attempt>/tra-loi", views.attempt_answer, name="attempt_answer"),
    path("lam/<uuid:attempt>/ket-qua", views.attempt_result, name="attempt_result"),
    path("hieu-chuan/", calibration_views.calibration_list, name="calibration_list"),
    path("hieu-chuan/<int:calibration>/", calibration_views.calibration_show, name="calibration_show"),
    path(
        "hieu-chuan/<int:calibration>/quyet-dinh",
        calibration_views.calibration_decide,
        name="calibration_decide",
    ),
    path("<slug:test>/", views.test_show, name="test_show"),
    path("<slug:test>/bat-dau", views.attempt_begin, name="attempt_begin"),
]
