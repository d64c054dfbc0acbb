import numpy as np

from pytest_mlkata.checks import (
    LAYOUTS,
    assert_agrees,
    close,
    every_array_dress,
    every_label_dress,
    laid_out,
    points,
    raises,
    require,
    with_bad,
)

from . import reference as answer
from .answers import called
from .production import CAUSES, triple


@points(2)
def test_kl_divergence_where_p_is_zero(solution):
    """kl_divergence counts a term as 0 where p is 0, whatever q is there

    What is p ln p on the way to 0? And 0 ln (0 / 0) is not nan here: what is nowhere says nothing.
    """
    for p, q, right in (
        ([0.0, 1.0], [0.5, 0.5], np.log(2)),
        ([0.0, 1.0], [0.0, 1.0], 0),
        ([0.0, 3.0, 0.0, 1.0], [0.0, 1.0, 2.0, 1.0], 0.75 * np.log(3)),
        ([2.0, 0.0, 2.0], [1.0, 0.0, 3.0], 0.5 * np.log(2) + 0.5 * np.log(2 / 3)),
        ([0.0, 0.0, 5.0], [1e6, 0.0, 1e-6], 12 * np.log(10) + 1e-12),
    ):
        close(solution.kl_divergence(np.array(p), np.array(q)), right, f"kl_divergence({p}, {q})")


@points(2)
def test_kl_divergence_where_q_is_zero(solution):
    """kl_divergence is inf where p is positive and q is 0

    What q holds for impossible happens: no number is large enough for that.
    """
    for p, q in (
        ([0.5, 0.5], [1.0, 0.0]),
        ([1.0, 0.0], [0.0, 1.0]),
        ([1e-9, 1.0, 0.0], [0.0, 1.0, 0.0]),
        ([3.0, 0.0, 2.0], [0.0, 4.0, 1.0]),
    ):
        close(solution.kl_divergence(np.array(p), np.array(q)), np.inf, f"kl_divergence({p}, {q})")


@points(1)
def test_kl_divergence_of_rare_values(solution):
    """kl_divergence is exact for shares as small as 1e-100, on both sides

    Rare is not impossible. Is something cut off, or added?
    """
    for p, q in (
        ([1.0, 1.0], [1.0, 1e-100]),
        ([1e-100, 1.0], [1.0, 1e-100]),
        ([1.0, 1e-13, 0.0], [1.0, 1e-40, 1e-13]),
        ([1.0, 1.0, 1.0], [1.0, 1e-17, 1.0]),
        ([1e80, 2e80], [1e-80, 1e-80]),
    ):
        assert_agrees(solution, answer, "kl_divergence", np.array(p), np.array(q))


@points(1)
def test_kl_divergence_takes_counts_of_any_form(solution):
    """kl_divergence takes counts as integers, float64 and float32, read-only arrays and slices of larger ones

    The line above says which form it was. Counts that are divided in place stay whole, or change what is the caller's.
    """
    p, q = np.array([3.0, 0, 1, 12]), np.array([1.0, 2, 8, 5])
    for (how, a), (_, b) in zip(every_array_dress(p), every_array_dress(q), strict=True):
        assert_agrees(solution, answer, "kl_divergence", a, b, note=how)
    for a, b in ((p.astype(int), q.astype(int)), (p.astype(int), q), (p, q.astype(int))):
        assert_agrees(solution, answer, "kl_divergence", a, b, note="int64")


@points(2)
def test_kl_divergence_refuses_bad_input(solution):
    """kl_divergence raises ValueError for negative numbers, nan, all zeros, and lengths that differ

    The line above says what was wrong. A sum can be positive although a number is not; a comparison with nan is false;
    one number broadcasts over three; and what is bad is bad also where it would not count.
    """
    good, other = np.array([1.0, 2.0, 3.0]), np.array([2.0, 1.0, 4.0])
    solution.kl_divergence(good, other)  # a refusal must not be a matter of the first call
    bad = [*with_bad(good, np.nan, -0.5), ("all zero", np.zeros(3)), ("all nan", np.full(3, np.nan))]
    for what, each in (*bad, ("all negative", -good)):
        raises(ValueError, solution.kl_divergence, each, other, because=f"p: {what}")
        raises(ValueError, solution.kl_divergence, other, each, because=f"q: {what}")
    gap, end = np.array([1.0, 0.0, 3.0]), np.array([1.0, 2.0, 0.0])
    for number in (np.nan, -0.5):
        broken = np.array([2.0, number, 4.0])
        raises(ValueError, solution.kl_divergence, gap, broken, because=f"q: {number} where p is 0")
        raises(ValueError, solution.kl_divergence, broken, gap, because=f"p: {number} where q is 0")
        raises(ValueError, solution.kl_divergence, broken, end, because=f"p: {number}, and q is 0 elsewhere")
    for count in (1, 2):
        raises(ValueError, solution.kl_divergence, np.zeros(count), good[:count], because=f"p: {count} zeros")
        raises(ValueError, solution.kl_divergence, good[:count], np.zeros(count), because=f"q: {count} zeros")
    for a, b in ((3, 2), (2, 3), (3, 1), (1, 3)):
        raises(ValueError, solution.kl_divergence, good[:a], other[:b], because=f"{a} and {b} values")


@points(1)
def test_label_shift_takes_labels_of_any_form(solution):
    """label_shift takes labels of every dtype, a different one on each side, read-only and non-contiguous

    The line above says which form it was. true and 1 and 1.0 are one label, and 2 is another.
    """
    before, now = np.array([0, 1, 1, 1, 0]), np.array([1, 0, 1, 1, 1, 1, 1, 1])
    for how, a in every_label_dress(before):
        for other, b in every_label_dress(now):
            assert_agrees(solution, answer, "label_shift", a, b, note=f"y_train {how}, y_prod {other}")
        for many in (np.array([1, 2, 1]), np.array([-1, 0, 256, 2])):
            assert_agrees(solution, answer, "label_shift", a, many, note=f"y_train {how}, y_prod int64")
            assert_agrees(solution, answer, "label_shift", many, a, note=f"y_train int64, y_prod {how}")


@points(1)
def test_label_shift_of_small_samples(solution):
    """label_shift is right for one label, for one class, and for samples of very different lengths

    The shares of one label are 1 and 0.
    """
    for before, now, right in (
        (np.array([1]), np.array([1]), 0),
        (np.array([1]), np.array([0]), 1),
        (np.zeros(5, dtype=int), np.zeros(2, dtype=int), 0),
        (np.arange(500) % 2, np.array([1]), 0.5),
        (np.array([4]), np.arange(8), 0.875),
    ):
        call = f"label_shift of {len(before)} and {len(now)} labels"
        close(solution.label_shift(before, now), right, call)


@points(2)
def test_duplicate_rate_counts_every_test_row(solution):
    """duplicate_rate counts a row of test as often as it is there, and once however often train has it

    Three copies of one row are three test rows. In a set, they are one.
    """
    train = np.array([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [7.0, 7.0]])
    for test, right in (
        ([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [0.0, 0.0]], 0.75),
        ([[1.0, 2.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]], 0.25),
        ([[1.0, 2.0]], 1),
        ([[5.0, 5.0], [5.0, 5.0]], 0),
        ([[3.0, 4.0]] * 9 + [[4.0, 3.0]], 0.9),
    ):
        call = f"duplicate_rate({train.tolist()}, {test})"
        close(solution.duplicate_rate(train, np.array(test)), right, call)


@points(2)
def test_duplicate_rate_is_exact(solution):
    """duplicate_rate takes rows that differ in the last digit for different, whatever their size

    Near is not equal: nothing is rounded, cast, written out with fewer digits, or allowed a tolerance.
    """
    for value in (1.0, 1e-9, 1e9, 0.1, 2.0**52, 1e-200):
        near = np.nextafter(value, np.inf)
        train, test = np.array([[value, 1.0]]), np.array([[value, 1.0], [near, 1.0]])
        call = f"duplicate_rate(train, test), where train is [{value!r}, 1] and test has it and [{near!r}, 1]"
        close(solution.duplicate_rate(train, test), 0.5, call)
        swapped = f"{call}, with the features in reverse"
        close(solution.duplicate_rate(train[:, ::-1], test[:, ::-1]), 0.5, swapped)


@points(1)
def test_duplicate_rate_takes_rows_of_any_form(solution):
    """duplicate_rate takes float64 and float32, rows or columns first in memory, slices and read-only arrays

    The line above says which form it was. The bytes of a row lie together in some of them only.
    """
    train = np.array([[1.5, 2.0, -3.0], [0.25, 0.0, 1.0], [4.0, 4.0, 4.0], [2.0, 1.5, -3.0]])
    test = np.array([[0.25, 0.0, 1.0], [2.0, 1.0, -3.0], [4.0, 4.0, 4.0], [0.0, 0.25, 1.0], [2.0, 1.5, -3.0]])
    for dtype in ("float64", "float32"):
        for layout in LAYOUTS:
            for other in LAYOUTS:
                a, b = laid_out(train.astype(dtype), layout), laid_out(test.astype(dtype), other)
                assert_agrees(solution, answer, "duplicate_rate", a, b, note=f"{dtype}, {layout} and {other}")
    for d in (1, 2, 3):
        assert_agrees(solution, answer, "duplicate_rate", train[:, :d], test[:, :d], note=f"{d} features")
    assert_agrees(solution, answer, "duplicate_rate", train[:1], test, note="one training row")


@points(1)
def test_diagnose_takes_labels_of_any_form(solution):
    """diagnose says the same of the same labels in every dtype, in one sample or in all

    0 - 1 is 255 in uint8 and no operation at all in bool. Convert before you calculate.
    """
    for cause in ("healthy", "label_shift", "concept_drift"):
        samples = [_plain(sample) for sample in triple(cause, 1000)]
        plain = called(solution.diagnose(*samples))
        require(plain in CAUSES, f"diagnose must return one of {', '.join(CAUSES)}, got {plain}")
        for dtype in ("bool", "uint8", "float64", "float32"):
            for changed in ((0, 1, 2), (2,), (0,)):
                dressed = [_with_labels(s, dtype) if i in changed else s for i, s in enumerate(samples)]
                got = called(solution.diagnose(*dressed))
                which = "all samples" if len(changed) > 1 else ("train", "test", "production")[changed[0]]
                require(
                    got == plain,
                    f"diagnose of the same data, with the labels of {which} as {dtype} instead of int64, says {got} "
                    f"instead of {plain}",
                )


def _plain(sample):
    """Undress a sample."""
    X, y, predicted = sample["X"].astype(float), sample["y"].astype(int), sample["y_pred"].astype(int)
    return {"X": np.ascontiguousarray(X), "y": np.ascontiguousarray(y), "y_pred": np.ascontiguousarray(predicted)}


def _with_labels(sample, dtype):
    return {"X": sample["X"], "y": sample["y"].astype(dtype), "y_pred": sample["y_pred"].astype(dtype)}
