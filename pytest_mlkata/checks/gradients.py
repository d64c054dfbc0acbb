"""Derivatives by finite differences: an oracle that knows nothing of the formula it checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def finite_differences(
    function: Callable[[NDArray[np.float64]], float],
    point: ArrayLike,
    *,
    step: float = 1e-6,
) -> NDArray[np.float64]:
    """Differentiate a function of an array by central differences, in float64.

    Parameters
    ----------
    function
        From an array of the shape of `point` to a number. Smooth within `step` of the point.
    point
        Where to differentiate.
    step
        Half the distance of the two points of a difference. The error is about ``step ** 2`` plus the rounding
        error of `function` divided by `step`: expect agreement to about 1e-6 with values of size one.

    Returns
    -------
    numpy.ndarray
        The derivative by each element, in the shape of `point`.
    """
    centre = np.array(point, dtype=np.float64)
    slopes = np.empty_like(centre)
    for index in np.ndindex(centre.shape):
        ahead, behind = centre.copy(), centre.copy()
        ahead[index] += step
        behind[index] -= step
        # What was added differs from `step` by rounding, so divide by the distance that really lies between.
        slopes[index] = (float(function(ahead)) - float(function(behind))) / (ahead[index] - behind[index])
    return slopes
