"""Points and centres on small whole numbers, where distances are exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks.data import digits
from pytest_mlkata.checks.dress import LAYOUTS, laid_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COORDINATES = np.array([0, 1, 2, -1, 3, -2, 4, -3])
"""The simple ones first."""
_FAR = 1000

POINTS = (
    "any points",
    "duplicates",
    "one point",
    "all the same",
    "on a line",
    "one far away",
    "two groups",
)
"""What is special about the points."""

CENTERS = (
    "among the points",
    "anywhere",
    "at equal distance",
    "all the same",
    "one far away",
    "as many as points",
)
"""What is special about the centres."""

POINT_DTYPES = ("int64", "float64", "float32")
"""What points and centres come in."""


@dataclass(frozen=True, eq=False)
class PointCloud:
    """Points, and centres to go with them.

    Attributes
    ----------
    X
        Points (n, d).
    centers
        Centres (k, d), with k at most n.
    edge
        What is special about it: the points, the centres, the layout.
    """

    X: NDArray[Any]
    centers: NDArray[Any]
    edge: str = field(default="", repr=False)

    @property
    def k(self) -> int:
        """How many centres there are."""
        return len(self.centers)

    @property
    def arguments(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Points and centres, in the order in which functions take them."""
        return self.X, self.centers

    inputs = arguments


def _points(X: NDArray[np.int64], what: str) -> NDArray[np.int64]:
    """Change points as the edge tells."""
    if what == "one point":
        return X[:1]
    if what == "duplicates":
        X[len(X) // 2 :] = X[: -(-len(X) // 2)]
    elif what == "all the same":
        X[:] = X[0]
    elif what == "on a line":
        X[:] = X[:, :1] * (1 + np.arange(X.shape[1]))
    elif what == "one far away":
        X[-1] += _FAR
    elif what == "two groups":
        X[len(X) // 2 :] += _FAR // 10
    return X


def _centers(X: NDArray[np.int64], drawn: NDArray[np.int64], what: str) -> NDArray[np.int64]:
    """Choose centres as the edge tells; `drawn` are as many as wanted, at most one for each point."""
    count = len(drawn)
    if what == "among the points":
        return X[:count].copy()
    if what == "as many as points":
        return X[::-1].copy()
    if what == "all the same":
        drawn[:] = drawn[0]
    elif what == "one far away":
        drawn[-1] -= _FAR
    elif what == "at equal distance":
        drawn[:] = X[0]
        drawn[:, 0] += np.where(np.arange(count) % 2, -1, 1)
    return drawn


def point_clouds(
    *,
    max_points: int = 8,
    max_dimensions: int = 3,
    dtypes: tuple[str, ...] = POINT_DTYPES,
    dressed: bool = True,
) -> st.SearchStrategy[PointCloud]:
    """Draw points and centres on small whole numbers, at or near an edge.

    Parameters
    ----------
    max_points
        The most points, at least 2; the fewest is one.
    max_dimensions
        The most coordinates of a point; the fewest is one.
    dtypes
        What points and centres come in, the two alike.
    dressed
        Whether they come in all of these and in any layout, or as plain float64.

    Returns
    -------
    hypothesis.strategies.SearchStrategy of PointCloud
        Whole numbers, so that squared distances are exact, float32 included, and many are equal. There are at most as
        many centres as points, but there may be more of them than there are distinct points.
    """
    most = max_dimensions * (2 * max_points)
    return st.builds(
        _point_cloud,
        what=st.sampled_from(POINTS),
        where=st.sampled_from(CENTERS),
        n=st.sampled_from(range(2, max_points + 1)),
        d=st.integers(1, max_dimensions),
        numbers=st.binary(min_size=most + 1, max_size=most + 1),
        dtype=st.sampled_from(dtypes if dressed else ("float64",)),
        layout=st.sampled_from(LAYOUTS) if dressed else st.just(LAYOUTS[0]),
    )


def _point_cloud(*, what: str, where: str, n: int, d: int, numbers: bytes, dtype: str, layout: str) -> PointCloud:
    """Make points and centres of what was drawn: first the number of centres, then point by point."""
    (places,) = digits(numbers[1 : 1 + 2 * n * d], len(_COORDINATES))
    drawn = _COORDINATES[places].reshape(2 * n, d)
    X = _points(drawn[:n], what)
    centers = _centers(X, drawn[n : n + 1 + numbers[0] % len(X)], where)
    return PointCloud(
        X=laid_out(X.astype(dtype), layout),
        centers=laid_out(centers.astype(dtype), layout),
        edge=f"points: {what}; centres: {where}; {layout}",
    )
