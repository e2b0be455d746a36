import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils.translation import override


def rendered(source: str, **context: object) -> str:
    return re.sub(r"\s+", " ", Template(source).render(Context(context))).strip()


class VisitForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    day = forms.DateField(label="Day", required=False)
    how = forms.ChoiceField(label="How", choices=[("a", "Alone"), ("h", "Helped")], widget=forms.RadioSelect)
    agrees = forms.BooleanField(label="I agree", required=False)


def test_field_ties_label_help_and_error_to_the_input() -> None:
    html = rendered("{% field form.name %}", form=VisitForm({"name": ""}))

    assert '<label for="id_name">Name</label>' in html
    assert 'id="id_name_helptext">As on the card.<' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_group_of_choices_has_a_legend_and_names_its_error() -> None:
    html = rendered("{% field form.how %}", form=VisitForm({}))

    assert '<fieldset class="field field-wrong" aria-describedby="id_how_error">' in html
    assert "<legend>How</legend>" in html


def test_checkbox_is_inside_its_label_and_not_ticked() -> None:
    html = rendered("{% field form.agrees %}", form=VisitForm())

    assert '<label class="choice" for="id_agrees"><input type="checkbox"' in html
    assert "checked" not in html


def test_field_that_may_stay_empty_says_so() -> None:
    with override("en"):
        assert "(not required)" in rendered("{% field form.day %}", form=VisitForm())
        assert "(not required)" not in rendered("{% field form.name %}", form=VisitForm())


def test_what_was_typed_is_escaped_and_kept() -> None:
    html = rendered("{% field form.day %}", form=VisitForm({"day": '"><script>'}))

    assert 'value="&quot;&gt;&lt;script&gt;"' in html


def test_error_summary_links_to_each_wrong_field() -> None:
    html = rendered("{% form_errors form %}", form=VisitForm({"day": "31/2/2026"}))

    assert re.findall(r'href="(#\w+)"', html) == ["#id_name", "#id_day", "#id_how_0"]
    assert 'role="alert"' in html


def test_no_summary_while_nothing_is_wrong() -> None:
    assert rendered("{% form_errors form %}", form=VisitForm()) == ""


def test_progress_says_in_words_what_the_bar_shows() -> None:
    assert rendered('{% progress 3 6 "Lessons" %}') == (
        '<div class="progress"><span>Lessons</span><b class="num">3/6</b>'
        '<progress value="3" max="6" aria-label="Lessons">3/6</progress></div>'
    )


def test_progress_of_nothing_is_drawn() -> None:
    assert 'max="1"' in rendered('{% progress 0 0 "Lessons" %}')


def test_pager_keeps_the_other_choices_of_the_page() -> None:
    request = RequestFactory().get("/list", {"village": "3", "page": "2"})
    pages = Paginator(range(50), 10)
    html = Template("{% pager page %}").render(RequestContext(request, {"page": pages.get_page(2)}))

    assert 'rel="prev" href="?village=3&amp;page=1"' in html
    assert 'rel="next" href="?village=3&amp;page=3"' in html
    assert '<b aria-current="page">2</b>' in html


def test_single_page_has_no_pager() -> None:
    page = Paginator(range(3), 10).get_page(1)

    assert rendered("{% pager page %}", request=RequestFactory().get("/"), page=page) == ""


def test_notice_shows_its_block_with_what_it_holds_escaped() -> None:
    html = rendered('{% notice "mind" %}<p>{{ words }}</p>{% endnotice %}', words="<i>")

    assert html.startswith('<div class="notice notice-mind"><svg class="icon"')
    assert html.endswith("<div><p>&lt;i&gt;</p></div></div>")


def test_notice_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        rendered('{% notice "loud" %}x{% endnotice %}')


def test_empty_state_offers_a_way_on_only_when_there_is_one() -> None:
    assert '<a class="button button-main" href="/x">Go</a>' in rendered('{% empty "None" "Yet" "/x" "Go" %}')
    assert "<a" not in rendered('{% empty "None" %}')


def test_messages_become_notices_of_their_kind() -> None:
    kinds = [
        rendered("{{ tag|notice_kind }}", tag=tag) for tag in ("success", "warning", "error", "info", "")
    ]

    assert kinds == ["ok", "mind", "bad", "info", "info"]


def test_steady_part_is_kept_for_each_language_and_profile() -> None:
    frame = Template("{% steady %}{{ profile }}{{ seen }}{% endsteady %}")

    with override("vi"):
        first = [
            frame.render(Context({"profile": p, "seen": seen})) for p, seen in [("m", 1), ("l", 2), ("m", 3)]
        ]
    with override("en"):
        other = frame.render(Context({"profile": "m", "seen": 4}))

    assert [*first, other] == ["m1", "l2", "m1", "m4"]


def test_room_that_is_not_built_leaves_nothing() -> None:
    assert rendered('{% room "no/such/template.html" %}') == ""


def test_days_and_numbers_are_written_as_people_write_them() -> None:
    source = (
        "{% load humanize %}{{ day|date:'SHORT_DATE_FORMAT' }} {{ count|intcomma }} {{ share|floatformat:1 }}"
    )
    day = forms.DateField().to_python("2026-11-05")

    with override("vi"):
        assert rendered(source, day=day, count=1234567, share=81.25) == "05/11/2026 1.234.567 81,3"
        assert forms.DateField().to_python("5/11/2026") == day
