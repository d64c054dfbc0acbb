import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_unchanged_by_duplication,
    assert_unchanged_by_order,
    binary_problems,
    close,
    every_array_dress,
    every_label_dress,
    finite,
    number,
    points,
    raises,
    within,
)

from . import reference as answer
from .problems import CANCELLING, PENALTIES, SMALL, WHOLE, bad_data, bad_features, bad_labels, late_nan, shapes

EXACT = {"rtol": 1e-6, "atol": 1e-9}
NEAR = {"rtol": 1e-6, "atol": 1e-6}

NEARLY_CANCEL = "with large columns that nearly cancel"


def forms():
    """Legal input in every form: what is special about it, X, y and w."""
    X, y, w = WHOLE.X, WHOLE.y, WHOLE.w
    yield from ((what, problem.X, problem.y, problem.w) for what, problem in shapes())
    yield from ((f"X {how}", features, y, w) for how, features in every_array_dress(X))
    yield from ((f"y {how}", X, labels, w) for how, labels in every_label_dress(y))
    yield from ((f"w {how}", X, y, weights) for how, weights in every_array_dress(w))
    yield "X, w and y float32", X.astype("float32"), y.astype("float32"), w.astype("float32")


@points(1)
def test_sigmoid_saturates_cleanly(solution):
    """sigmoid stays in [0, 1] and is never nan up to ±1e6, in float64 and float32

    Which exponential overflows, and for which sign of z? An infinity divided by an infinity is nan.
    """
    for dtype in (np.float64, np.float32):
        z = np.array([0, 30, 80, 100, 709, 711, 746, 1e3, 1e4, 1e6], dtype=dtype)
        z = np.concatenate([-z, z])
        call = f"sigmoid({dtype.__name__} z up to ±1e6)"
        got = solution.sigmoid(z)
        within(got, 0, 1, call)
        close(got, answer.sigmoid(z), call, inputs=(z,), **NEAR)
        for largest in (z[-1], -z[-1]):
            call = f"sigmoid({dtype.__name__}({largest:g}))"
            within(number(solution.sigmoid(largest), call), 0, 1, call)


@points(1)
@given(z=st.lists(st.floats(-1e6, 1e6) | st.floats(-40, 40), min_size=1, max_size=6))
@settings(max_examples=30)
def test_sigmoid_is_symmetric(solution, z):
    """sigmoid of z and of -z add up to 1

    The two tails must not be treated differently: clip both or none.
    """
    z = np.array(z)
    shape = z.shape
    ahead, behind = solution.sigmoid(z), solution.sigmoid(-z)
    close(ahead, answer.sigmoid(z), "sigmoid(z)", **NEAR)
    close(behind, answer.sigmoid(-z), "sigmoid(-z)", **NEAR)
    close(np.asarray(ahead) + np.asarray(behind), np.ones(shape), "sigmoid(z) + sigmoid(-z)", rtol=0, atol=1e-12)


@points(1)
def test_sigmoid_takes_arrays_of_any_form(solution):
    """sigmoid takes float32, slices and read-only arrays, and leaves them as they are

    Is the result written over z itself? Does any step need z to be contiguous?
    """
    for how, z in every_array_dress(np.array([[-2.0, -1.0, 0.0], [1.0, 2.0, 3.0]])):
        assert_agrees(solution, answer, "sigmoid", z, note=f"z {how}", **NEAR)


@points(1)
@given(problem=binary_problems())
@settings(max_examples=30)
def test_predict_proba_takes_any_data(solution, problem):
    """predict_proba is right for huge logits, single samples and arrays of any form

    Constant columns, duplicates, float32, slices, read-only arrays: none of them is special.
    """
    within(solution.predict_proba(problem.X, problem.w, problem.b), 0, 1, "predict_proba(X, w, b)")
    assert_agrees(solution, answer, "predict_proba", problem.X, problem.w, problem.b, **NEAR)


@points(1)
def test_predict_proba_takes_input_of_any_form(solution):
    """predict_proba takes single samples and features and arrays of any form, and leaves them as they are

    Does any step depend on how many rows or columns there are, on the dtype of X, or on its order in memory?
    """
    for note, X, _, w in forms():
        assert_agrees(solution, answer, "predict_proba", X, w, 0.25, note=note, **NEAR)
    assert_agrees(solution, answer, "predict_proba", SMALL.X, SMALL.w, 1, **NEAR)
    assert_agrees(
        solution, answer, "predict_proba", CANCELLING.X, CANCELLING.w, CANCELLING.b, note=NEARLY_CANCEL, **NEAR
    )


@points(1)
def test_predict_proba_refuses_features_that_are_not_finite(solution):
    """predict_proba raises ValueError for nan or inf in X

    Look before you multiply: afterwards an infinity may hide as a probability of 1.
    """
    solution.predict_proba(SMALL.X, SMALL.w, SMALL.b)  # a refusal must not be a matter of the first call
    for what, features in (*bad_features(), ("nan in the last of 15000 rows", late_nan()[0])):
        raises(ValueError, solution.predict_proba, features, SMALL.w, SMALL.b, because=what)


@points(2)
def test_bce_loss_is_finite_for_certain_answers(solution):
    """bce_loss is finite at p = 0 and p = 1, in float64 and float32: dear where wrong, free where right

    0 times ln 0 is nan. And what is 1 - 1e-15 in float32? A certain answer must neither vanish from the mean nor
    spoil it.
    """
    for dtype in ("float64", "float32"):
        for label, p, n in itertools.product((0, 1), (0, 1), (1, 3)):
            call = f"bce_loss({[label] * n}, {[p] * n} as {dtype})"
            got = number(solution.bce_loss(np.full(n, label), np.full(n, p, dtype=dtype)), call)
            finite(got, call)
            within(got, *((-1e-3, 1e-3) if label == p else (10, np.inf)), call)
        y = np.array([1, 0, 1, 0])
        call = f"bce_loss([1, 0, 1, 0], [1, 0, 0.5, 0.5] as {dtype})"
        close(solution.bce_loss(y, np.array([1, 0, 0.5, 0.5], dtype=dtype)), np.log(2) / 2, call, atol=1e-3)
        call = f"bce_loss([1, 0, 1, 0], [0, 0, 0.5, 0.5] as {dtype})"
        got = solution.bce_loss(y, np.array([0, 0, 0.5, 0.5], dtype=dtype))
        finite(got, call)
        within(got, 2.5, np.inf, call)


@points(1)
def test_bce_loss_takes_arrays_of_any_form(solution):
    """bce_loss takes labels of any dtype and arrays of any form, and leaves them as they are

    The line above says which form it was. Of unsigned labels, remember that in uint8 0 - 1 is 255; of bool, that NumPy
    has no minus for it; of one sample or feature, that squeezing or broadcasting may drop an axis.
    """
    y, p = np.array([1, 0, 1, 0]), np.array([0.75, 0.25, 0.5, 0.125])
    for how, labels in every_label_dress(y):
        for chances in (p, p.astype(np.float32)):
            note = f"y {how}, p {chances.dtype}"
            assert_agrees(solution, answer, "bce_loss", labels, chances, note=note, rtol=1e-3)
    for how, chances in every_array_dress(p):
        assert_agrees(solution, answer, "bce_loss", y, chances, note=f"p {how}", rtol=1e-3)
    finite(solution.bce_loss(y, np.array([0.0, 1.0, 0.5, 0.125])), "bce_loss([1, 0, 1, 0], [0, 1, 0.5, 0.125])")


@points(1)
def test_bce_loss_refuses_bad_input(solution):
    """bce_loss raises ValueError for no samples, for lengths that differ and for labels other than 0 and 1

    One label broadcasts over three probabilities without a word. 0.5 lies between 0 and 1, too.
    """
    y, p = SMALL.y, np.array([0.5, 0.25, 0.75])
    solution.bce_loss(y, p)  # a refusal must not be a matter of the first call
    raises(ValueError, solution.bce_loss, y[:0], p[:0], because="no samples")
    for labels, chances in ((y, p[:2]), (y[:1], p), (y, p[:1])):
        raises(
            ValueError,
            solution.bce_loss,
            labels,
            chances,
            because=f"{len(labels)} labels with {len(chances)} probabilities",
        )
    for what, labels in bad_labels():
        raises(ValueError, solution.bce_loss, labels, p, because=what)


@points(2)
def test_loss_is_exact_for_huge_logits(solution):
    """loss is exact for every logit up to ±1e4

    A probability that has been rounded to 1, or clipped, no longer knows whether the logit was 40 or 4000. And
    exp(710) is inf.
    """
    for size in (20.0, 36.0, 38.0, 100.0, 709.0, 711.0, 746.0, 1e3, 1e4):
        for z in (-size, size):
            for label in (0, 1):
                expected = np.logaddexp(0.0, -z if label else z)
                call = f"loss([[1]], [{label}], [{z:g}], 0)"
                close(solution.loss(np.ones((1, 1)), np.array([label]), np.array([z]), 0.0), expected, call, **EXACT)
    arguments = (CANCELLING.X, CANCELLING.y, CANCELLING.w, CANCELLING.b)
    assert_agrees(solution, answer, "loss", *arguments, note=NEARLY_CANCEL, **EXACT)


@points(1)
@given(problem=binary_problems(), l2=st.sampled_from(PENALTIES))
@settings(max_examples=40)
def test_loss_takes_any_data(solution, problem, l2):
    """loss is right for huge logits, one class, one sample, duplicates and arrays of any form

    The counterexample says what is special about the data.
    """
    assert_agrees(solution, answer, "loss", problem.X, problem.y, problem.w, problem.b, l2, **EXACT)


@points(1)
def test_loss_takes_input_of_any_form(solution):
    """loss takes one sample, one class, labels of any dtype and arrays of any form, and leaves them as they are

    The line above says which form it was. Of unsigned labels, remember that in uint8 0 - 1 is 255; of bool, that NumPy
    has no minus for it; of one sample or feature, that squeezing or broadcasting may drop an axis.
    """
    for note, X, y, w in forms():
        assert_agrees(solution, answer, "loss", X, y, w, 0.25, 0.5, note=note, **EXACT)


@points(1)
@given(problem=binary_problems(dressed=False))
@settings(max_examples=30)
def test_loss_is_a_mean_over_samples(solution, problem):
    """loss does not change when rows are reordered or doubled, or when classes and the signs of the model are swapped

    It is a mean over samples, in which both classes play the same part.
    """
    w, b = problem.w, problem.b
    call = "loss(X, y, w, b, l2=0.1)"
    assert_unchanged_by_order(lambda X, y: solution.loss(X, y, w, b, 0.1), problem.X, problem.y, call=call, **EXACT)
    assert_unchanged_by_duplication(
        lambda X, y: solution.loss(X, y, w, b, 0.1), problem.X, problem.y, call=call, **EXACT
    )
    plain = number(solution.loss(problem.X, problem.y, w, b, 0.1), call)
    close(solution.loss(problem.X, 1 - problem.y, -w, -b, 0.1), plain, "loss(X, 1 - y, -w, -b, l2=0.1)", **EXACT)


@points(1)
def test_loss_refuses_bad_input(solution):
    """loss raises ValueError for no samples, lengths that differ, labels other than 0 and 1, and nan or inf in X

    The line above says what was wrong with the input. NumPy itself says nothing to the mean of no samples, broadcasts
    one label over three samples, and compares nan false with everything. Look at the input before you compute.
    """
    solution.loss(SMALL.X, SMALL.y, SMALL.w, SMALL.b)  # a refusal must not be a matter of the first call
    for what, features, labels in bad_data():
        raises(ValueError, solution.loss, features, labels, SMALL.w, SMALL.b, because=what)


@points(1)
@given(problem=binary_problems(), l2=st.sampled_from(PENALTIES))
@settings(max_examples=40)
def test_gradient_takes_any_data(solution, problem, l2):
    """gradient is right for huge logits, one class, one sample, duplicates and arrays of any form

    The counterexample says what is special about the data. db is the mean of p - y, whatever the features.
    """
    arguments = (problem.X, problem.y, problem.w, problem.b, l2)
    assert_agrees(solution, answer, "gradient", *arguments, parts="dw, db", **NEAR)


@points(1)
def test_gradient_takes_input_of_any_form(solution):
    """gradient takes one sample, one class, labels of any dtype and arrays of any form, and leaves them as they are

    The line above says which form it was. Of unsigned labels, remember that in uint8 0 - 1 is 255; of bool, that NumPy
    has no minus for it; of one sample or feature, that squeezing or broadcasting may drop an axis.
    """
    for note, X, y, w in forms():
        assert_agrees(solution, answer, "gradient", X, y, w, 0.25, 0.5, parts="dw, db", note=note, **NEAR)
    arguments = (CANCELLING.X, CANCELLING.y, CANCELLING.w, CANCELLING.b)
    assert_agrees(solution, answer, "gradient", *arguments, parts="dw, db", note=NEARLY_CANCEL, **NEAR)


@points(1)
def test_gradient_refuses_bad_input(solution):
    """gradient raises ValueError for no samples, lengths that differ, labels other than 0 and 1, and nan or inf in X

    The line above says what was wrong with the input. NumPy itself says nothing to the mean of no samples, broadcasts
    one label over three samples, and compares nan false with everything. Look at the input before you compute.
    """
    solution.gradient(SMALL.X, SMALL.y, SMALL.w, SMALL.b)  # a refusal must not be a matter of the first call
    for what, features, labels in bad_data():
        raises(ValueError, solution.gradient, features, labels, SMALL.w, SMALL.b, because=what)


@points(1)
@given(problem=binary_problems(huge=False), l2=st.sampled_from(PENALTIES))
@settings(max_examples=30)
def test_fit_takes_any_data(solution, problem, l2):
    """fit is right for one class, one sample, constant columns, duplicates and arrays of any form

    The counterexample says what is special about the data. A single class is legal: the intercept just runs away.
    """
    assert_agrees(solution, answer, "fit", problem.X, problem.y, 0.1, 6, l2, parts="w, b", **NEAR)


@points(1)
def test_fit_takes_input_of_any_form(solution):
    """fit takes one sample, one class, labels of any dtype and arrays of any form, and leaves them as they are

    The line above says which form it was. Are weights, errors and steps computed in a dtype that can hold them?
    """
    for note, X, y, _ in forms():
        assert_agrees(solution, answer, "fit", X, y, 0.1, 5, parts="w, b", note=note, **NEAR)


@points(1)
def test_fit_refuses_bad_input(solution):
    """fit raises ValueError for no samples, lengths that differ, labels other than 0 and 1, and nan or inf in X

    The line above says what was wrong with the input. NumPy itself says nothing to the mean of no samples, broadcasts
    one label over three samples, and compares nan false with everything. Look at the input before you compute.
    """
    solution.fit(SMALL.X, SMALL.y, 0.1, 3)  # a refusal must not be a matter of the first call
    for what, features, labels in bad_data():
        raises(ValueError, solution.fit, features, labels, 0.1, 3, because=what)
