"""The adaptive test where there is no network: its form, with the questions in it.

A booklet is worked out from the test, a version of the bank and its number; nothing of it is stored. Its code
stands on every sheet, so `find_booklet` brings it back when answers are entered, months later if need be.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext

from hocvuso.assessment.banks import open_bank, version_for
from hocvuso.assessment.engine.multistage import Forecast, Form, Module, build_form, foresee
from hocvuso.assessment.engine.simulation import DISTANCES
from hocvuso.assessment.models.items import BankVersion, Item
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.selection import policy_of

# An order and pairs cannot be marked at a glance, and a screen needs colour to be read.
PAPER_KINDS = (Item.Kind.CHOICE, Item.Kind.MULTIPLE, Item.Kind.SHORT)
LETTERS = "ABCDEF"


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
