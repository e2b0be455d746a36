from django.urls import path

from hocvuso.learning import views

app_name = "learning"
urlpatterns = [
    path("khoa/<slug:course>/<slug:lesson>", views.lesson_show, name="lesson_show"),
    path("khoa/<slug:course>/<slug:lesson>/tra-loi", views.lesson_check, name="lesson_check"),
    path("khoa/<slug:course>/<slug:lesson>/cua-toi", views.lesson_state, name="lesson_state"),
    path("khoa", views.course_list, name="course_list"),
    path("khoa/<slug:course>", views.course_show, name="course_show"),
    path("", views.need_list, name="need_list"),
    path("hoc-tiep", views.next_for_groups, name="next_for_groups"),
    path("toi-muon/<slug:pathway>", views.pathway_show, name="pathway_show"),
    path("cua-toi", views.progress_show, name="progress_show"),
    path("cua-toi/nhan", views.progress_adopt, name="progress_adopt"),
]
