from django.urls import path

from hocvuso.assessment import calibration_views, session_views, views

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
    path("buoi/", session_views.session_list, name="session_list"),
    path("buoi/moi", session_views.session_new, name="session_new"),
    path("buoi/vao", session_views.session_join, name="session_join"),
    path("buoi/cho/<int:seat>/", session_views.seat_show, name="seat_show"),
    path("buoi/cho/<int:seat>/bat-dau", session_views.seat_begin, name="seat_begin"),
    path("buoi/<uuid:session>/", session_views.session_show, name="session_show"),
    path("buoi/<uuid:session>/viec", session_views.session_act, name="session_act"),
    path("buoi/<uuid:session>/nguoi", session_views.seat_list, name="seat_list"),
    path("buoi/<uuid:session>/nguoi/<int:seat>", session_views.seat_see, name="seat_see"),
    path("buoi/<uuid:session>/su-viec", session_views.incident_add, name="incident_add"),
    path("<slug:test>/", views.test_show, name="test_show"),
    path("<slug:test>/bat-dau", views.attempt_begin, name="attempt_begin"),
]
