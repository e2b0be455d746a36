"""A lesson's question: what is right, and how it is answered."""

from playwright.sync_api import Page

from tests.journeys.conftest import Site

QUESTION = """
SELECT check_question FROM learning_lesson l JOIN learning_course c ON c.id = l.course_id
WHERE c.slug = ? AND l.slug = ?
"""
Option = dict[str, str]


def options_of(page: Page, site: Site) -> tuple[Option, Option]:
    """The right option, and a wrong one, of the lesson that is open."""
    options = site.json(QUESTION, *page.url.split("/")[-2:])["options"]
    right = next(option for option in options if option.get("right"))
    return right, next(option for option in options if option is not right)


def answer(page: Page, text: str) -> None:
    page.locator("#kiem-tra label.choice", has_text=text).click()
    page.locator("#kiem-tra form .button-main").click()
