"""People sit the shipped test adaptively and on paper, for bench.multistage."""

import json
import sys
from pathlib import Path

import django

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402

from hocvuso.assessment.banks import open_bank  # noqa: E402
from hocvuso.assessment.booklet.making import make_booklet  # noqa: E402
from hocvuso.assessment.booklet.phone import as_bytes, phone_form  # noqa: E402
from hocvuso.assessment.engine.bank import Table  # noqa: E402
from hocvuso.assessment.engine.cat import replay  # noqa: E402
from hocvuso.assessment.engine.chance import ANSWER, draw  # noqa: E402
from hocvuso.assessment.engine.irt import Floats, Parameters, probability  # noqa: E402
from hocvuso.assessment.engine.multistage import Form, foresee, sit_form  # noqa: E402
from hocvuso.assessment.engine.policy import Policy  # noqa: E402
from hocvuso.assessment.engine.simulation import accuracy, misjudged, people_like, simulate  # noqa: E402
from hocvuso.assessment.models.tests import Test  # noqa: E402
from hocvuso.assessment.selection import policy_of  # noqa: E402

SEED = 2026
PEOPLE = 4000  # of each group
FORMS = 20
TURNS = 5
EDGE = 0.5


def main(folder: Path) -> None:
    call_command("migrate", verbosity=0)
    call_command("content_load", verbosity=0)
    test = Test.objects.current().get(slug="citizen-basic")
    booklets = [make_booklet(test, number + 1) for number in range(FORMS)]
    table, policy = open_bank(booklets[0].bank).table, policy_of(test)
    forms = [booklet.form for booklet in booklets]
    cut = policy.cut or 0.0
    people, p = people_like(0.0, 1.0, PEOPLE, SEED), table.parameters
    groups = {
        "half a logit below the cut": (np.full(PEOPLE, cut - EDGE), p),
        "half a logit above the cut": (np.full(PEOPLE, cut + EDGE), p),
        "people of N(0, 1)": (people, p),
        "N(0, 1), slopes × 0.75": (people, misjudged(p, slope=0.75)),
        "N(0, 1), difficulties off by 0.5": (people, misjudged(p, noise=0.5, seed=SEED)),
    }
    found = {
        "groups": {
            name: sit_both(table, policy, forms[:TURNS], thetas, truth, number * PEOPLE)
            for number, (name, (thetas, truth)) in enumerate(groups.items())
        },
        "agreement": agreement(table, policy, forms[:TURNS], people),
        "worst": min(right_at_the_edges(table, policy, form) for form in forms),
        "bytes": max(len(as_bytes(phone_form(booklet))) for booklet in booklets),
        "table": max(len(as_bytes(form.as_json())) for form in forms),
    }
    (folder / "sitters.json").write_text(json.dumps(found), encoding="utf-8")


def sit_both(
    table: Table, policy: Policy, forms: list[Form], thetas: Floats, truth: Parameters, seed: int
) -> dict[str, float]:
    trial = simulate(table, policy, thetas, seed, truth)
    sat = [
        sit_form(forms[number % len(forms)], Examinee(truth, float(theta), seed + number))
        for number, theta in enumerate(thetas)
    ]
    right = [one.passed == (theta >= (policy.cut or 0.0)) for one, theta in zip(sat, thetas, strict=True)]
    return {
        "adaptive": accuracy(trial.runs),
        "adaptive asked": float(np.mean([run.asked for run in trial.runs])),
        "form": float(np.mean(right)),
        "asked": float(np.mean([one.asked for one in sat])),
    }


class Examinee:
    """The examinee of engine.simulation: same seed, same luck."""

    def __init__(self, p: Parameters, theta: float, seed: int) -> None:
        self.chances, self.seed = probability(theta, p), seed
        self.given: dict[int, bool] = {}

    def __call__(self, item: int) -> bool:
        self.given[item] = bool(draw(self.seed, ANSWER, item) < self.chances[item])
        return self.given[item]


def agreement(table: Table, policy: Policy, forms: list[Form], thetas: Floats) -> float:
    """How often the number right gives the side that the adaptive engine sees in the same answers."""
    same = 0
    for number, theta in enumerate(thetas):
        examinee = Examinee(table.parameters, float(theta), number)
        passed = sit_form(forms[number % len(forms)], examinee).passed
        same += passed == (replay(table, policy, list(examinee.given.items())).ratio > 0)
    return same / len(thetas)


def right_at_the_edges(table: Table, policy: Policy, form: Form) -> float:
    cut = policy.cut or 0.0
    below, above = (foresee(form, table.parameters, cut + side).passing for side in (-EDGE, EDGE))
    return min(1 - below, above)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
