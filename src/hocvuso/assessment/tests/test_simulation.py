"""The simulator tells good policies from bad ones, the same each time."""

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from hocvuso.assessment.engine.bank import Bank, Table, build_table
from hocvuso.assessment.engine.irt import Parameters
from hocvuso.assessment.engine.policy import Policy
from hocvuso.assessment.engine.simulation import (
    DISTANCES,
    accuracy,
    at_distances,
    median_length,
    misjudged,
    people_like,
    release_check,
    resampled,
    simulate,
)
from hocvuso.assessment.tests.make import make_test
from hocvuso.assessment.tests.test_adaptive import make_adaptive


def make_table(items: int = 400) -> Table:
    b = np.linspace(-2.5, 2.5, items)
    names = [f"i{number}" for number in range(items)]
    groups = [str(number % 2) for number in range(items)]
    return build_table(Bank.of(names, groups, Parameters.of(b, 1.4)))


SHARES = {"0": 0.5, "1": 0.5}
GOOD = Policy(shares=SHARES, min_length=6, max_length=60, cut=0.0, classify="sprt", delta=0.5, randomesque=12)
HASTY = Policy(shares=SHARES, min_length=2, max_length=3, cut=0.0, classify="sprt", delta=0.5)


def test_a_good_policy_passes_the_release_check() -> None:
    trial = simulate(make_table(), GOOD, at_distances(0.0, 300), 1)
    population = simulate(make_table(), GOOD, people_like(0, 1, 600, 1), 2)

    assert [demand.name for demand in release_check(trial, population, 0.0) if not demand.holds] == []


def test_a_hasty_policy_does_not() -> None:
    trial = simulate(make_table(), HASTY, at_distances(0.0, 100), 1)
    population = simulate(make_table(), HASTY, people_like(0, 1, 200, 1), 2)

    missed = [demand.name for demand in release_check(trial, population, 0.0) if not demand.holds]

    assert missed[:2] == [
        "right verdicts half a logit below the cut",
        "right verdicts half a logit above the cut",
    ]
    assert "highest exposure of an item" in missed


def test_the_same_seed_gives_the_same_trial() -> None:
    first, second = (simulate(make_table(), GOOD, at_distances(0.0, 10), 5) for _again in range(2))

    assert first.runs == second.runs
    assert first.exposure == second.exposure


def test_who_is_far_from_the_cut_is_told_apart_sooner_and_better() -> None:
    trial = simulate(make_table(), GOOD, at_distances(0.0, 100), 3)

    near, far = trial.near(0.5, 0.0), trial.near(2.0, 0.0)

    assert median_length(far) < median_length(near)
    assert accuracy(far) >= accuracy(near)
    assert sum(len(trial.near(distance, 0.0)) for distance in DISTANCES) == len(trial.runs)


def test_wrong_numbers_cost_accuracy() -> None:
    table, thetas = make_table(), at_distances(0.0, 150, (-0.5, 0.5))

    honest = simulate(table, GOOD, thetas, 1)
    flat = simulate(table, GOOD, thetas, 1, misjudged(table.parameters, slope=0.4))

    assert accuracy(flat.runs) < accuracy(honest.runs) - 0.05


def test_people_resampled_look_like_those_who_sat() -> None:
    thetas = resampled([(1.0, 0.1), (2.0, 0.1)], 2000, 1)

    assert abs(thetas.mean() - 1.5) < 0.05
    with pytest.raises(ValueError, match="nobody"):
        resampled([], 10, 1)


@pytest.mark.django_db
def test_the_command_reports_and_refuses_what_misses(tmp_path: Path) -> None:
    make_adaptive(length=4, slug="ngan")
    out = StringIO()

    with pytest.raises(CommandError, match="release check"):
        call_command("items_simulate", "ngan", each=20, people=30, out=tmp_path, stdout=out)

    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert told["holds"] is False
    assert told["calibrated"] is False
    assert page.count("<svg") == 4
    assert "MISSES" in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "options", "words"),
    [
        ("khong-co", {}, "no test"),
        ("co-dinh", {}, "thích ứng|adaptive"),
        ("ngan", {"each": 0}, "examinee"),
        ("ngan", {"resample": True}, "nobody"),
    ],
)
def test_the_command_says_what_it_cannot_do(slug: str, options: dict[str, int], words: str) -> None:
    adaptive = make_adaptive(length=4, slug="ngan")
    make_test("co-dinh", framework=adaptive.framework)

    with pytest.raises(CommandError, match=words):
        call_command("items_simulate", slug, people=5, **{"each": 5, **options})
