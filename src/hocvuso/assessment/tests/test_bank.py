import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.bank import MOST_CUTS
from hocvuso.assessment.engine.cat import (
    BadTable,
    Bank,
    Classify,
    Parameters,
    Policy,
    build_table,
    information,
    next_step,
    open_table,
    save_table,
)
from hocvuso.assessment.engine.irt import log_probabilities
from hocvuso.assessment.tests.test_cat import BANK, GROUP, SHARES, TABLE, make_bank


@given(st.integers(0, 80), st.integers(0, 119))
def test_the_table_holds_the_formulas_at_its_points(point: int, item: int) -> None:
    theta, p = TABLE.grid[point], TABLE.parameters.take([item])

    right, wrong = log_probabilities(theta, p)

    assert theta == pytest.approx(-4 + point / 10, abs=1e-12)
    assert TABLE.log_answer[item, :, point].tolist() == pytest.approx([wrong[0], right[0]], abs=1e-12)
    assert TABLE.information[point, item] == pytest.approx(information(theta, p)[0], abs=1e-12)


def test_orders_are_by_information_with_ties_to_the_lower_number() -> None:
    for point in range(len(TABLE.grid)):
        informs = TABLE.information[point]
        best_first = sorted(range(len(BANK)), key=lambda item: (-informs[item], item))

        assert TABLE.order[point].tolist() == best_first
        for group in range(4):
            start, end = TABLE.group_start[group : group + 2]
            of_group = [item for item in best_first if GROUP[item] == group]
            assert TABLE.group_order[point, start:end].tolist() == of_group


def test_a_saved_table_opens_the_same(tmp_path: Path) -> None:
    place = save_table(TABLE, tmp_path)

    opened = open_table(place)

    assert place == tmp_path / TABLE.version
    assert (opened.version, opened.bank.slugs, opened.bank.groups) == (TABLE.version, BANK.slugs, BANK.groups)
    for name in ("grid", "log_answer", "information", "order", "group_order", "group_start"):
        assert np.array_equal(getattr(opened, name), getattr(TABLE, name))
    assert opened.bank.step.tolist() == BANK.step.tolist()
    policy = Policy(shares=SHARES, cut=0.0, classify=Classify.SPRT)
    assert next_step(opened, policy, [(1, True)], 5) == next_step(TABLE, policy, [(1, True)], 5)


def test_an_opened_table_is_shared_and_cannot_be_written(tmp_path: Path) -> None:
    opened = open_table(save_table(TABLE, tmp_path))

    assert isinstance(opened.log_answer.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        opened.information[0, 0] = 1.0


def test_saving_again_leaves_what_is_there_and_no_remains(tmp_path: Path) -> None:
    place = save_table(TABLE, tmp_path)
    before = (place / "grid.npy").stat().st_mtime_ns

    again = save_table(build_table(make_bank()), tmp_path)

    assert again == place
    assert (place / "grid.npy").stat().st_mtime_ns == before
    assert [one.name for one in tmp_path.iterdir()] == [TABLE.version]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object, **_named: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "save", full)

    with pytest.raises(OSError, match="No space"):
        save_table(TABLE, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_table_is_replaced(tmp_path: Path) -> None:
    place = save_table(TABLE, tmp_path)
    (place / "about.json").write_bytes(b"")

    again = save_table(TABLE, tmp_path)

    assert open_table(again).version == TABLE.version
    assert [one.name for one in tmp_path.iterdir()] == [TABLE.version]


@pytest.mark.parametrize("damage", ["nothing", "short", "format", "other"])
def test_a_damaged_table_says_so(tmp_path: Path, damage: str) -> None:
    place = save_table(TABLE, tmp_path)
    about = json.loads((place / "about.json").read_text())
    if damage == "nothing":
        place = tmp_path / "none"
    elif damage == "short":
        content = (place / "order.npy").read_bytes()
        (place / "order.npy").write_bytes(content[: len(content) // 2])
    elif damage == "format":
        (place / "about.json").write_text(json.dumps({**about, "format": "0"}))
    else:
        (place / "about.json").write_text(json.dumps({**about, "groups": ["x", "g1", "g2", "g3"]}))

    with pytest.raises(BadTable):
        open_table(place)


def test_the_version_changes_with_every_number_a_step_depends_on() -> None:
    p = Parameters.of([0.0, 1.0])
    first = Bank.of(["a", "b"], ["g", "g"], p)
    others = [
        Bank.of(["a", "c"], ["g", "g"], p),
        Bank.of(["a", "b"], ["g", "h"], p),
        Bank.of(["a", "b"], ["g", "g"], p, skills=["s", "t"]),
        Bank.of(["a", "b"], ["g", "g"], p, steps=[1, 2]),
        Bank.of(["a", "b"], ["g", "g"], p, enemies=[1, 1]),
        Bank.of(["a", "b"], ["g", "g"], Parameters.of([0.0, 1.0], a=1.1)),
        Bank.of(["a", "b"], ["g", "g"]),
    ]

    assert first.version == Bank.of(["a", "b"], ["g", "g"], p).version
    assert len({first.version, *(one.version for one in others)}) == 8


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Bank.of(["a", "a"], ["g", "g"]), "same slug"),
        (lambda: Bank.of(["a"], ["g", "g"]), "groups has 2 entries for 1"),
        (lambda: Bank.of(["a"], ["g"], Parameters.of([0.0, 0.0])), "parameters has 2 entries for 1"),
        (lambda: build_table(Bank.of(["a"], ["g"])), "not calibrated"),
        (lambda: build_table(Bank.of([], [], Parameters.of(np.array([])))), "empty"),
    ],
)
def test_a_bank_that_does_not_fit_together_is_refused(make: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def test_the_kept_ratios_are_few() -> None:
    table = build_table(make_bank(8))

    for cut in range(MOST_CUTS + 3):
        table.log_ratios(cut / 10, cut / 10 + 0.5)

    assert len(table.ratios) == 3
