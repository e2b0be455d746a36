"""The adaptive test where there is no network: sheets and a scoring card for paper, one file for a phone.

A booklet is worked out from the test, a version of the bank and its number; nothing of it is stored. Its code
stands on every sheet, so `find_booklet` brings it back when answers are entered, months later if need be.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any

import segno
from django.utils.translation import get_language, gettext

from hocvuso.assessment.banks import open_bank, version_for
from hocvuso.assessment.engine.marking import comparable, is_right
from hocvuso.assessment.engine.multistage import (
    Forecast,
    Form,
    Module,
    Outcome,
    Stage,
    build_form,
    foresee,
    replay_form,
)
from hocvuso.assessment.engine.policy import Decision
from hocvuso.assessment.engine.simulation import DISTANCES
from hocvuso.assessment.models import BankVersion, Item, Test
from hocvuso.assessment.selection import policy_of
from hocvuso.base.pdf import render_pdf

PRINT = Path(__file__).parent / "print"
# An order and pairs cannot be marked at a glance, and a screen needs colour to be read.
PAPER_KINDS = (Item.Kind.CHOICE, Item.Kind.MULTIPLE, Item.Kind.SHORT)
LETTERS = "ABCDEF"
BLANKS = ("", "-")
MARK_DIGITS = 16


class NoSuchBooklet(ValueError):
    """The code was misread, or is of a test or bank that this server never had."""


class BadSheet(ValueError):
    """What nobody can have written on that sheet."""


@dataclass(frozen=True)
class Booklet:
    """`items`: those of the form, by slug, as they were in that version of the bank."""

    test: Test
    bank: str
    number: int
    form: Form
    items: Mapping[str, Item]

    @property
    def code(self) -> str:
        """What the QR holds: test, version, number, and the check digits that a person compares."""
        return f"{self.test.slug}:{self.test.version}:{self.number}:{self.form.digest}"

    def sheet(self, name: str) -> Module:
        found = next((one for one in self.form.modules if one.name == name), None)
        if found is None:
            raise BadSheet(f"sheet {name}: the booklet has none")
        return found

    def order(self, item: Item) -> list[int]:
        """The parts' own indexes as printed: A is the first of them."""
        return item.shown_order(self.number)

    def keys(self, item: Item) -> str:
        if item.kind == Item.Kind.SHORT:
            return " / ".join(item.keys())
        shown = self.order(item)
        return "".join(sorted(LETTERS[shown.index(index)] for index in item.keys()[0]))


def make_booklet(test: Test, number: int = 1) -> Booklet:
    """From today's bank. Another number gives other sheets. Raises ValueError."""
    if test.mode != Test.Mode.ADAPTIVE:
        raise ValueError(gettext("Only an adaptive test has a paper form."))
    return build_booklet(test, version_for(test), number)


def build_booklet(test: Test, version: BankVersion, number: int) -> Booklet:
    opened = open_bank(version.pk)
    items = Item.objects.in_bulk(opened.items)
    allowed = {index for index, item in enumerate(opened.items) if items[item].kind in PAPER_KINDS}
    form = build_form(opened.table, policy_of(test), number, allowed)
    used = [item for module in form.modules for item in module.items]
    by_slug = {opened.bank.slugs[index]: items[opened.items[index]] for index in used}
    return Booklet(test, version.pk, number, form, by_slug)


def foresee_booklet(booklet: Booklet) -> list[tuple[float, Forecast]]:
    """What people at some distances from the cut, in logits, have to expect."""
    cut, p = policy_of(booklet.test).cut or 0.0, open_bank(booklet.bank).table.parameters
    return [(distance, foresee(booklet.form, p, cut + distance)) for distance in DISTANCES]


def find_booklet(code: str) -> Booklet:
    """The booklet on whose sheets this code stands, whichever bank it was made from. Raises NoSuchBooklet."""
    try:
        slug, version, number, digest = code.strip().split(":")
        test = Test.objects.get(slug=slug, version=version, mode=Test.Mode.ADAPTIVE)
        made = booklets_of(test, int(number))
    except (ValueError, Test.DoesNotExist) as problem:
        raise NoSuchBooklet(f"booklet {code!r}") from problem
    found = next((one for one in made if one.form.digest == digest), None)
    if found is None:
        raise NoSuchBooklet(f"booklet {code!r}")
    return found


def booklets_of(test: Test, number: int) -> Iterator[Booklet]:
    """Those of this number from each bank there was, the latest first."""
    for version in BankVersion.objects.filter(framework=test.framework_id).order_by("-made_at"):
        with suppress(ValueError):  # a bank that was too small for this test
            yield build_booklet(test, version, number)


def mark_sheets(booklet: Booklet, sheets: Mapping[str, Sequence[str]]) -> Outcome:
    """The decision on what stands on the sheets handed in: by sheet, one entry a question.

    An entry is the letters circled (`B`, `AC`), the word or number written, or empty. Raises BadSheet.
    """
    answers: dict[str, bool] = {}
    for name, entries in sheets.items():
        module = booklet.sheet(name)
        if len(entries) != len(module.slugs):
            raise BadSheet(f"sheet {name}: {len(entries)} answers for {len(module.slugs)} questions")
        for slug, entry in zip(module.slugs, entries, strict=True):
            answers[slug] = mark_entry(booklet, booklet.items[slug], entry)
    return replay_form(booklet.form, answers)


def mark_entry(booklet: Booklet, item: Item, entry: str) -> bool:
    written = entry.strip()
    if written in BLANKS:
        return False
    if item.kind == Item.Kind.SHORT:
        return is_right(item.kind, item.body, written)
    order = booklet.order(item)
    places = [LETTERS.find(letter) for letter in written.upper()]
    if not all(0 <= place < len(order) for place in places):
        raise BadSheet(f"{item.slug}: {entry!r} is none of the letters A to {LETTERS[len(order) - 1]}")
    return is_right(item.kind, item.body, sorted({order[place] for place in places}))


def phone_form(booklet: Booklet) -> dict[str, Any]:
    """The form with its questions, for asking without a network.

    There are no keys in it: a device compares sha256("<code>:<slug>:<answer>"), its first hex digits, with
    the item's `marks`, an answer being the own indexes of the options, sorted and joined by commas, or the
    text as engine.marking.comparable has it. Whoever can read code can try all options out, so a verdict of a
    device is for showing alone: the server marks the answers again.
    """
    questions = {slug: phone_item(booklet, item) for slug, item in booklet.items.items()}
    about = {"code": booklet.code, "title": booklet.test.name(), "minutes": booklet.test.minutes}
    return booklet.form.as_json() | about | {"questions": questions}


def phone_item(booklet: Booklet, item: Item) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": item.kind, "stem": item.body["stem"]}
    if item.kind == Item.Kind.SHORT:
        answers = sorted({comparable(form, item.body) for form in item.body["accept"]})
        shown["input"] = item.body["input"]
    else:
        answers = [",".join(str(index) for index in sorted(item.keys()[0]))]
        shown["options"] = [option["text"] for option in item.body["options"]]
        shown["order"] = booklet.order(item)
    return shown | {"marks": [mark_of(booklet, item.slug, answer) for answer in answers]}


def mark_of(booklet: Booklet, slug: str, answer: str) -> str:
    return sha256(f"{booklet.code}:{slug}:{answer}".encode()).hexdigest()[:MARK_DIGITS]


def as_bytes(phone: Mapping[str, Any]) -> bytes:
    return json.dumps(phone, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Rule:
    """A line of the scoring card: with so many points in all, decided, or on to another sheet."""

    low: int
    high: int
    decision: Decision
    sheet: str


def rules(form: Form) -> list[list[Rule]]:
    """By stage, all totals from 0 to the most there can be."""
    found: list[list[Rule]] = []
    most = 0
    for number, stage in enumerate(form.stages):
        most += max(module.points[-1] for module in stage.modules)
        following = form.stages[number + 1] if number + 1 < len(form.stages) else None
        lines = groupby(range(most + 1), lambda total, at=stage, to=following: rule_for(at, to, total))  # type: ignore[misc]
        stage_rules = []
        for (decision, sheet), totals in lines:
            spread = list(totals)
            stage_rules.append(Rule(spread[0], spread[-1], decision, sheet))
        found.append(stage_rules)
    return found


def rule_for(stage: Stage, following: Stage | None, total: int) -> tuple[Decision, str]:
    decision = stage.decide(total)
    if decision is not Decision.UNDECIDED or following is None:
        return decision, ""
    return decision, following.modules[stage.next_place(total)].name


def draw_sheets(booklet: Booklet) -> bytes:
    """For learners: neither keys nor points, nor which sheet follows."""
    words = {
        "sheet": gettext("Sheet"),
        "name": gettext("Full name"),
        "village": gettext("Village"),
        "begin": gettext(
            "Circle the letter before the right answer. If you do not know, leave it and go on."
        ),
        "write": gettext("Write the answer here:"),
        "done": gettext("Done? Hand this sheet to the person in charge."),
        "over": gettext("Please turn over."),
    }
    sheets = [
        {"name": one.name, "questions": [printed(booklet, booklet.items[slug]) for slug in one.slugs]}
        for one in booklet.form.modules
    ]
    return render_pdf(PRINT / "sheets.typ", about(booklet) | {"words": words, "sheets": sheets})


def printed(booklet: Booklet, item: Item) -> dict[str, Any]:
    options = [] if item.kind == Item.Kind.SHORT else item.body["options"]
    texts = [options[index]["text"] for index in booklet.order(item)] if options else []
    return {"kind": item.kind, "stem": item.body["stem"], "options": texts}


def draw_card(booklet: Booklet) -> bytes:
    """For the invigilator alone: how it goes, the keys, the points, where to go on, and a list of results."""
    words = {
        "title": gettext("Scoring card"),
        "secret": gettext("For the person in charge alone. Keep it away from the learners' table."),
        "how": gettext("How it goes"),
        "steps": [
            gettext("Everybody begins with sheet 1. No phones, no talking; there is time enough for all."),
            gettext(
                "Take the sheet back. Count the right answers with the keys overleaf. A question left open, "
                "or with other letters than the key has, counts as not right."
            ),
            gettext("Read off what that number is worth on this sheet, and add it to the points before."),
            gettext("Look up the sum in the row of this round: passed, not yet, or the sheet to give next."),
            gettext(
                "Write each sheet and the result into the list. Keep the sheets: they are entered later."
            ),
        ],
        "kind": gettext(
            "Say nothing of sheets being easier or harder. Thank everybody, whatever the result."
        ),
        "rounds": gettext("Where to go on"),
        "round": gettext("Round"),
        "points": gettext("The sum of points, and what then"),
        "example": gettext("Example"),
        "keys": gettext("Keys and points"),
        "sheet": gettext("Sheet"),
        "question": gettext("Question"),
        "key": gettext("Key"),
        "right": gettext("Right answers"),
        "worth": gettext("Points"),
        "list": gettext("List of results"),
        "name": gettext("Full name"),
        "village": gettext("Village"),
        "result": gettext("Result"),
        "place": gettext("Place and day"),
        "by": gettext("Person in charge"),
        "short": gettext("Right"),
        "sum": gettext("Sum"),
    }
    rounds = [
        {
            "sheets": [one.name for one in stage.modules],
            "rules": [
                {"points": spread_of(rule), "then": name_rule(rule), "decision": rule.decision}
                for rule in lines
            ],
        }
        for stage, lines in zip(booklet.form.stages, rules(booklet.form), strict=True)
    ]
    sheets = [
        {
            "name": one.name,
            "keys": [booklet.keys(booklet.items[slug]) for slug in one.slugs],
            "points": list(one.points),
        }
        for one in booklet.form.modules
    ]
    return render_pdf(
        PRINT / "card.typ",
        about(booklet)
        | {"words": words, "rounds": rounds, "example": example(booklet.form), "sheets": sheets},
    )


def example(form: Form) -> list[str]:
    """The first two rounds of somebody with most answers right, worked out line by line."""
    lines: list[str] = []
    total = place = 0
    for number, (stage, stage_rules) in enumerate(zip(form.stages[:2], rules(form), strict=False), 1):
        module = stage.modules[place]
        right = ceil(len(module.items) * 0.6)
        total += module.points[right]
        rule = next(one for one in stage_rules if one.low <= total <= one.high)
        lines.append(
            gettext(
                "Round %(round)s: sheet %(sheet)s with %(right)s right is %(points)s points. "
                "The sum is %(total)s: %(then)s."
            )
            % {
                "round": number,
                "sheet": module.name,
                "right": right,
                "points": module.points[right],
                "total": total,
                "then": name_rule(rule),
            }
        )
        if rule.decision is not Decision.UNDECIDED:
            break
        place = stage.next_place(total)
    return lines


def spread_of(rule: Rule) -> str:
    return str(rule.low) if rule.low == rule.high else f"{rule.low}–{rule.high}"


def name_rule(rule: Rule) -> str:
    if rule.decision is Decision.UNDECIDED:
        return gettext("give sheet %(number)s") % {"number": rule.sheet}
    return gettext("passed") if rule.decision is Decision.ABOVE else gettext("not yet")


def about(booklet: Booklet) -> dict[str, Any]:
    code = io.BytesIO()
    segno.make(booklet.code, error="m").save(code, kind="svg", border=0, xmldecl=False, svgns=True)
    digest = booklet.form.digest
    return {
        "language": get_language() or "vi",
        "title": booklet.test.name(),
        "qr": code.getvalue().decode(),
        "code": gettext("Form %(number)s · code %(code)s")
        % {"number": booklet.number, "code": f"{digest[:4]} {digest[4:]}".upper()},
    }


def write_booklet(booklet: Booklet, folder: Path) -> list[Path]:
    """`sheets.pdf` for learners, `card.pdf` for the invigilator, `form.json` for phones."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "sheets.pdf": draw_sheets(booklet),
        "card.pdf": draw_card(booklet),
        "form.json": as_bytes(phone_form(booklet)),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]
