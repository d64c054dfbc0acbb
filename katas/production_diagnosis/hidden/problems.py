"""Data for the measures: counts with zeros, labels of which some are on one side only, rows that nearly agree."""

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import LAYOUTS, laid_out

FEW_ROWS = [[1.0, 2.0], [3.0, 4.0], [1.0, 2.0], [0.0, 0.5]]

LABELS = {
    "two classes": (0, 1, 0, 1),
    "many classes": (0, 1, 2, 3),
    "gaps between classes": (3, 7, 100, 11),
    "negative classes": (-1, 1, -2, 0),
}

_COUNTS = (0.0, 1.0, 2.0, 5.0, 0.25, 1e-12, 1000.0, 3.0)
"""In float64: what a small number that is added everywhere would change."""
_SAFE_COUNTS = (0.0, 1.0, 2.0, 5.0, 0.25, 7.0, 10.0, 3.0)


def distributions():
    """Draw p and q: counts with zeros in p, in both, in q only, or nowhere."""
    return st.builds(
        _distributions,
        st.sampled_from(("anything", "no zeros", "zeros in both", "zeros in p", "equal")),
        st.binary(min_size=2, max_size=12),
        st.sampled_from(("float64", "float64", "float32", "int64")),
        st.sampled_from(LAYOUTS),
    )


def _distributions(how, drawn, dtype, layout):
    digits = np.frombuffer(drawn, dtype=np.uint8)
    p, q = (np.array(_COUNTS if dtype == "float64" else _SAFE_COUNTS)[digits // by % 8] for by in (1, 8))
    if dtype == "int64":
        p, q = np.ceil(p), np.ceil(q)
    if how in ("no zeros", "zeros in p"):
        q = np.where(q == 0, 4.0, q)
    if how == "no zeros":
        p = np.where(p == 0, 4.0, p)
    if how == "zeros in both":
        q = np.where(p == 0, 0.0, np.where(q == 0, 4.0, q))
    if how == "equal":
        q = 3 * p
    p[0], q[0] = p[0] or 1.0, q[0] or 1.0
    return laid_out(p.astype(dtype), layout), laid_out(q.astype(dtype), layout)


def labels():
    """Draw two samples of labels."""
    some = st.binary(min_size=1, max_size=9)
    return st.builds(_labels, st.sampled_from(tuple(LABELS)), some, some, st.sampled_from(LAYOUTS))


def _labels(kind, before, now, layout):
    samples = (np.array(LABELS[kind])[np.frombuffer(each, dtype=np.uint8) % 4] for each in (before, now))
    return tuple(laid_out(each, layout) for each in samples)


def tables():
    """Draw rows of training and test data on few numbers, so that many agree, or agree but for one number."""
    some = st.binary(min_size=1, max_size=24)
    return st.builds(
        _tables,
        st.integers(1, 3),
        some,
        some,
        st.sampled_from(("float64", "float32", "float64")),
        st.sampled_from(LAYOUTS),
        st.sampled_from(((0.0, 1.0), (-1.5, 0.5, 2.0), (1e9, 1e9 + 512, -1e-9))),
    )


def _tables(d, train, test, dtype, layout, values):
    both = (np.frombuffer(each + each[:1] * (-len(each) % d), dtype=np.uint8) for each in (train, test))
    rows = (np.array(values)[digits % len(values)].reshape(-1, d) for digits in both)
    return tuple(laid_out(each.astype(dtype), layout) for each in rows)


def large(n):
    """Make two tables of n rows each, half of the test rows being in train."""
    rng = np.random.default_rng(3)
    train, test = rng.normal(size=(n, 3)), rng.normal(size=(n, 3))
    test[::2] = rng.permutation(train)[: len(test[::2])]
    return train, test
