from django.urls import path

from hocvuso.people.views import learners, me, roles, rosters, sign_in

app_name = "people"
urlpatterns = [
    path("dang-nhap", sign_in.sign_in, name="sign_in"),
    path("dang-nhap/the", sign_in.card_find, name="card_find"),
    path("dang-xuat", sign_in.sign_out, name="sign_out"),
    path("the/<str:code>", sign_in.card_open, name="card_open"),
    path("toi", me.me, name="me"),
    path("toi/xung-ho", me.me_edit, name="me_edit"),
    path("toi/bat-dau", me.me_begin, name="me_begin"),
    path("toi/dong-y", me.consent_change, name="consent_change"),
    path("toi/du-lieu", me.me_export, name="me_export"),
    path("toi/xoa", me.me_erase, name="me_erase"),
    path("toi/mat-khau", me.me_password, name="me_password"),
    path("toi/thiet-bi", me.device_list, name="device_list"),
    path("toi/thiet-bi/ra-het", me.device_sign_out_all, name="device_sign_out_all"),
    path("toi/thiet-bi/<str:key>/ra", me.device_sign_out, name="device_sign_out"),
    path("nguoi-hoc", learners.person_list, name="person_list"),
    path("nguoi-hoc/them", learners.person_add, name="person_add"),
    path("nguoi-hoc/<uuid:pk>", learners.person_show, name="person_show"),
    path("nguoi-hoc/<uuid:pk>/sua", learners.person_edit, name="person_edit"),
    path("nguoi-hoc/<uuid:pk>/dong-y", learners.person_consent, name="person_consent"),
    path("nguoi-hoc/<uuid:pk>/xoa", learners.person_erase, name="person_erase"),
    path("nguoi-hoc/<uuid:pk>/the", learners.card_print, name="card_print"),
    path("nguoi-hoc/<uuid:pk>/the/thu-hoi", learners.card_revoke, name="card_revoke"),
    path("danh-sach-lop", rosters.roster_new, name="roster_new"),
    path("danh-sach-lop/<uuid:pk>", rosters.roster_show, name="roster_show"),
    path("danh-sach-lop/<uuid:pk>/bo-dong-loi", rosters.roster_skip, name="roster_skip"),
    path("danh-sach-lop/<uuid:pk>/bo", rosters.roster_drop, name="roster_drop"),
    path("danh-sach-lop/<uuid:pk>/nhap", rosters.roster_commit, name="roster_commit"),
    path("danh-sach-lop/<uuid:pk>/the", rosters.roster_cards, name="roster_cards"),
    path("nguoi-huong-dan", roles.role_list, name="role_list"),
    path("nguoi-huong-dan/<int:pk>/thoi", roles.role_revoke, name="role_revoke"),
    path("nguoi-huong-dan/<int:pk>/mat-khau", roles.role_password, name="role_password"),
]
