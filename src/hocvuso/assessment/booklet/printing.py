"""The sheets for learners and the scoring card for the invigilator, as PDF."""

import io
from math import ceil
from pathlib import Path
from typing import Any

import segno
from django.utils.translation import get_language, gettext

from hocvuso.assessment.booklet.making import Booklet
from hocvuso.assessment.booklet.phone import as_bytes, phone_form
from hocvuso.assessment.engine.multistage import Form, Rule, rules
from hocvuso.assessment.engine.policy import Decision
from hocvuso.assessment.models.items import Item
from hocvuso.base.pdf import render_pdf

PRINT = Path(__file__).parents[1] / "print"


def draw_sheets(booklet: Booklet) -> bytes:
    """For learners: neither keys nor points, nor which sheet follows."""
    words = {
        "sheet": gettext("Sheet"),
        "name": gettext("Full name, year of birth"),
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
    return render_pdf(
        PRINT / "sheets.typ", about(booklet) | {"words": words, "sheets": sheets}, accessible=True
    )


def printed(booklet: Booklet, item: Item) -> dict[str, Any]:
    options = [] if item.kind == Item.Kind.SHORT else item.body["options"]
    texts = [options[index]["text"] for index in booklet.order(item)] if options else []
    return {"kind": item.kind, "stem": item.body["stem"], "options": texts}


def draw_card(booklet: Booklet) -> bytes:
    """For the invigilator alone: how it goes, the keys, the points, where to go on, and a list of results."""
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
        | {"words": card_words(), "rounds": rounds, "example": example(booklet.form), "sheets": sheets},
        accessible=True,
    )


def card_words() -> dict[str, Any]:
    return {
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
        "name": gettext("Full name, year of birth"),
        "village": gettext("Village"),
        "result": gettext("Result"),
        "place": gettext("Place and day"),
        "by": gettext("Person in charge"),
        "short": gettext("Right"),
        "sum": gettext("Sum"),
    }


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
