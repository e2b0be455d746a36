import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from hocvuso.base.fastlane import fast
from hocvuso.base.ids import new_id
from hocvuso.base.origin import same_origin
from hocvuso.base.profile import COOKIE, parse, profile_of
from hocvuso.learning.actions import adopt_guest_progress, answer_check
from hocvuso.learning.engine.guest import GuestLesson
from hocvuso.learning.engine.lesson import CHECK_HERE, VERDICT
from hocvuso.learning.forms import LessonCheckForm, LessonShowForm, NextForGroupsForm, ProgressAdoptForm
from hocvuso.learning.guest import forget_guest, keep_guest, read_guest
from hocvuso.learning.lesson_page import Page, fetch_row, make_page
from hocvuso.learning.models import Course, Lesson, Pathway
from hocvuso.learning.queries import (
    choose_next,
    completed_at_by_lesson,
    courses_with_counts,
    lessons_for_skill_groups,
    lessons_in_order,
    pathway_steps,
)
from hocvuso.people.models.persons import Person

NOT_MINE = "guest_progress_is_not_mine"
LESSON_CACHING = "public, max-age=300, stale-while-revalidate=3600, stale-if-error=604800"
personal = cache_control(private=True, no_store=True)


@dataclass(frozen=True)
class CourseStory:
    """A course as one learner has come through it."""

    course: Course
    lessons: list[tuple[Lesson, datetime | None]]

    @property
    def done(self) -> int:
        return sum(at is not None for _, at in self.lessons)

    @property
    def finished(self) -> bool:
        return self.done == len(self.lessons)


@login_not_required
@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    pathways = list(Pathway.objects.filter(published=True).defer("head"))
    learnt = learnt_by(request)
    context = {
        "needs": [one for one in pathways if one.kind == Pathway.Kind.NEED],
        "audiences": [one for one in pathways if one.kind == Pathway.Kind.AUDIENCE],
        "next": choose_next(list(lessons_in_order()), learnt) if learnt else None,
    }
    return render(request, "learning/need_list.html", context)


@login_not_required
@require_safe
def pathway_show(request: HttpRequest, pathway: str) -> HttpResponse:
    found = get_object_or_404(Pathway, slug=pathway, published=True)
    learnt = learnt_by(request)
    steps = pathway_steps(found, learnt)
    lessons = [lesson for step in steps for lesson in step.lessons]
    context = {
        "pathway": found,
        "steps": steps,
        "next": choose_next(lessons, learnt),
        "done": sum(lesson.pk in learnt for lesson in lessons),
        "total": len(lessons),
    }
    return render(request, "learning/pathway_show.html", context)


@login_not_required
@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    return render(request, "learning/course_list.html", {"courses": courses_with_counts()})


@login_not_required
@require_safe
def course_show(request: HttpRequest, course: str) -> HttpResponse:
    found = get_object_or_404(Course, slug=course, published=True)
    story = tell_course(found, learnt_by(request))
    context = {"course": found, "story": story, "next": first_open(story)}
    return render(request, "learning/course_show.html", context)


@login_not_required
@require_safe
def next_for_groups(request: HttpRequest) -> HttpResponse:
    """What to learn after a test: lessons for the groups of skills named in the address."""
    form = NextForGroupsForm(request.GET)
    lessons = lessons_for_skill_groups(form.codes(), form.framework())
    learnt = learnt_by(request)
    groups = [
        (group, [(lesson, learnt.get(lesson.pk)) for lesson in chosen])
        for group, chosen in groupby(lessons, key=lambda lesson: lesson.skill.group)
    ]
    return render(request, "learning/next_for_groups.html", {"groups": groups})


@fast
@login_not_required
@require_safe
def lesson_show(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    """The hot path: see base.fastlane for what must not be used here, and lesson_page for how it is made."""
    profile = parse(request.COOKIES.get(COOKIE, ""))
    row = fetch_row(course, lesson, by_pages=profile.steps)
    if row is None:
        raise Http404
    number = LessonShowForm(request.GET).page(len(json.loads(row.body))) if profile.steps else 0
    return send_page(request, make_page(row, profile, number), profile.language)


def send_page(request: HttpRequest, page: Page, language: str) -> HttpResponse:
    headers = {
        "ETag": page.etag,
        "Cache-Control": LESSON_CACHING,
        "Vary": "Accept-Encoding, Cookie",
        "Content-Language": language,
    }
    if page.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        return HttpResponseNotModified(headers=headers)
    body = page.plain
    if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        body, headers["Content-Encoding"] = page.packed, "gzip"
    headers["Content-Length"] = str(len(body))
    return HttpResponse(body, headers=headers)


@login_not_required
@require_POST
@personal
@same_origin
def lesson_check(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    found = find_lesson(course, lesson)
    form = LessonCheckForm(found, request.POST)
    by_script = request.headers.get("X-Requested-With") == "fetch"
    if not form.is_valid():
        context = {"lesson": found, "check": found.check_question, "error": first_error(form)}
        return render(request, "learning/lesson_check.html", context, status=422)
    guest = note_answer(request, found, form)
    context = describe_answer(request, found, form.cleaned_data["choice"], guest)
    response = render(request, f"learning/lesson_check.html{'#result' if by_script else ''}", context)
    if guest is not None:
        keep_guest(response, guest)
    return response


def first_error(form: LessonCheckForm) -> str:
    return str(next(iter(form.errors.get("choice", ())), ""))


def note_answer(request: HttpRequest, lesson: Lesson, form: LessonCheckForm) -> dict[int, GuestLesson] | None:
    """Write the answer of someone signed in; for a guest, what the device is to keep from now on.

    An answer kept without a signal belongs to whoever was there then. Someone else is signed in now? Then it
    stays with the device, and its owner is asked later.
    """
    deed, choice = form.cleaned_data["deed"], form.cleaned_data["choice"]
    late_for_other = form.cleaned_data["late"] and form.cleaned_data["owner"] != owner_tag(request)
    if request.user.is_authenticated and not late_for_other:
        source = "offline" if form.cleaned_data["late"] else "web"
        answer_check(request.user, lesson, choice=choice, deed=deed, happened_at=form.moment(), source=source)
        return None
    guest, right = read_guest(request), choice == lesson.right_choice
    known = guest.get(lesson.pk)
    fresh = GuestLesson(lesson.pk, deed or new_id(), right=right)
    return {**guest, lesson.pk: known.again(right) if known else fresh}


def describe_answer(
    request: HttpRequest, lesson: Lesson, choice: int, guest: Mapping[int, GuestLesson] | None
) -> dict[str, Any]:
    learnt = learnt_by(request) if guest is None else {n: one.completed_at for n, one in guest.items()}
    story = tell_course(lesson.course, learnt)
    right = lesson.options[lesson.right_choice]
    return {
        "lesson": lesson,
        "question": lesson.check_question["question"],
        "chosen": lesson.options[choice],
        "right": right,
        "right_reason": right["why"].removeprefix(VERDICT),
        "is_right": choice == lesson.right_choice,
        "again": check_address(request, lesson),
        "story": story,
        "next": first_open(story, after=lesson),
        "is_guest": guest is not None,
    }


def check_address(request: HttpRequest, lesson: Lesson) -> str:
    """Where the question stands, also for readers who see one thing at a time."""
    page = next((number for number, html in enumerate(lesson.pages, 1) if CHECK_HERE in html), 1)
    return f"{lesson.get_absolute_url()}{f'?buoc={page}' if profile_of(request).steps else ''}#kiem-tra"


@login_not_required
@require_safe
@personal
def lesson_state(request: HttpRequest, course: str, lesson: str) -> HttpResponse:
    """The learner's own part of the lesson page, fetched by its script: the page is the same for all."""
    found = find_lesson(course, lesson)
    learnt = learnt_by(request)
    story = tell_course(found.course, learnt)
    context = {
        "done_at": learnt.get(found.pk),
        "story": story,
        "next": first_open(story, after=found),
        "owner": owner_tag(request),
        "waiting": waiting_guest(request),
    }
    return render(request, "learning/lesson_state.html", context)


@login_not_required
@require_safe
@personal
def progress_show(request: HttpRequest) -> HttpResponse:
    learnt, lessons = learnt_by(request), list(lessons_in_order())
    courses: dict[int, list[Lesson]] = {}
    for lesson in lessons:
        courses.setdefault(lesson.course_id, []).append(lesson)
    stories = [
        CourseStory(group[0].course, [(lesson, learnt.get(lesson.pk)) for lesson in group])
        for group in courses.values()
    ]
    context = {
        "stories": [story for story in stories if story.done],
        "done": sum(story.done for story in stories),
        "next": choose_next(lessons, learnt),
        "waiting": waiting_guest(request),
        "waiting_lessons": [lesson for lesson in lessons if lesson.pk in read_guest(request)],
    }
    return render(request, "learning/progress_show.html", context)


@require_POST
@personal
def progress_adopt(request: HttpRequest) -> HttpResponse:
    form = ProgressAdoptForm(request.POST)
    response = redirect("learning:progress_show")
    if not form.is_valid():
        messages.warning(request, _("Choose one of the two answers."))
    elif form.cleaned_data["mine"] == "yes":
        count = adopt_guest_progress(cast(Person, request.user), read_guest(request).values())
        forget_guest(response)
        text = ngettext(
            "%(count)s lesson is now kept with you.", "%(count)s lessons are now kept with you.", count
        )
        messages.success(request, text % {"count": count})
    else:
        request.session[NOT_MINE] = True
    return response


def find_lesson(course: str, lesson: str) -> Lesson:
    lessons = Lesson.objects.published().select_related("course").defer("source_text", "html", "head")
    return get_object_or_404(lessons, course__slug=course, slug=lesson)


def learnt_by(request: HttpRequest) -> dict[int, datetime]:
    """Lesson id → when completed: by the person signed in, or by whoever uses this device."""
    if request.user.is_authenticated:
        return completed_at_by_lesson(request.user)
    return {number: one.completed_at for number, one in read_guest(request).items()}


def tell_course(course: Course, learnt: Mapping[int, datetime]) -> CourseStory:
    lessons = lessons_in_order().filter(course=course)
    return CourseStory(course, [(lesson, learnt.get(lesson.pk)) for lesson in lessons])


def first_open(story: CourseStory, after: Lesson | None = None) -> Lesson | None:
    """The next lesson not yet learnt, past ones last."""
    still = [lesson for lesson, at in story.lessons if at is None and lesson != after]
    later = [lesson for lesson in still if after is None or lesson.position > after.position]
    return next(iter(later or still), None)


def waiting_guest(request: HttpRequest) -> int:
    """How many lessons of this device wait to be asked about: "Are these yours?" """
    if not request.user.is_authenticated or request.session.get(NOT_MINE):
        return 0
    return len(read_guest(request))


def owner_tag(request: HttpRequest) -> str:
    """Tells one person's kept answers from another's without saying who it is."""
    if not request.user.is_authenticated:
        return ""
    return salted_hmac("learning.owner", str(request.user.pk)).hexdigest()[:16]
