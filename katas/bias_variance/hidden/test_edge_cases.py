import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_unchanged_by,
    assert_unchanged_by_duplication,
    assert_unchanged_by_order,
    close,
    every_array_dress,
    numbers,
    pair,
    points,
    raises,
    with_bad,
)

from . import reference as answer
from .problems import (
    COEF,
    ERRORS,
    PENALTIES,
    PREDICTIONS,
    TRUTH,
    X,
    Y,
    bad_ensembles,
    bad_models,
    bad_samples,
    cross_validations,
    ensemble_forms,
    ensembles,
    sample_forms,
    samples,
)

NEAR = {"rtol": 1e-6, "atol": 1e-6}
PARTS = "bias_squared, variance"


@points(1)
@given(problem=samples(), l2=st.sampled_from(PENALTIES))
@settings(max_examples=40)
def test_polynomial_fit_takes_any_data(solution, problem, l2):
    """polynomial_fit is right for degree 0, repeated x, one point more than coefficients and arrays of any form

    The counterexample says what is special about the samples.
    """
    assert_agrees(
        solution, answer, "polynomial_fit", problem.x, problem.y, problem.degree, l2, note=problem.edge, **NEAR
    )


@points(1)
def test_polynomial_fit_takes_input_of_any_form(solution):
    """polynomial_fit takes arrays of any form, in any order, and leaves them as they are

    The line above says which form it was. Is anything centred or sorted in place?
    """
    for note, x, y in sample_forms():
        for degree, l2 in ((2, 0.5), (1, 0.0), (0, 0.5)):
            assert_agrees(solution, answer, "polynomial_fit", x, y, degree, l2=l2, note=note, **NEAR)


@points(1)
@given(problem=samples(dressed=False))
@settings(max_examples=20)
def test_polynomial_fit_does_not_depend_on_order(solution, problem):
    """polynomial_fit does not depend on the order of samples; twice the samples with twice the penalty change nothing

    Both terms of the sum double.
    """
    degree = problem.degree
    call = f"polynomial_fit(x, y, {degree}, l2=0.5)"
    assert_unchanged_by_order(
        lambda x, y: solution.polynomial_fit(x, y, degree, 0.5), problem.x, problem.y, call=call, **NEAR
    )
    twice = np.tile(problem.x, 2), np.tile(problem.y, 2)
    before = numbers(solution.polynomial_fit(problem.x, problem.y, degree, 0.5), call, (degree + 1,))
    doubled = f"polynomial_fit(x, y, {degree}, l2=1) with every sample twice"
    close(solution.polynomial_fit(*twice, degree, 1.0), before, doubled, **NEAR)


@points(1)
def test_polynomial_fit_refuses_bad_input(solution):
    """polynomial_fit raises ValueError for a bad degree, a negative l2, lengths that differ, and nan

    The line above says what was wrong with the input. A fractional degree may pass for a whole one when it is rounded,
    one number broadcasts over six, and a comparison with nan is false.
    """
    solution.polynomial_fit(X, Y, 2, 0.5)  # a refusal must not be a matter of the first call
    for what, degree, l2 in bad_models():
        raises(ValueError, solution.polynomial_fit, X, Y, degree, l2, because=what)
    for what, x, y in bad_samples():
        for degree in (2, 0):
            raises(ValueError, solution.polynomial_fit, x, y, degree, because=what)
            raises(ValueError, solution.polynomial_fit, x, y, degree, 0.5, because=what)


@points(1)
def test_polynomial_predict_takes_input_of_any_form(solution):
    """polynomial_predict takes one coefficient, one point and arrays of any form, and leaves them as they are

    The line above says which form it was. A constant is a number at every point, too.
    """
    for how, x in every_array_dress(X):
        assert_agrees(solution, answer, "polynomial_predict", COEF, x, note=f"x {how}", **NEAR)
    for how, coef in every_array_dress(COEF):
        assert_agrees(solution, answer, "polynomial_predict", coef, X, note=f"coef {how}", **NEAR)
    for note, coef, x in (
        ("one coefficient", COEF[:1], X),
        ("one coefficient at one point", COEF[:1], X[:1]),
        ("one point", COEF, X[:1]),
        ("x = 0", COEF, np.zeros(1)),
        ("as many points as coefficients", COEF, X[:3]),
        ("the highest coefficients 0", np.append(COEF, [0.0, 0.0]), X),
        ("all coefficients 0", np.zeros(3), X),
        ("degree 5", Y, X),
        ("coef and x float32", COEF.astype("float32"), X.astype("float32")),
    ):
        assert_agrees(solution, answer, "polynomial_predict", coef, x, note=note, **NEAR)


@points(1)
def test_polynomial_predict_refuses_nan(solution):
    """polynomial_predict raises ValueError for nan in the coefficients or the points

    Nothing refuses by itself: nan just spreads. And not even that everywhere: how much of x is there in a constant?
    """
    solution.polynomial_predict(COEF, X)  # a refusal must not be a matter of the first call
    for what, broken in with_bad(COEF, np.nan):
        raises(ValueError, solution.polynomial_predict, broken, X, because=f"coef of {what}")
    for what, broken in with_bad(X, np.nan):
        raises(ValueError, solution.polynomial_predict, COEF, broken, because=f"x of {what}")
        raises(ValueError, solution.polynomial_predict, COEF[:1], broken, because=f"x of {what}, one coefficient")


@points(1)
@given(problem=ensembles())
@settings(max_examples=40)
def test_bias_variance_takes_any_data(solution, problem):
    """bias_variance is right for one model, one point, equal models, perfect models and arrays of any form

    The counterexample says what is special about the predictions. One model has no variance, which is not nan. And
    float32 has seven digits: how many are left after a subtraction?
    """
    arguments = (problem.predictions, problem.truth)
    assert_agrees(solution, answer, "bias_variance", *arguments, parts=PARTS, note=problem.edge, **NEAR)


@points(1)
def test_bias_variance_takes_input_of_any_form(solution):
    """bias_variance takes one model, one point and arrays of any form, and leaves them as they are

    The line above says which form it was. Is the truth subtracted in place?
    """
    for note, predictions, truth in ensemble_forms():
        assert_agrees(solution, answer, "bias_variance", predictions, truth, parts=PARTS, note=note, **NEAR)


@points(1)
@given(problem=ensembles(dressed=False))
@settings(max_examples=20)
def test_bias_variance_is_a_mean_over_models_and_points(solution, problem):
    """bias_variance does not depend on the order or number of models, and grows with the square of the unit

    Each model twice: their mean and their spread are the same. In a unit ten times as small all numbers are ten times
    as large, and squares a hundred times.
    """
    predictions, truth = problem.predictions, problem.truth
    call = "bias_variance(predictions, truth)"
    assert_unchanged_by_order(
        lambda rows: solution.bias_variance(rows, truth), predictions, call=call, parts=PARTS, **NEAR
    )
    assert_unchanged_by_order(
        lambda columns, f: solution.bias_variance(columns.T, f), predictions.T, truth, call=call, parts=PARTS, **NEAR
    )
    assert_unchanged_by_duplication(
        lambda rows: solution.bias_variance(rows, truth), predictions, call=call, parts=PARTS, **NEAR
    )
    before = pair(solution.bias_variance(predictions, truth), call, PARTS)
    larger = "bias_variance(10 * predictions, 10 * truth)"
    after = pair(solution.bias_variance(10 * predictions, 10 * truth), larger, PARTS)
    for part, small, large in zip(PARTS.split(", "), before, after, strict=True):
        close(large, 100 * numbers(small, f"{part} of {call}", ()), f"{part} of {larger}", **NEAR)


@points(1)
def test_bias_variance_refuses_bad_input(solution):
    """bias_variance raises ValueError for a truth that is not as long as there are points, and for nan

    The line above says what was wrong with the input. NumPy broadcasts one number over all points without a word.
    """
    solution.bias_variance(PREDICTIONS, TRUTH)  # a refusal must not be a matter of the first call
    for what, predictions, truth in bad_ensembles():
        raises(ValueError, solution.bias_variance, predictions, truth, because=what)


@points(1)
def test_expected_error_takes_input_of_any_form(solution):
    """expected_error takes one model, one point, no noise and arrays of any form, and leaves them as they are

    The line above says which form it was. Without noise only bias and variance are left.
    """
    for note, predictions, truth in ensemble_forms():
        for noise_std in (0.5, 0.0):
            assert_agrees(solution, answer, "expected_error", predictions, truth, noise_std, note=note, **NEAR)
    assert_agrees(solution, answer, "expected_error", PREDICTIONS, TRUTH, 2, note="noise_std=2", **NEAR)
    alike = np.tile(TRUTH, (3, 1))
    assert_agrees(solution, answer, "expected_error", alike, TRUTH, 0.5, note="models without an error", **NEAR)


@points(1)
def test_expected_error_refuses_bad_input(solution):
    """expected_error raises ValueError for whatever bias_variance refuses

    The line above says what was wrong with the input.
    """
    solution.expected_error(PREDICTIONS, TRUTH, 0.5)  # a refusal must not be a matter of the first call
    for what, predictions, truth in bad_ensembles():
        raises(ValueError, solution.expected_error, predictions, truth, 0.5, because=what)


@points(1)
def test_simulate_takes_input_of_any_form(solution):
    """simulate takes one dataset, repeated x, degree 0 and arrays of any form, and leaves them as they are

    The line above says which form it was. Is the noise added to f_values in place? Then the next dataset begins with
    the noise of the last.
    """
    for note, x, f in sample_forms():
        for degree, n_datasets, l2 in ((2, 1, 0.5), (1, 6, 0.0), (0, 6, 0.5)):
            assert_agrees(solution, answer, "simulate", f, x, degree, 0.0, n_datasets, 1, l2, note=note, **NEAR)
    for note, x, f in sample_forms():
        call = f"simulate(f_values, x, 1, 0.5, 4, seed=1), {note}"
        got = numbers(solution.simulate(f, x, 1, 0.5, 4, 1), call, (4, len(x)))
        # A row at a time: each must be a line, up to what float32 rounds.
        lines = [np.polyval(np.polyfit(np.asarray(x, dtype=float), row, 1), np.asarray(x, dtype=float)) for row in got]
        close(got, lines, f"{call} must have a line in each row", inputs=(x, f), **NEAR)


@points(1)
@given(problem=samples(), l2=st.sampled_from(PENALTIES))
@settings(max_examples=30)
def test_simulate_takes_any_data(solution, problem, l2):
    """simulate is right for degree 0, repeated x, one point more than coefficients and arrays of any form

    The counterexample says what is special about the data, which come without noise here.
    """
    arguments = (problem.y, problem.x, problem.degree, 0.0, 2, 0, l2)
    assert_agrees(solution, answer, "simulate", *arguments, note=problem.edge, **NEAR)


@points(1)
def test_simulate_refuses_bad_input(solution):
    """simulate raises ValueError for a bad degree, a negative l2, lengths that differ, and nan

    The line above says what was wrong with the input. Noise that is added first may hide a length of 1: it broadcasts.
    """
    solution.simulate(Y, X, 2, 0.5, 3, 1, 0.5)  # a refusal must not be a matter of the first call
    for what, degree, l2 in bad_models():
        raises(ValueError, solution.simulate, Y, X, degree, 0.5, 3, 1, l2, because=what)
    for what, f, x in bad_samples("f_values", "x"):
        for noise_std in (0.5, 0.0):
            raises(ValueError, solution.simulate, f, x, 2, noise_std, 3, 1, because=what)
            raises(ValueError, solution.simulate, f, x, 0, noise_std, 1, 1, because=what)


@points(1)
@given(problem=cross_validations())
@settings(max_examples=40)
def test_one_standard_error_rule_takes_any_errors(solution, problem):
    """one_standard_error_rule takes two folds, one model, negative and large errors and arrays of any form

    The counterexample says what is special about the errors.
    """
    assert_agrees(solution, answer, "one_standard_error_rule", problem.errors, note=problem.edge)


@points(1)
def test_one_standard_error_rule_takes_input_of_any_form(solution):
    """one_standard_error_rule takes one model, two folds, no spread and arrays of any form, and leaves them as they are

    The line above says which form it was. Without any spread only the best model is within reach, and it is: "at most"
    is not "less than".
    """
    for how, errors in every_array_dress(ERRORS):
        assert_agrees(solution, answer, "one_standard_error_rule", errors, note=f"errors {how}")
    for note, errors in (
        ("one model", ERRORS[:1]),
        ("one model, two folds", ERRORS[2:3, :2]),
        ("two folds", ERRORS[:, :2]),
        ("as many models as folds", ERRORS[1:]),
        ("60 folds", np.tile(ERRORS, 20)),
        ("negative errors", ERRORS - 100),
        ("errors of about 1e6", ERRORS + 1e6),
        ("errors of about 1e-3", ERRORS / 1024),
        ("no spread in any model", np.array([[0.5, 0.5], [0.25, 0.25], [0.375, 0.375]])),
        ("no spread, negative errors", np.array([[-0.5, -0.5], [-0.25, -0.25], [-0.75, -0.75]])),
        ("no spread in the best model", np.array([[0.5, 1.5], [0.25, 1.0], [0.5, 0.5], [0.0, 4.0]])),
        ("no spread, and hardly a difference", np.array([[0.5, 0.5], [0.4998, 0.4998]])),
        ("one model without spread", np.array([[0.5, 0.5, 0.5]])),
        ("a standard error of 1 and a mean on the limit", np.array([[6.5] * 4, [5.0] * 4, [1.0, 5.0, 5.0, 5.0]])),
        ("a standard error of 2 and a mean on the limit", np.array([[7.0, 5.0, 3.0, 5.0], [9.0, 1.0, 1.0, 1.0]])),
        ("errors of 0", np.array([[0.5, 0.5], [0.0, 0.0]])),
    ):
        assert_agrees(solution, answer, "one_standard_error_rule", errors, note=note)


@points(1)
@given(problem=cross_validations(dressed=False))
@settings(max_examples=20)
def test_one_standard_error_rule_does_not_depend_on_units(solution, problem):
    """one_standard_error_rule does not depend on the order of folds, on the unit of errors or where they begin

    A constant added to all errors moves every mean, and the limit with them. So no rule of so many percent is meant.
    """
    changes = {
        "with the folds in reverse order": lambda errors: (errors[:, ::-1],),
        "with every error multiplied by 4": lambda errors: (4 * errors,),
        "with every error multiplied by 1/64": lambda errors: (errors / 64,),
        "with 16 added to every error": lambda errors: (errors + 16,),
        "with 64 taken from every error": lambda errors: (errors - 64,),
    }
    call = f"one_standard_error_rule(errors), {problem.edge},"
    assert_unchanged_by(solution.one_standard_error_rule, problem.errors, changes=changes, call=call)


@points(1)
def test_one_standard_error_rule_refuses_bad_input(solution):
    """one_standard_error_rule raises ValueError for fewer than two folds, and for nan

    The line above says what was wrong with the input. One number has no standard deviation. And a comparison with nan
    is false, so that a model whose errors are nan is passed over without a word.
    """
    solution.one_standard_error_rule(ERRORS)  # a refusal must not be a matter of the first call
    for count in (4, 3, 2, 1):
        raises(ValueError, solution.one_standard_error_rule, ERRORS[:count, :1], because="one fold")
    for what, broken in with_bad(ERRORS, np.nan):
        raises(ValueError, solution.one_standard_error_rule, broken, because=f"errors of {what}")
    for row in range(4):
        broken = ERRORS.copy()
        broken[row] = np.nan
        raises(ValueError, solution.one_standard_error_rule, broken, because=f"nan in all errors of model {row}")
