"""What the content offers to learn, to be tested in and to be confirmed by, read once for a whole world."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from hocvuso.assessment.invented import make_sitter
from hocvuso.assessment.models.items import Item
from hocvuso.assessment.models.tests import Test
from hocvuso.home.demo.lives import Curriculum
from hocvuso.home.demo.moments import HERE
from hocvuso.learning.models import Lesson, Pathway
from hocvuso.people.models.persons import Audience
from hocvuso.recognition.engine.criteria import Criterion, criteria_of
from hocvuso.recognition.models import CriteriaSet

TEST = "citizen-basic"
RECOGNITION = "citizen-confirmed"


class ContentMissing(RuntimeError):
    """Places or content are not loaded yet."""


@dataclass(frozen=True)
class Syllabus:
    plan: Curriculum
    lessons: Mapping[str, int]  # course/lesson → primary key
    test: Test
    bank: str  # the version that the test runs on
    items: Mapping[int, Item]
    recognition: CriteriaSet
    criteria: Sequence[Criterion]

    @property
    def confirms_from(self) -> datetime:
        return datetime.combine(self.recognition.valid_from, time(8), tzinfo=HERE)


def read_syllabus() -> Syllabus:
    test = Test.objects.current().filter(slug=TEST).first()
    recognition = (
        CriteriaSet.objects.in_force()
        .filter(slug=RECOGNITION, place=None)
        .select_related("framework")
        .first()
    )
    lessons = {
        lesson.key: lesson.pk for lesson in Lesson.objects.filter(published=True).select_related("course")
    }
    if test is None or recognition is None or not lessons:
        raise ContentMissing("Load the content first: hocvuso content load")
    sitter = make_sitter(test)
    plan = Curriculum(
        paths={audience: path_of(audience, lessons) for audience in Audience.values},
        courses=courses_of(lessons),
        sit=sitter.sit,
        retake_days=test.retake_after_days,
    )
    items = Item.objects.for_test(test).in_bulk()
    return Syllabus(plan, lessons, test, sitter.bank, items, recognition, criteria_of(recognition.rules))


def courses_of(lessons: Mapping[str, int]) -> dict[str, frozenset[str]]:
    courses: dict[str, set[str]] = defaultdict(set)
    for key in lessons:
        courses[key.partition("/")[0]].add(key)
    return {course: frozenset(keys) for course, keys in courses.items()}


def path_of(audience: str, lessons: Mapping[str, int]) -> list[str]:
    """The audience's pathway lesson by lesson, then whatever else there is, each once."""
    pathway = Pathway.objects.filter(
        kind=Pathway.Kind.AUDIENCE, slug=PATHWAYS[Audience(audience)], published=True
    ).first()
    steps = [*(pathway.steps if pathway else ()), *(key.partition("/")[0] for key in lessons)]
    ordered: dict[str, None] = {}
    for step in steps:
        ordered |= dict.fromkeys(
            [step] if step in lessons else [key for key in lessons if key.startswith(f"{step}/")]
        )
    return list(ordered)


PATHWAYS = {
    Audience.CITIZEN: "nguoi-dan",
    Audience.WORKER: "nguoi-lao-dong",
    Audience.OFFICIAL: "can-bo-cong-chuc",
    Audience.STUDENT: "hoc-sinh-sinh-vien",
}
