"""Indicators and targets as files."""

from typing import Any

import pytest
from django.conf import settings
from pydantic import ValidationError

from hocvuso.base.content import Library, Parsed, read
from hocvuso.indicators.content import (
    IndicatorShape,
    TargetsShape,
    check_targets,
    export_indicators,
    load_indicator,
    load_targets,
    retire_indicators,
)
from hocvuso.indicators.engine.measures import Rule
from hocvuso.indicators.models import Indicator, Target
from hocvuso.indicators.tests.make import make_indicators, shipped_indicators
from hocvuso.places.tests.make import make_country_tree

HEAD = {"language": "vi", "license": "CC-BY-4.0", "review": {"by": "Ban biên tập", "on": "2026-11-22"}}
RULE = {"count": "first", "gain": ["passed"]}
FIELDS = {"slug": "mot", "title": "Một", "meaning": "Nghĩa", "unit": "người", "position": 1, "rule": RULE}
TARGET = {
    "place": "06658",
    "indicator": "confirmed",
    "kind": "percent",
    "value": 80,
    "denominator": "adults",
    "due_on": "2026-12-31",
    "source": "Kế hoạch mẫu",
}


def shipped_targets() -> list[Parsed[TargetsShape]]:
    documents = [read(path, settings.CONTENT)[0] for path in sorted(settings.CONTENT.glob("targets/*.yaml"))]
    return [Parsed(document, TargetsShape.model_validate(document.data)) for document in documents]


def test_shipped_indicators_have_rules_that_fold():
    found = {
        parsed.model.slug: Rule.read(parsed.model.rule.model_dump(mode="json"))
        for parsed in shipped_indicators()
    }

    assert set(found) == {
        "learners",
        "active",
        "lessons_done",
        "tested",
        "passed",
        "confirmed",
        "households_skilled",
        "reported",
    }
    assert {slug for slug, rule in found.items() if rule.count == "stock"} == {
        "learners",
        "confirmed",
        "households_skilled",
    }


@pytest.mark.parametrize(
    "rule",
    [
        {"count": "events", "gain": ["passed"]},
        {"count": "first", "gain": ["passed"], "per": "record"},
        {"count": "first", "gain": ["passed"], "lose": ["failed"]},
        {"count": "first", "gain": ["passed"], "per": "household"},
        {"count": "stock", "gain": ["passed"], "every": "month"},
        {"count": "stock", "gain": []},
        {"count": "stock", "gain": ["jumped"]},
        {"count": "stock", "gain": ["passed"], "weight": 2},
    ],
)
def test_rule_that_makes_no_sense_is_refused(rule: dict[str, Any]):
    with pytest.raises(ValidationError):
        IndicatorShape.model_validate({**HEAD, **FIELDS, "rule": rule})


@pytest.mark.parametrize(
    "change",
    [
        {"denominator": None},
        {"value": 101},
        {"value": 0},
        {"dimension": "audience=king"},
        {"place": "Cao Xanh"},
        {"due_on": "2026"},
    ],
)
def test_target_that_makes_no_sense_is_refused(change: dict[str, Any]):
    with pytest.raises(ValidationError):
        TargetsShape.model_validate({**HEAD, "rows": [{**TARGET, **change}]})


def test_check_names_what_is_unknown_or_twice(tmp_path):
    rows = [TARGET, TARGET, {**TARGET, "indicator": "happiness"}, {**TARGET, "place": "99999"}]
    document, _problem = read(settings.CONTENT / "targets" / "phuong-cao-xanh.yaml", settings.CONTENT)
    library = Library(tmp_path)
    library.parsed["indicators"] = shipped_indicators()

    problems = check_targets([Parsed(document, TargetsShape.model_validate({**HEAD, "rows": rows}))], library)

    assert [(problem.field, problem.message) for problem in problems] == [
        ("rows[1]", "this target stands twice"),
        ("rows[2].indicator", "there is no indicator happiness"),
        ("rows[3].place", "there is no unit with the code 99999"),
    ]


@pytest.mark.django_db
def test_loading_twice_changes_nothing_and_a_file_gone_retires():
    make_indicators()
    assert {load_indicator(parsed) for parsed in shipped_indicators()} == {"same"}

    retired = retire_indicators([parsed for parsed in shipped_indicators() if parsed.model.slug != "tested"])

    assert retired == 1
    assert list(Indicator.objects.filter(retired=True).values_list("slug", flat=True)) == ["tested"]
    assert {load_indicator(parsed) for parsed in shipped_indicators()} == {"same", "changed"}
    assert not Indicator.objects.filter(retired=True).exists()


@pytest.mark.django_db
def test_export_gives_back_what_was_loaded(tmp_path):
    make_indicators()

    for name, text in export_indicators():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    exported = [read(path, tmp_path)[0] for path in sorted(tmp_path.glob("indicators/*.yaml"))]
    assert [IndicatorShape.model_validate(document.data) for document in exported] == [
        parsed.model for parsed in shipped_indicators()
    ]


@pytest.mark.django_db
def test_targets_wait_for_their_place_and_are_loaded_once():
    make_indicators()
    assert {load_targets(parsed) for parsed in shipped_targets()} == {"same"}
    tree = make_country_tree()

    first = [load_targets(parsed) for parsed in shipped_targets()]
    again = [load_targets(parsed) for parsed in shipped_targets()]

    assert first.count("added") == 3  # the country, Cao Xanh, Thọ Xuân; other provinces are not there
    assert set(again) == {"same"}
    found = Target.objects.filter(place=tree.cao_xanh).values_list(
        "indicator__slug", "dimension", "kind", "value", "denominator"
    )
    assert set(found) == {
        ("confirmed", "audience=official", "percent", 100, "officials"),
        ("confirmed", "adult=yes", "percent", 80, "adults"),
        ("households_skilled", "", "percent", 95, "households"),
    }


@pytest.mark.django_db
def test_changed_target_is_brought_up_to_date():
    make_indicators()
    tree = make_country_tree()
    (cao_xanh,) = [parsed for parsed in shipped_targets() if parsed.document.path.endswith("cao-xanh.yaml")]
    load_targets(cao_xanh)
    Target.objects.filter(place=tree.cao_xanh).update(value=1)

    assert load_targets(cao_xanh) == "changed"
    assert set(Target.objects.values_list("value", flat=True)) == {100, 80, 95}
