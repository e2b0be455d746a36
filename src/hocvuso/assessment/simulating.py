"""The release check of a test: simulated examinees through the real engine, bank and policy; its report."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hocvuso.assessment.banks import OpenBank, open_bank, version_for
from hocvuso.assessment.engine import plots
from hocvuso.assessment.engine.policy import Policy
from hocvuso.assessment.engine.simulation import (
    DISTANCES,
    Demand,
    Trial,
    accuracy,
    at_distances,
    median_length,
    misjudged,
    people_like,
    release_check,
    resampled,
    simulate,
)
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.selection import policy_of
from hocvuso.base.charts import draw

# Whom a test must be fair to: mean and spread of ability are assumptions, in logits.
COMMUNITIES = (
    (gettext_noop("18 to 34 years"), 0.6, 0.9),
    (gettext_noop("35 to 59 years"), 0.1, 1.0),
    (gettext_noop("60 years and older"), -0.6, 1.0),
)
WRONG_NUMBERS = (
    (gettext_noop("items tell less than expected (slopes × 0.75)"), 0.75, 0.0),
    (gettext_noop("items tell more than expected (slopes × 1.33)"), 1.33, 0.0),
    (gettext_noop("difficulties misjudged by half a logit"), 1.0, 0.5),
)

DEMANDS = (  # as engine.simulation names them
    gettext_noop("right verdicts half a logit below the cut"),
    gettext_noop("right verdicts half a logit above the cut"),
    gettext_noop("median length for people a logit or more from the cut"),
    gettext_noop("highest exposure of an item"),
    gettext_noop("worst gap to the blueprint, items"),
)


@dataclass(frozen=True)
class Line:
    """One row of the report: for whom, how often right, how long."""

    name: str
    right: float
    wrongly_passed: float
    wrongly_failed: float
    median: float
    rmse: float


@dataclass(frozen=True)
class Report:
    test: Test
    bank: str
    items: int
    calibrated: bool
    seed: int
    demands: list[Demand]
    distances: list[tuple[float, float, float]]
    communities: list[Line]
    wrong_numbers: list[Line]
    never_asked: int
    charts: dict[str, str]

    @property
    def holds(self) -> bool:
        return all(demand.holds for demand in self.demands)


def check_release(test: Test, *, each: int, people: int, seed: int = 0, resample: bool = False) -> Report:
    """`each`: examinees at each distance from the cut; `people`: of each population. Raises ValueError."""
    if test.mode != Test.Mode.ADAPTIVE:
        raise ValueError(_("Only an adaptive test can be simulated."))
    version = version_for(test)
    opened, policy = open_bank(version.pk), policy_of(test)
    cut = policy.cut or 0.0
    trial = simulate(opened.table, policy, at_distances(cut, each), seed)
    whom = people_resampled(test, people, seed) if resample else people_like(0.0, 1.0, people, seed)
    population = simulate(opened.table, policy, whom, seed + len(trial.runs))
    return Report(
        test=test,
        bank=version.pk,
        items=len(opened.items),
        calibrated=version.calibration_id is not None,
        seed=seed,
        demands=release_check(trial, population, cut),
        distances=[distance_row(trial, distance, cut) for distance in DISTANCES],
        communities=[
            line_of(_(name), simulate(opened.table, policy, people_like(mean, spread, people, seed), seed))
            for name, mean, spread in COMMUNITIES
        ],
        wrong_numbers=[
            line_of(_(name), untrue(opened, policy, whom, seed, slope, noise))
            for name, slope, noise in WRONG_NUMBERS
        ],
        never_asked=sum(population.exposure[item] == 0 for item in range(len(opened.items))),
        charts=draw_charts(opened, policy, trial, population),
    )


def people_resampled(test: Test, people: int, seed: int) -> Any:
    """From the estimates of those who sat the test: of any version, on any bank of its framework."""
    found = Attempt.objects.filter(test__slug=test.slug, score__isnull=False).exclude(estimate={})
    estimates = [
        (one["estimate"], one["error"]) for one in found.values_list("estimate", flat=True).iterator()
    ]
    return resampled(estimates, people, seed)


def untrue(opened: OpenBank, policy: Policy, whom: Any, seed: int, slope: float, noise: float) -> Trial:
    truth = misjudged(opened.table.parameters, slope, noise, seed)
    return simulate(opened.table, policy, whom, seed, truth)


def line_of(name: str, trial: Trial) -> Line:
    below = [one for one in trial.runs if not one.above]
    above = [one for one in trial.runs if one.above]
    return Line(
        name=name,
        right=accuracy(trial.runs),
        wrongly_passed=1 - accuracy(below) if below else 0.0,
        wrongly_failed=1 - accuracy(above) if above else 0.0,
        median=median_length(trial.runs),
        rmse=trial.rmse,
    )


def distance_row(trial: Trial, distance: float, cut: float) -> tuple[float, float, float]:
    runs = trial.near(distance, cut)
    return distance, accuracy(runs), median_length(runs)


def draw_charts(opened: OpenBank, policy: Policy, trial: Trial, population: Trial) -> dict[str, str]:
    cut, bank, table = policy.cut or 0.0, opened.bank, opened.table
    away = _("Logits from the cut")
    lengths = [
        (distance, *np.quantile([one.asked for one in trial.near(distance, cut)], (0.1, 0.5, 0.9)).tolist())
        for distance in DISTANCES
    ]
    specs = {
        "verdicts": plots.share_chart(
            [(distance, accuracy(trial.near(distance, cut))) for distance in DISTANCES],
            x=away,
            y=_("Right verdicts"),
            limit=0.95,
        ),
        "lengths": plots.band_chart(lengths, x=away, y=_("Questions asked")),
        "exposure": plots.exposure_chart(
            [population.rate(item) for item in range(len(bank))],
            x=_("Items, the most exposed first"),
            y=_("Met by"),
            limit=0.25,
        ),
        "information": plots.information_chart(
            table.grid,
            plots.group_information(table.information, bank.group.tolist(), bank.groups),
            cut,
            x=_("Ability, logits"),
            y=_("Information of the bank"),
        ),
    }
    return {name: draw(spec) for name, spec in specs.items()}


def write_report(report: Report, folder: Path) -> None:
    """`report.html` for people, `report.json` for machines."""
    folder.mkdir(parents=True, exist_ok=True)
    page = render_to_string("assessment/simulation_report.html", {"report": report})
    (folder / "report.html").write_text(page, encoding="utf-8")
    (folder / "report.json").write_text(json.dumps(as_json(report), indent=1), encoding="utf-8")


def as_json(report: Report) -> dict[str, Any]:
    return {
        "test": f"{report.test.slug} {report.test.version}",
        "bank": report.bank,
        "items": report.items,
        "calibrated": report.calibrated,
        "seed": report.seed,
        "holds": report.holds,
        "demands": [
            {"name": one.name, "value": round(one.value, 4), "limit": one.limit, "holds": one.holds}
            for one in report.demands
        ],
        "distances": [[round(number, 4) for number in row] for row in report.distances],
        "communities": [vars(line) for line in report.communities],
        "wrong_numbers": [vars(line) for line in report.wrong_numbers],
        "never_asked": report.never_asked,
    }
