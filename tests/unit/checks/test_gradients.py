from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlkata.checks import finite_differences


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=4))
def test_a_smooth_function_is_differentiated(values: list[float]) -> None:
    point = np.array(values)
    slopes = finite_differences(lambda v: float(np.sin(v).sum() + v[0] ** 2), point)
    expected = np.cos(point)
    expected[0] += 2 * point[0]
    np.testing.assert_allclose(slopes, expected, atol=1e-7)


def test_the_shape_is_kept_and_the_point_is_not_changed() -> None:
    point = np.ones((2, 3), dtype=np.float32)
    slopes = finite_differences(lambda v: float((v**3).sum()), point)
    assert slopes.shape == (2, 3)
    assert slopes.dtype == np.float64
    np.testing.assert_array_equal(point, 1)
    np.testing.assert_allclose(slopes, 3, rtol=1e-7)


def test_a_number_is_a_point_too() -> None:
    assert abs(float(finite_differences(lambda v: float(v) ** 2, 1e6)) - 2e6) < 100
