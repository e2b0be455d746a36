"""The paper form: made from the bank, printed, marked; card, phone and server give the same decision."""

import json
import re
import shutil
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from hocvuso.assessment.banks import version_for
from hocvuso.assessment.booklet.answers import decide, judge_marks, read_sent, read_sheets
from hocvuso.assessment.booklet.making import (
    BadSheet,
    Booklet,
    NoSuchBooklet,
    find_booklet,
    foresee_booklet,
    make_booklet,
)
from hocvuso.assessment.booklet.phone import as_bytes, phone_form
from hocvuso.assessment.booklet.printing import draw_card, draw_sheets, example
from hocvuso.assessment.engine.marking import Answer, comparable
from hocvuso.assessment.engine.multistage import replay_form, rules
from hocvuso.assessment.engine.policy import Decision
from hocvuso.assessment.models.items import Item
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.tests.make import make_item, make_test
from hocvuso.base.content import Library, load_content
from hocvuso.skills.models import Skill
from hocvuso.skills.tests.make import make_framework

pytestmark = pytest.mark.django_db

MOST_BYTES = 50_000
POLICY = {"min_length": 6, "cut": 0.0, "classify": "sprt", "delta": 0.6, "randomesque": 4}
KINDS = [Item.Kind.CHOICE, Item.Kind.CHOICE, Item.Kind.MULTIPLE, Item.Kind.SHORT, Item.Kind.ORDER]


def make_mixed(length: int = 24, per_skill: int = 25) -> Test:
    """Two groups over a bank from -2 to 2 logits, with items of all kinds on paper and one more."""
    framework = make_framework(groups=2)
    for skill in Skill.objects.filter(group__framework=framework):
        for number in range(per_skill):
            kind, difficulty = KINDS[number % len(KINDS)], -2 + 4 * number / per_skill
            body = body_of(kind, f"{skill.code} số {number}")
            make_item(skill, kind=kind, difficulty=difficulty, right=number % 4, **body)
    half = length // 2
    return make_test(
        framework=framework,
        mode=Test.Mode.ADAPTIVE,
        policy=POLICY,
        length=length,
        blueprint={"0": half, "1": half},
        pass_share=0,
    )


def body_of(kind: str, name: str) -> dict[str, Any]:
    texts = [f"Ý {letter} của {name}" for letter in "ABCDE"]
    bodies: dict[str, dict[str, Any]] = {
        Item.Kind.MULTIPLE: {
            "options": [
                {"text": text, "right": index in (1, 3), "why": "."} for index, text in enumerate(texts)
            ]
        },
        Item.Kind.SHORT: {"input": "number", "accept": ["12", "12 số"], "why": "."},
        Item.Kind.ORDER: {"steps": texts, "why": "."},
    }
    if kind not in bodies:
        return {}
    return {"body": {"language": "vi", "stem": f"Câu hỏi mẫu {name}?", **bodies[kind]}}


def write_answers(booklet: Booklet, right: set[str]) -> dict[str, list[str]]:
    """What learners write on all sheets: right on these items; else open, a wrong letter, or one too few."""
    return {
        module.name: [
            right_entry(booklet, booklet.items[slug])
            if slug in right
            else wrong_entry(booklet, booklet.items[slug])
            for slug in module.slugs
        ]
        for module in booklet.form.modules
    }


def right_entry(booklet: Booklet, item: Item) -> str:
    return "12" if item.kind == Item.Kind.SHORT else booklet.keys(item).lower()


def wrong_entry(booklet: Booklet, item: Item) -> str:
    if item.kind == Item.Kind.SHORT:
        return "13"
    if item.kind == Item.Kind.MULTIPLE:
        return booklet.keys(item)[:1]
    return next(letter for letter in "AB" if letter != booklet.keys(item))


def decide_by_card(booklet: Booklet, sheets: dict[str, list[str]]) -> Decision:
    """What the invigilator does: compare with the keys, count, look up, add, look up."""
    total, name = 0, "1"
    for lines in rules(booklet.form):
        module = booklet.sheet(name)
        keys = [booklet.keys(booklet.items[slug]) for slug in module.slugs]
        count = sum(
            written.upper() in key.split(" / ") for written, key in zip(sheets[name], keys, strict=True)
        )
        total += module.points[count]
        rule = next(one for one in lines if one.low <= total <= one.high)
        if rule.decision is not Decision.UNDECIDED:
            return rule.decision
        name = rule.sheet
    raise AssertionError("the last round decides")


def spell(question: dict[str, Any], answer: Answer) -> str:
    if isinstance(answer, str):
        return comparable(answer, question)
    return ",".join(str(index) for index in sorted(answer))


def decide_by_phone(phone: dict[str, Any], given: dict[str, Answer]) -> str:
    """A phone's own calculation, from the file alone; `given` as it would send the answers later."""
    total, place = 0, 0
    for stage in phone["stages"]:
        module = stage["modules"][place]
        count = 0
        for slug in module["items"]:
            question = phone["questions"][slug]
            text = f"{phone['code']}:{slug}:{spell(question, given[slug])}"
            count += sha256(text.encode()).hexdigest()[:16] in question["marks"]
        total += module["points"][count]
        if total >= stage["above"] or total <= stage["below"]:
            return "above" if total >= stage["above"] else "below"
        place = max(index for index, start in enumerate(stage["routes"]) if total >= start)
    raise AssertionError("the last stage decides")


def as_sent(booklet: Booklet, sheets: dict[str, list[str]]) -> dict[str, Answer]:
    """The same answers as a phone keeps and sends them."""
    sent: dict[str, Answer] = {}
    for module in booklet.form.modules:
        for slug, entry in zip(module.slugs, sheets[module.name], strict=True):
            item = booklet.items[slug]
            if item.kind == Item.Kind.SHORT:
                sent[slug] = entry
            else:
                order = booklet.order(item)
                sent[slug] = [order["ABCDE".index(letter)] for letter in entry.upper()]
    return sent


def test_card_phone_and_server_decide_alike() -> None:
    booklet = make_booklet(make_mixed())
    phone = json.loads(as_bytes(phone_form(booklet)))
    chance, slugs = np.random.default_rng(1), list(booklet.items)
    sides = {Decision.ABOVE: 0, Decision.BELOW: 0}

    for share in np.linspace(0, 1, 300):
        right = {slug for slug in slugs if chance.random() < share}
        sheets = write_answers(booklet, right)
        entered = decide(booklet, read_sheets(booklet, sheets))
        assert entered == replay_form(booklet.form, {slug: slug in right for slug in slugs})
        assert decide_by_card(booklet, sheets) == entered.decision
        sent = as_sent(booklet, sheets)
        assert decide_by_phone(phone, sent) == entered.decision
        assert decide(booklet, read_sent(booklet, sent)) == entered
        sides[entered.decision] += 1

    assert min(sides.values()) > 50


def test_the_rules_of_the_card_leave_no_sum_out() -> None:
    booklet = make_booklet(make_mixed())

    most = 0
    for stage, lines in zip(booklet.form.stages, rules(booklet.form), strict=True):
        most += max(one.points[-1] for one in stage.modules)
        covered = [total for one in lines for total in range(one.low, one.high + 1)]
        assert covered == list(range(most + 1))


def test_only_what_paper_can_carry_is_in_it() -> None:
    booklet = make_booklet(make_mixed())

    assert {item.kind for item in booklet.items.values()} == {"choice", "multiple", "short"}


def test_the_file_for_phones_holds_no_key() -> None:
    booklet = make_booklet(make_mixed())

    phone = phone_form(booklet)

    fields = {tuple(sorted(one)) for one in phone["questions"].values()}
    assert fields == {
        ("kind", "marks", "options", "order", "stem"),
        ("input", "kind", "marks", "stem"),
    }
    assert "12 số" not in json.dumps(phone, ensure_ascii=False)


def test_a_code_brings_the_booklet_back_after_the_bank_has_changed() -> None:
    test = make_mixed()
    booklet = make_booklet(test, 3)
    version_for(test)
    make_item(Skill.objects.filter(group__framework=test.framework).first(), difficulty=0.0)
    Item.objects.filter(pk=next(iter(booklet.items.values())).pk).update(current=False)
    later = make_booklet(test, 3)

    found = find_booklet(f" {booklet.code} ")

    assert later.code != booklet.code
    assert (found.code, found.form, found.items) == (booklet.code, booklet.form, booklet.items)


@pytest.mark.parametrize("code", ["", "thu:1:1:00000000", "khac:1:1:00000000", "thu:1:x:00000000"])
def test_a_misread_code_is_refused(code: str) -> None:
    make_booklet(make_mixed())

    with pytest.raises(NoSuchBooklet):
        find_booklet(code)


def test_what_nobody_can_have_written_is_refused() -> None:
    booklet = make_booklet(make_mixed())
    entries = [""] * 8
    name, place = next(
        (module.name, place)
        for module in booklet.form.modules
        for place, slug in enumerate(module.slugs)
        if booklet.items[slug].kind == Item.Kind.CHOICE
    )

    with pytest.raises(BadSheet, match="none of the letters A to D"):
        read_sheets(booklet, {name: [*entries[:place], "E", *entries[place + 1 :]]})
    with pytest.raises(BadSheet, match="7 answers for 8 questions"):
        read_sheets(booklet, {"1": entries[1:]})
    with pytest.raises(BadSheet, match="sheet 9"):
        read_sheets(booklet, {"9": entries})


def test_a_sheet_left_open_has_nothing_right() -> None:
    booklet = make_booklet(make_mixed())

    outcome = decide(booklet, read_sheets(booklet, {"1": [" ", "-"] * 4}))

    assert (outcome.total, outcome.asked) == (booklet.form.modules[0].points[0], 8)


def test_two_letters_for_one_answer_are_not_right() -> None:
    booklet = make_booklet(make_mixed())
    sheet = booklet.form.modules[0]
    both = ["AB" if booklet.items[slug].kind == Item.Kind.CHOICE else "" for slug in sheet.slugs]

    assert decide(booklet, read_sheets(booklet, {"1": both})).total == sheet.points[0]


def test_what_no_phone_sends_is_refused() -> None:
    booklet = make_booklet(make_mixed())
    by_kind = {item.kind: slug for slug, item in booklet.items.items()}

    for slug, answer in [
        ("khac", [0]),
        (by_kind["choice"], [4]),
        (by_kind["choice"], "A"),
        (by_kind["short"], [0]),
    ]:
        with pytest.raises(BadSheet):
            read_sent(booklet, {slug: answer})


def test_paper_and_phone_are_judged_as_an_adaptive_attempt_is() -> None:
    booklet = make_booklet(make_mixed())
    sheets = write_answers(booklet, set(booklet.items))

    paper = judge_marks(booklet, read_sheets(booklet, sheets))
    phone = judge_marks(booklet, read_sent(booklet, as_sent(booklet, sheets)))

    assert paper == phone
    assert (paper.passed, paper.stop, paper.asked % 8) == (True, "decided", 0)
    assert paper.estimate > 0.5
    assert [one.group for one in paper.groups] == ["0", "1"]


def test_sheets_that_break_off_pass_nobody() -> None:
    booklet = make_booklet(make_mixed())
    sheets = write_answers(booklet, set(booklet.form.modules[0].slugs[:6]))

    verdict = judge_marks(booklet, read_sheets(booklet, {"1": sheets["1"]}))

    assert (verdict.passed, verdict.stop, verdict.asked) == (False, "", 8)
    with pytest.raises(BadSheet, match="no sheet"):
        judge_marks(booklet, {})


def test_sheets_are_two_pages_each_and_are_the_same_bytes_again() -> None:
    booklet = make_booklet(make_mixed())

    sheets = draw_sheets(booklet)

    assert count_pages(sheets) == 2 * len(booklet.form.modules)
    assert draw_sheets(booklet) == sheets
    assert draw_card(booklet).startswith(b"%PDF")


def count_pages(pdf: bytes) -> int:
    return int(re.findall(rb"/Type/Pages/Count (\d+)", pdf)[0])


def test_the_example_of_the_card_adds_up() -> None:
    booklet = make_booklet(make_mixed())
    first = booklet.form.modules[0].points[5]

    lines = example(booklet.form)

    assert len(lines) == 2
    assert str(first) in lines[0]


def test_what_is_foreseen_names_the_distances_of_the_release_check() -> None:
    found = foresee_booklet(make_booklet(make_mixed()))

    passing = [forecast.passing for _distance, forecast in found]
    assert [distance for distance, _forecast in found] == [-2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0]
    assert passing == sorted(passing)


def test_a_fixed_test_has_no_booklet() -> None:
    with pytest.raises(ValueError, match="."):
        make_booklet(make_test())


def test_the_command_writes_the_files(tmp_path: Path) -> None:
    make_mixed()
    out = StringIO()

    call_command("items_booklet", "thu", out=tmp_path, stdout=out)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["card.pdf", "form.json", "sheets.pdf"]
    code = json.loads((tmp_path / "form.json").read_text(encoding="utf-8"))["code"]
    assert out.getvalue().splitlines()[-1] == code == find_booklet(code).code


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    make_test()

    with pytest.raises(CommandError, match="There is no test khac"):
        call_command("items_booklet", "khac", out=tmp_path)
    with pytest.raises(CommandError):
        call_command("items_booklet", "thu", out=tmp_path)


def test_the_shipped_test_fits_a_phone_with_its_texts(tmp_path: Path) -> None:
    shutil.copytree(settings.CONTENT / "frameworks", tmp_path / "frameworks")
    shutil.copytree(settings.CONTENT / "items" / "citizen", tmp_path / "items" / "citizen")
    (tmp_path / "tests").mkdir()
    shutil.copy(settings.CONTENT / "tests" / "citizen-basic.yaml", tmp_path / "tests")
    load_content(Library(tmp_path))

    booklet = make_booklet(Test.objects.current().get(slug="citizen-basic"))

    assert len(as_bytes(phone_form(booklet))) <= MOST_BYTES
    assert len(as_bytes(booklet.form.as_json())) <= 5_000
    assert count_pages(draw_sheets(booklet)) == 22
