"""Inputs of this kata's own: features by hand, monitored features with their windows, and data of any size."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import every_array_dress, laid_out, number
from pytest_mlkata.checks.dress import LAYOUTS

from . import reference as answer

N_BINS = (10, 4, 2, 3, 20)

# Ten values each, of which none lies on a quantile for ten bins, except where equal values meet. Those are powers
# of two: between two of them every formula for a quantile finds exactly the same number.
FEATURES = (
    np.arange(10.0),
    np.repeat([0.0, 1.0], 5),
    np.array([0.0, 0, 0, 0, 1, 1, 1, 2, 2, 2]),
    np.full(10, 4.0),
    np.array([0, np.nan, 1, 2, 3, 4, np.nan, 5, 6, 7]),
)

SECONDS = 1_767_225_600.25
"""A time of which float32 keeps no more than two minutes."""

TWO_VALUES = np.repeat([0.0, 1.0], 5)[:, None]
"""One feature that is 0 or 1, as often: its PSI follows from how many rows of a window are 1."""
CALM, MILD, HIGH = "0101", "0111", "1111"
"""Windows of such a feature with a PSI of 0, 0.27 and 4.6."""


def rows(*features):
    """Write features of 0 and 1 as strings, `-` for nan, one for each feature: columns, in the order of time."""
    return np.array(
        [[float(value.replace("-", "nan")) for value in feature.replace(" ", "")] for feature in features]
    ).T


def pairs_by_form(expected, actual):
    """Two samples in every form, one or both of them: what is special, and the two."""
    for how, other in every_array_dress(expected):
        yield f"the first {how}", other, actual
    for how, other in every_array_dress(actual):
        yield f"the second {how}", expected, other
        yield f"both {how}", expected.astype(other.dtype), other


@dataclass(frozen=True, eq=False)
class Monitored:
    """Features with a reference, rows in the order of time, and how they are watched."""

    reference: np.ndarray
    rows: np.ndarray
    window: int
    step: int
    threshold: float
    patience: int
    edge: str = field(default="", repr=False)


def monitored(*, missing=False, dressed=False):
    """Draw up to three features and up to 14 rows of them: some calm, some drifted, in runs."""
    return st.builds(
        _monitored,
        features=st.lists(st.sampled_from(range(len(FEATURES) if missing else 4)), min_size=1, max_size=3),
        count=st.integers(1, 14),
        window=st.sampled_from((2, 1, 3, 4, 5, 15)),
        step=st.sampled_from((1, 2, 3, 4, 5, 7)),
        patience=st.sampled_from((1, 2, 3)),
        place=st.integers(0, 59),
        numbers=st.binary(min_size=42, max_size=42),
        gaps=st.booleans() if missing else st.just(value=False),
        dtype=st.sampled_from(("float64", "float32") if dressed else ("float64",)),
        layout=st.sampled_from(LAYOUTS if dressed else LAYOUTS[:1]),
    )


def _monitored(*, features, count, window, step, patience, place, numbers, gaps, dtype, layout):
    before = np.column_stack([FEATURES[each] for each in features])
    drawn = np.frombuffer(numbers, dtype=np.uint8).astype(int)[: count * len(features)].reshape(count, -1)
    drifted = np.cumsum(drawn % 3 == 1, axis=0) % 2
    now = np.nan_to_num(np.take_along_axis(before, drawn // 3 % 10, axis=0)) + 20 * drifted
    if gaps and window > 1:
        now[1::2, 0] = np.nan  # of two rows in a row at most one is missing
    return Monitored(
        reference=laid_out(before.astype(dtype), layout),
        rows=laid_out(now.astype(dtype), layout),
        window=window,
        step=step,
        threshold=_apart(before, now, window, step, place),
        patience=patience,
        edge=f"{'some missing' if gaps else 'none missing'}; {dtype}; {layout}",
    )


def _apart(before, now, window, step, place):
    """Choose a threshold that no PSI is near to: below all, between two of them, or above all."""
    psi = [
        number(answer.population_stability_index(before[:, j], now[end - window : end, j]), "psi")
        for end in range(window, len(now) + 1, step)
        for j in range(before.shape[1])
    ]
    ranked = np.unique([0.0, *psi, 20.0])
    middles = np.round((ranked[1:] + ranked[:-1]) / 2, 2)[np.diff(ranked) > 0.04]
    return float(middles[place % len(middles)])


def large(n):
    """Two samples of n values each, without ties."""
    rng = np.random.default_rng(0)
    return rng.standard_normal(n), rng.standard_normal(n) + 0.5


def large_with_gaps(n):
    """Two samples of n values each, a tenth of them missing."""
    expected, actual = large(n)
    expected[::10] = actual[5::10] = np.nan
    return expected, actual


def large_table(n):
    """A reference and a window of two features and n rows."""
    columns = [large_with_gaps(n), large(n)]
    return tuple(np.column_stack(each) for each in zip(*columns, strict=True))


def large_windows(n):
    """The same rows, watched in three windows that grow with them."""
    reference, now = large_table(n)
    return reference, now, n // 2, n // 4
