"""From the answers in the database to a draft calibration, and what it would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from hocvuso.assessment.banks import OpenBank, as_bank, expected_numbers, numbers_of, open_bank
from hocvuso.assessment.engine import cat
from hocvuso.assessment.engine.calibration import Calibration as Fitted
from hocvuso.assessment.engine.calibration import Kind, calibrate
from hocvuso.assessment.engine.dif import Dif, find_dif
from hocvuso.assessment.engine.fit import ItemFit, fit_items
from hocvuso.assessment.engine.linking import Linking, link_to_old, stocking_lord
from hocvuso.assessment.engine.responses import CannotCalibrate, GroupTooSmall, Responses
from hocvuso.assessment.engine.screening import NEEDED, TooFewResponses
from hocvuso.assessment.models.attempts import Attempt, Response
from hocvuso.assessment.models.items import Calibration, Item
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.selection import policy_of
from hocvuso.people.models.persons import Person
from hocvuso.skills.models import Framework

WARD = "Phường"
BANDS = 8
Numbers = dict[int, tuple[float, float, float, float]]


@dataclass(frozen=True)
class Draft:
    """A calibration worked out, not yet kept. `old` are the numbers in use before."""

    fitted: Fitted
    fit: ItemFit
    dif: list[Dif]
    linking: Linking | None
    report: dict[str, Any]
    old: Numbers
    seen: dict[int, list[tuple[float, float, int]]]

    @property
    def numbers(self) -> Numbers:
        rows = zip(self.fitted.a, self.fitted.b, self.fitted.c, strict=True)
        return {
            int(item): (float(a), float(b), float(c), 1.0)
            for item, (a, b, c) in zip(self.fitted.items, rows, strict=True)
        }


def read_responses(framework: Framework) -> Responses:
    """Each person's first answer to each current item. Raises CannotCalibrate when there is none."""
    rows = (
        Response.objects.filter(
            answered_at__isnull=False, item__current=True, item__skill__group__framework=framework
        )
        .order_by("attempt__started_at", "attempt", "position")
        .values_list("attempt__person", "item", "right")
    )
    first: dict[tuple[Any, int], bool] = {}
    for person, item, right in rows.iterator(20_000):
        first.setdefault((person, item), bool(right))
    if not first:
        raise CannotCalibrate("nobody has answered an item of this framework yet")
    people, items = zip(*first, strict=True)
    return Responses.of([str(person) for person in people], items, list(first.values()))


def draft_calibration(framework: Framework, *, model: Kind = "2pl", needed: int | None = None) -> Draft:
    """Items with too few answers keep their numbers; the others are put on the scale in use.

    Raises CannotCalibrate, which names what is missing.
    """
    responses, least = read_responses(framework), needed or NEEDED[model]
    enough = responses.items[responses.answered >= least]
    if not len(enough):
        counts = zip(responses.items.tolist(), responses.answered.tolist(), strict=True)
        raise TooFewResponses({slug_of(item): count for item, count in counts}, least)
    usable = responses.only(enough)
    fitted, old = calibrate(usable, model, needed=least), numbers_in_use(framework)
    fit = fit_items(fitted, usable)
    dif, too_small = compare_groups(usable, fitted)
    linked, linking = put_on_scale(fitted, old, framework)
    report = {
        "items_left": len(responses.items) - len(enough),
        "needed": least,
        "left_out": {slug_of(item): str(reason) for item, reason in fitted.left_out.items()},
        "converged": fitted.converged,
        "log_likelihood": round(fitted.log_likelihood, 2),
        "misfits": [slug_of(item) for item in fit.misfits],
        "dif": {f"{one.group} / {one.reference}": [slug_of(item) for item in one.large] for one in dif},
        "too_small": too_small,
        "drifted": [slug_of(item) for item in linking.dropped] if linking else [],
    }
    seen = shares_by_ability(usable, linked)
    return Draft(linked, fit, dif, linking, report, old, seen)


def shares_by_ability(responses: Responses, linked: Fitted) -> dict[int, list[tuple[float, float, int]]]:
    """By item, for people of like ability: (ability, share right, how many), to hold against the curve."""
    known = responses.only(linked.items)
    ability = linked.abilities(responses).value
    edges = np.quantile(ability, np.linspace(0, 1, BANDS + 1)[1:-1])
    band = np.digitize(ability, edges)[known.person]
    cell, size = known.item * BANDS + band, len(known.items) * BANDS
    many = np.bincount(cell, minlength=size)
    right = np.bincount(cell, known.right, size) / np.maximum(many, 1)
    place = np.bincount(cell, ability[known.person], size) / np.maximum(many, 1)
    rows = np.stack((place, right, many), axis=1).reshape(-1, BANDS, 3)
    return {
        int(item): [(round(at, 2), round(share, 3), int(n)) for at, share, n in several.tolist() if n]
        for item, several in zip(known.items, rows, strict=True)
    }


def slug_of(item: Any) -> str:
    return Item.objects.values_list("slug", flat=True).get(pk=int(item))


def numbers_in_use(framework: Framework) -> Numbers:
    rows = Item.objects.current().filter(skill__group__framework=framework)
    expected = {pk: expected_numbers(b, kind) for pk, b, kind in rows.values_list("pk", "difficulty", "kind")}
    return expected | numbers_of(Calibration.objects.in_force(framework.pk))


def put_on_scale(fitted: Fitted, old: Numbers, framework: Framework) -> tuple[Fitted, Linking | None]:
    """On the scale of the calibration in force, without items that have drifted; the first calibration is
    put on the scale that the authors expected, so that cuts keep their meaning."""
    before = Calibration.objects.in_force(framework.pk)
    if before is not None:
        linking = link_to_old(fitted, as_fitted(before))
        return linking.calibration, linking
    a, b, c, d = np.array([old[int(item)] for item in fitted.items]).T
    return stocking_lord(fitted.parameters, cat.Parameters.of(b, a, c, d)).apply(fitted), None


def as_fitted(calibration: Calibration) -> Fitted:
    rows = list(calibration.items.order_by("item_id"))
    column = {name: np.array([getattr(row, name) or 0.0 for row in rows]) for name in ("a", "b", "c")}
    return Fitted(
        model=calibration.model,  # type: ignore[arg-type] # checked when it was made
        items=np.array([row.item_id for row in rows]),
        **column,
        se_a=np.array([row.error_a or 0.0 for row in rows]),
        se_b=np.array([row.error_b or 0.0 for row in rows]),
        se_c=np.zeros(len(rows)),
        answered=np.array([row.answers for row in rows]),
        people=calibration.people,
        mean={"": 0.0},
        sd={"": 1.0},
        left_out={},
        log_likelihood=0.0,
        iterations=0,
        converged=True,
    )


def compare_groups(responses: Responses, fitted: Fitted) -> tuple[list[Dif], list[str]]:
    """By age band, sex, and ward or commune; and which groups were too small to compare."""
    abilities, found, too_small = fitted.abilities(responses), [], []
    for labels in group_labels(responses.people.tolist()):
        try:
            found += find_dif(responses, labels, abilities)
        except GroupTooSmall as refusal:
            too_small.append(str(refusal))
        except CannotCalibrate:  # one group alone: nothing to compare
            continue
    return found, too_small


def group_labels(people: Iterable[str]) -> list[dict[str, str]]:
    """{person: label} for each way of grouping; unknown is ''."""
    age: dict[str, str] = {}
    sex: dict[str, str] = {}
    home: dict[str, str] = {}
    known = set(people)
    fields = ("pk", "birth_year", "sex", "place__type_name", "place__parent__type_name")
    now = max(Attempt.objects.values_list("started_at", flat=True).order_by("-started_at")[:1])
    for pk, born, of_sex, type_name, above in Person.objects.values_list(*fields).iterator(10_000):
        if str(pk) in known:
            age[str(pk)] = "" if born is None else "60+" if now.year - born >= 60 else "0-59"
            sex[str(pk)] = of_sex
            types = {type_name, above}
            home[str(pk)] = "ward" if WARD in types else "commune" if "Xã" in types else ""
    return [age, sex, home]


def describe_fit(draft: Draft, place: int, item: int, change: float | None) -> dict[str, Any]:
    fit = draft.fit
    groups = [one for one in draft.dif if item in one.large]
    return {
        "infit": round(float(fit.infit[place]), 3),
        "outfit": round(float(fit.outfit[place]), 3),
        "rmsd": round(float(fit.rmsd[place]), 3),
        "p": round(float(fit.p[place]), 5),
        "misfit": item in fit.misfits,
        "dif": [f"{one.group} / {one.reference}" for one in groups],
        "change": None if change is None else round(change, 3),
        "seen": draft.seen[item],
        "before": [round(number, 3) for number in draft.old[item]],
    }


def who_changes_sides(framework: Framework, draft: Draft) -> dict[str, int]:
    """Of all whole adaptive attempts: how many would be decided otherwise with the new numbers."""
    counts = {"attempts": 0, "would_pass": 0, "would_fail": 0}
    attempts = Attempt.objects.filter(
        test__framework=framework,
        test__mode=Test.Mode.ADAPTIVE,
        status__in=(Attempt.Status.PASSED, Attempt.Status.FAILED),
        bank__isnull=False,
    ).select_related("test")
    in_order = attempts.order_by("bank", "test").iterator(500)
    for (bank, _test), several in groupby(in_order, key=lambda one: (one.bank_id, one.test_id)):
        recount(open_bank(str(bank)), list(several), draft.numbers, counts)
    return counts


def recount(opened: OpenBank, attempts: list[Attempt], numbers: Numbers, counts: dict[str, int]) -> None:
    table = cat.build_table(renumbered(opened, numbers))
    policy = policy_of(attempts[0].test)
    answers: dict[Any, list[tuple[int, bool]]] = {}
    rows = Response.objects.filter(attempt__in=[one.pk for one in attempts], answered_at__isnull=False)
    in_order = rows.order_by("attempt", "position").values_list("attempt", "item", "right")
    for pk, item, right in in_order:
        answers.setdefault(pk, []).append((opened.number_of[item], bool(right)))
    for attempt in attempts:
        given = answers.get(attempt.pk)
        if not given:
            continue
        passes = cat.replay(table, policy, given, attempt.seed).step().side is cat.Decision.ABOVE
        passed = attempt.status == Attempt.Status.PASSED
        counts["attempts"] += 1
        counts["would_pass"] += passes and not passed
        counts["would_fail"] += passed and not passes


def renumbered(opened: OpenBank, numbers: Numbers) -> cat.Bank:
    """The same bank with the new numbers where there are any."""
    bank, p = opened.bank, opened.table.parameters
    rows = [
        numbers.get(item, (p.a[place], p.b[place], p.c[place], p.d[place]))
        for place, item in enumerate(opened.items)
    ]
    return as_bank(
        {
            "slugs": list(bank.slugs),
            "groups": [bank.groups[group] for group in bank.group],
            "skills": [bank.skills[skill] for skill in bank.skill],
            "steps": bank.step.tolist(),
            "parameters": rows,
        }
    )
