from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.samples import SCREENS
from hocvuso.base.screen import ELEMENTS, render_screen

nasty = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30).map(
    lambda text: text + "<u>&\"'"
)


def drawn(*items: dict[str, Any], alt: str = "Màn hình") -> str:
    return render_screen({"alt": alt, "items": list(items)})


def words(html: str) -> str:
    return "".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext())


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen["alt"])
def test_screen_is_sound_html_without_inline_style(screen: dict[str, Any]) -> None:
    html = render_screen(screen)

    html5lib.HTMLParser(strict=True).parseFragment(html)
    assert "style=" not in html


def test_samples_show_every_element() -> None:
    assert {name for screen in SCREENS for element in screen["items"] for name in element} == set(ELEMENTS)


def test_figure_is_one_picture_with_the_authors_words() -> None:
    html = drawn({"text": "Xin chào"}, alt="Màn hình chào")

    assert html == (
        '<figure class="screen"><div class="phone" role="img" aria-label="Màn hình chào">'
        '<div class="phone-text">Xin chào</div></div>'
        '<figcaption aria-hidden="true">Màn hình chào</figcaption></figure>'
    )


@given(nasty)
def test_words_are_shown_as_written_and_never_become_markup(text: str) -> None:
    elements = [
        {"bar": text},
        {"big": text},
        {"field": {"label": text, "placeholder": text}},
        {"list": [{"label": text, "note": text}]},
        {"call": {"name": text, "buttons": [text]}},
        {"dialog": {"title": text, "text": text, "buttons": [{"label": text}]}},
    ]

    for element in elements:
        assert "<u>&" not in drawn(element, alt=text)
        assert text in words(drawn(element))


def test_mark_stands_inside_the_element_it_points_at() -> None:
    assert drawn({"button": {"label": "Gửi", "mark": 2}}) == drawn({"button": "Gửi"}).replace(
        "Gửi</div>", 'Gửi<span class="mark">2</span></div>'
    )


def test_pin_shows_how_many_digits_were_typed() -> None:
    html = drawn({"pin": {"filled": 2, "of": 4}})

    assert '<div class="phone-pin"><b></b><b></b><i></i><i></i></div>' in html


def test_keypad_has_the_ten_digits_and_takes_no_value() -> None:
    assert sorted(words(drawn({"keypad": None}, alt=""))) == list("0123456789")


def test_incoming_call_offers_to_refuse_and_to_answer() -> None:
    assert words(drawn({"call": {"name": "Số lạ"}}, alt="")) == "Số lạTừ chốiNghe máy"
    assert words(drawn({"call": {"name": "Con gái", "buttons": ["Kết thúc"]}}, alt="")) == "Con gáiKết thúc"


def test_unknown_element_is_refused() -> None:
    with pytest.raises(KeyError):
        drawn({"hologram": "?"})
