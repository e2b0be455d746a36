"""The main pages of whoever looks, and the people a visitor of the demo world may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hocvuso.home.demo.logins import LOGINS
from hocvuso.home.forms import GUEST
from hocvuso.people.models.persons import Person, Role
from hocvuso.recognition.models import REVIEWING

register = template.Library()


@dataclass(frozen=True, slots=True)
class Entry:
    view: str
    icon: str
    label: Promise


LEARN = Entry("learning:need_list", "book", _("Learn"))
LEARNING = (
    LEARN,
    Entry("assessment:test_list", "document", _("Tests")),
    Entry("learning:progress_show", "user", _("Mine")),
)
HELPING = (
    Entry("people:person_list", "users", _("Learners")),
    Entry("people:roster_new", "table", _("Bring in a list")),
    Entry("assessment:session_list", "clock", _("Supervised tests")),
)
OFFICERS = (HELPING[0], HELPING[2])  # lists are the helpers' work
REQUESTS = Entry("recognition:claim_list", "check", _("Requests"))
CALIBRATIONS = Entry("assessment:calibration_list", "chart", _("Calibrations"))
LOOKING_AFTER_ITEMS = (Role.Kind.AUTHOR, Role.Kind.OPERATOR)
FIGURES = Entry("dashboards:figure_start", "chart", _("Figures"))


def entries_for(person: Any) -> list[Entry]:
    """Work first, learning after it; a stranger sees what a learner sees."""
    roles = person.current_roles() if isinstance(person, Person) else []
    local = [role for role in roles if role.sees_names()]
    entries: list[Entry] = []
    if any(role.kind == Role.Kind.OFFICER for role in roles):
        entries.append(FIGURES)
    if local:
        entries += OFFICERS if entries else HELPING
    if any(role.kind in REVIEWING for role in local):
        entries.append(REQUESTS)
    if any(role.kind in LOOKING_AFTER_ITEMS for role in roles):
        entries.append(CALIBRATIONS)
    return [*entries, LEARN] if entries else list(LEARNING)


@register.inclusion_tag("home/nav_entries.html", takes_context=True)
def main_pages(context: template.Context) -> Mapping[str, Any]:
    path = context["request"].path if "request" in context else ""
    pages = [(entry, reverse(entry.view)) for entry in entries_for(context.get("user"))]
    here = max((url for _entry, url in pages if path.startswith(url)), key=len, default="")
    return {"pages": pages, "here": here}


@register.simple_tag
def demo_people() -> list[tuple[str, Any]]:
    return [*((login.username, login.title) for login in LOGINS), (GUEST, _("Guest"))]
