import numpy as np
import pytest

from hocvuso.assessment.engine.significance import adjusted, chi_square_tail, normal_tails


@pytest.mark.parametrize(
    ("value", "freedom", "tail"),
    [
        (3.841458820694124, 1, 0.05),
        (5.991464547107979, 2, 0.05),
        (7.814727903251179, 3, 0.05),
        (18.307038053275146, 10, 0.05),
        (124.3421134042005, 100, 0.05),
        (31.26413362024, 9, 0.0002666746665150076),
        (2.5, 5, 0.7764950711233227),
        (140.0, 100, 0.0051405024585059085),
        (0.0, 4, 1.0),
        (-1.0, 1, 1.0),
        (2000.0, 7, 0.0),
    ],
)
def test_chi_square_tails_are_those_of_scipy(value: float, freedom: int, tail: float) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(tail, rel=1e-9, abs=1e-12)


def test_normal_tails_are_two_sided() -> None:
    np.testing.assert_allclose(normal_tails(np.array([1.959964, -2.575829, 0.0])), [0.05, 0.01, 1], rtol=1e-6)


def test_correction_for_many_tests_is_that_of_benjamini_and_hochberg() -> None:
    p = np.array([0.039, 0.001, 0.041, 0.008])

    assert adjusted(p).tolist() == pytest.approx([0.041, 0.004, 0.041, 0.016])
