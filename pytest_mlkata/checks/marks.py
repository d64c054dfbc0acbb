"""How a check says what it is worth."""

from __future__ import annotations

import pytest


def points(value: int, *, function: str = "") -> pytest.MarkDecorator:
    """Give a check its points.

    Parameters
    ----------
    value
        Points earned when the check holds; there is no part of them.
    function
        The function of the kata's API that the check is about. May be left out where the name of the test
        starts with ``test_<function>_``.

    Returns
    -------
    pytest.MarkDecorator
        The decorator for the check.
    """
    if value < 1:
        raise ValueError(f"a check is worth at least 1 point, got {value}")
    return pytest.mark.mlkata(points=value, function=function) if function else pytest.mark.mlkata(points=value)
