from __future__ import annotations

import pytest

from pytest_mlkata.checks import points


@pytest.fixture(autouse=True)
def known_marker(pytestconfig: pytest.Config) -> None:
    pytestconfig.addinivalue_line("markers", "mlkata: a check, as the runs of katas declare it")


def test_points_are_a_mark_with_the_function_where_it_is_named() -> None:
    assert points(2).mark.kwargs == {"points": 2}
    assert points(1, function="fit").mark.kwargs == {"points": 1, "function": "fit"}
    assert points(1).name == "mlkata"


@pytest.mark.parametrize("value", [0, -1])
def test_a_check_is_worth_something(value: int) -> None:
    with pytest.raises(ValueError, match="at least 1 point"):
        points(value)
