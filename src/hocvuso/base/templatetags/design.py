"""The pieces every page is built from. Each is shown in all its states on /kieu-dang."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from hocvuso.base.icons import draw_icon
from hocvuso.base.screen import render_screen

register = template.Library()

NOTICE_ICONS = {"ok": "check", "mind": "warning", "bad": "close", "info": "info"}
MESSAGE_NOTICES = {"success": "ok", "warning": "mind", "error": "bad"}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    return mark_safe(draw_icon(name))  # noqa: S308 - our own file


@register.inclusion_tag("base/field.html")
def field(bound: BoundField) -> Mapping[str, Any]:
    return {"field": bound}


@register.inclusion_tag("base/form_errors.html")
def form_errors(form: BaseForm) -> Mapping[str, Any]:
    return {"form": form, "fields": [bound for bound in form if bound.errors and not bound.is_hidden]}


@register.inclusion_tag("base/progress.html")
def progress(done: int, total: int, label: str) -> Mapping[str, Any]:
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("base/pager.html", takes_context=True)
def pager(context: template.Context, page_obj: Page) -> Mapping[str, Any]:
    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {"request": context["request"], "page": page_obj, "numbers": numbers}


@register.inclusion_tag("base/empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "") -> Mapping[str, Any]:
    return {"title": title, "text": text, "url": url, "label": label}


@register.simple_block_tag
def notice(content: str, kind: str) -> SafeString:
    return mark_safe(  # noqa: S308 - the block was rendered, and so escaped, by its own template
        f'<div class="notice notice-{kind}">{draw_icon(NOTICE_ICONS[kind])}<div>{content}</div></div>'
    )


@register.inclusion_tag("base/speak.html", takes_context=True)
def speak(context: template.Context) -> Mapping[str, Any]:
    return {"profile": context.get("profile")}


@register.simple_tag
def screen(described: Mapping[str, Any]) -> SafeString:
    return mark_safe(render_screen(described))  # noqa: S308 - escapes all it is given


class SteadyNode(template.Node):
    """Keeps what it rendered, once for each language and profile (64 at most): the frame of every page."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.kept: dict[Any, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), context.get("profile"))
        if key not in self.kept:
            self.kept[key] = self.nodelist.render(context)
        return self.kept[key]


@register.tag
def steady(parser: template.base.Parser, token: template.base.Token) -> SteadyNode:
    nodelist = parser.parse(("endsteady",))
    parser.delete_first_token()
    return SteadyNode(nodelist)


@register.filter
def notice_kind(level_tag: str) -> str:
    return MESSAGE_NOTICES.get(level_tag, "info")


@register.simple_tag(takes_context=True)
def room(context: template.Context, name: str) -> SafeString:
    """A place in the page that a room higher in the house may fill; empty until it has that template."""
    found = find_template(name)
    return found.template.render(context) if found else mark_safe("")


@cache
def find_template(name: str) -> Any:
    try:
        return get_template(name)
    except template.TemplateDoesNotExist:
        return None
