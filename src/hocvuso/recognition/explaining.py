"""What was asked and what is missing, in words, with the page where one can get it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hocvuso.learning.models import Course
from hocvuso.recognition.engine.criteria import Judgement
from hocvuso.recognition.models import Claim, CriteriaSet

WORDS = {
    ("test", "never"): _("You have not passed this test yet."),
    ("test", "helped"): _("Last time someone helped you. Take it again by yourself."),
    ("test", "old"): _("Your result is too old. Take the test again."),
    ("test", "score"): _("You passed, and a somewhat better result is needed here."),
    ("course", "never"): _("This course is not finished yet."),
    ("course", "helped"): _("You took this course with help. Go through it once more by yourself."),
    ("course", "old"): _("You took this course long ago. Go through it once more."),
    ("practice", "never"): _("Show a helper that you can do it; the helper will write it down."),
    ("practice", "helped"): _("Last time someone helped you. Show a helper that you can do it by yourself."),
    ("practice", "unseen"): _("Show a helper that you can do it; the helper will write it down."),
    ("practice", "old"): _("That was long ago. Show a helper once more that you can do it."),
    ("declared", "undeclared"): _("You have not said so yet."),
}
Seen = tuple[str, bool, Sequence[Sequence[str]]]  # criterion key, met, [why, target] …


@dataclass(frozen=True)
class Hint:
    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Row:
    title: str
    met: bool
    hints: list[Hint] = field(default_factory=list)


def rows_of_judgement(criteria_set: CriteriaSet, judgement: Judgement) -> list[Row]:
    found = judgement.findings
    return rows_of(
        criteria_set, [(one.key, one.met, [(lack.why, lack.target) for lack in one.lacks]) for one in found]
    )


def rows_of_claim(claim: Claim) -> list[Row]:
    kept = [(one.criterion, one.met, one.detail.get("lacks", [])) for one in claim.evidence.all()]
    return rows_of(claim.criteria_set, kept)


def rows_of(criteria_set: CriteriaSet, seen: Iterable[Seen]) -> list[Row]:
    rules = {rule["key"]: rule for rule in criteria_set.rules["criteria"]}
    return [
        Row(title_of(rules[key]), met, [hint_of(rules[key]["kind"], why, target) for why, target in lacks])
        for key, met, lacks in seen
    ]


def title_of(rule: dict[str, Any]) -> str:
    english = rule.get("title_en", "") if get_language() == "en" else ""
    return english or rule["title"]


def hint_of(kind: str, why: str, target: str) -> Hint:
    words = str(WORDS[kind, why])
    if kind == "test":
        return Hint(words, reverse("assessment:test_show", args=[target]), gettext("Take the test"))
    if kind == "course":
        return Hint(words, reverse("learning:course_show", args=[target]), course_title(target))
    return Hint(words)


def course_title(slug: str) -> str:
    course = Course.objects.filter(slug=slug).first()
    if course is None:
        return slug
    return (course.title_en if get_language() == "en" else "") or course.title
