import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import assert_agrees, assert_gaussian, close, number, numbers, pair, points, require

from . import reference as answer
from .chances import standardised
from .problems import (
    ERRORS,
    PENALTIES,
    X,
    Y,
    cross_validations,
    ensembles,
    samples,
    smoother,
)

NEAR = {"rtol": 1e-6, "atol": 1e-6}
PARTS = "bias_squared, variance"


@points(1)
def test_polynomial_fit_has_known_values(solution):
    """polynomial_fit gives the coefficients of least squares, the lowest power first

    A line through four points can be found by hand: its slope is the covariance of x and y over the variance of x. A
    polynomial of degree p has p + 1 coefficients, and samples that lie on it give it back.
    """
    x, y = np.array([-1.0, 0.0, 1.0, 2.0]), np.array([1.0, 3.0, 2.0, 5.0])
    close(solution.polynomial_fit(x, y, 1), [2.2, 1.1], "polynomial_fit([-1, 0, 1, 2], [1, 3, 2, 5], 1)", **NEAR)
    close(solution.polynomial_fit(x, y, 0), [2.75], "polynomial_fit([-1, 0, 1, 2], [1, 3, 2, 5], 0)", **NEAR)
    call = "polynomial_fit(x, 3 - x + 2 x**3, 3)"
    close(solution.polynomial_fit(X, 3 - X + 2 * X**3, 3), [3, -1, 0, 2], call, **NEAR)


@points(2)
def test_polynomial_fit_leaves_the_intercept_free(solution):
    """polynomial_fit penalises every coefficient but the intercept

    A huge penalty makes the curve flat, at the height of the mean of y, however far that is from 0. At degree 0 a
    penalty changes nothing.
    """
    x, y = np.array([-1.0, 0.0, 1.0, 2.0]), np.array([1.0, 3.0, 2.0, 5.0])
    call = "polynomial_fit([-1, 0, 1, 2], [1, 3, 2, 5], 1, l2=5)"
    close(solution.polynomial_fit(x, y, 1, 5.0), [2.475, 0.55], call, **NEAR)
    for l2 in (0.5, 10.0, 1000.0):
        call = f"polynomial_fit([-1, 0, 1, 2], [1, 3, 2, 5], 0, l2={l2:g})"
        close(solution.polynomial_fit(x, y, 0, l2=l2), [2.75], call, **NEAR)
    call = "polynomial_fit([-1, 0, 1, 2], [1, 3, 2, 5], 2, l2=1e6)"
    close(solution.polynomial_fit(x, y, 2, l2=1e6), [2.75, 0.0, 0.0], call, rtol=1e-6, atol=2e-5)


@points(2)
@given(problem=samples(dressed=False), l2=st.sampled_from(PENALTIES))
@settings(max_examples=40)
def test_polynomial_fit_agrees_on_any_data(solution, problem, l2):
    """polynomial_fit agrees with the definition on generated data, with and without a penalty

    Write the sum that is to be smallest in full. Is yours a sum or a mean over samples? What stands before the penalty,
    and to which numbers does it apply?
    """
    assert_agrees(solution, answer, "polynomial_fit", problem.x, problem.y, problem.degree, l2, **NEAR)


@points(1)
@given(problem=samples(dressed=False))
@settings(max_examples=30)
def test_polynomial_fit_has_no_penalty_by_default(solution, problem):
    """polynomial_fit has no penalty unless told otherwise, and its residuals add up to 0

    Not a tiny one for safety's sake, either: the samples here do not need it.
    """
    x, y, degree = problem.x, problem.y, problem.degree
    assert_agrees(solution, answer, "polynomial_fit", x, y, degree, **NEAR)
    call = f"polynomial_fit(x, y, {degree})"
    coef = numbers(solution.polynomial_fit(x, y, degree), call, (degree + 1,))
    residuals = y - np.vander(x, degree + 1, increasing=True) @ coef
    close(residuals.sum(), 0.0, f"the sum of the residuals of {call}", rtol=0, atol=1e-5)


@points(1)
def test_polynomial_predict_has_known_values(solution):
    """polynomial_predict takes the lowest power first and gives a number for each point

    coef[j] belongs to x to the power of j. NumPy has two families of functions for polynomials, and they disagree on
    the order.
    """
    x = np.array([-1.0, 0.0, 1.0, 2.0])
    call = "polynomial_predict([1, 0, 2], [-1, 0, 1, 2])"
    close(solution.polynomial_predict(np.array([1.0, 0.0, 2.0]), x), [3, 1, 3, 9], call, **NEAR)
    call = "polynomial_predict([0, 1], [-1, 0, 1, 2])"
    close(solution.polynomial_predict(np.array([0.0, 1.0]), x), x, call, **NEAR)


@points(1)
@given(problem=samples(dressed=False), other=samples(dressed=False))
@settings(max_examples=30)
def test_polynomial_predict_agrees_on_any_data(solution, problem, other):
    """polynomial_predict is right for any coefficients, at any points

    There may be more coefficients than points, or the other way round.
    """
    assert_agrees(solution, answer, "polynomial_predict", problem.y[: problem.degree + 1], other.x, **NEAR)


@points(1)
def test_bias_variance_has_known_values(solution):
    """bias_variance gives the pair of squared bias and variance, right for two points by hand

    Go down the columns: what is the mean of the models at each point, how far is that from the truth, and how far are
    the models from their mean? Square at each point; take the mean over the points last. Divide by the number of
    models.
    """
    predictions, truth = np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 5.0]]), np.array([1.0, 3.0])
    call = "bias_variance([[1, 2], [3, 2], [2, 5]], [1, 3])"
    bias_squared, variance = pair(solution.bias_variance(predictions, truth), call, PARTS)
    close(bias_squared, 0.5, f"bias_squared of {call}", **NEAR)
    close(variance, 4 / 3, f"variance of {call}", **NEAR)
    # Too high at one point, too low at the other: on average over the points there is no error.
    predictions, truth = np.array([[2.0, 2.0], [4.0, 0.0]]), np.array([1.0, 3.0])
    call = "bias_variance([[2, 2], [4, 0]], [1, 3])"
    bias_squared, variance = pair(solution.bias_variance(predictions, truth), call, PARTS)
    close(bias_squared, 4.0, f"bias_squared of {call}", **NEAR)
    close(variance, 1.0, f"variance of {call}", **NEAR)


@points(2)
@given(problem=ensembles(dressed=False))
@settings(max_examples=40)
def test_bias_variance_adds_up_to_the_squared_error(solution, problem):
    """bias_variance gives two parts that add up to the mean squared error to the truth

    Exactly, for any number of models. If the sum is off, by which factor is the variance off, and over what is it
    taken?
    """
    call = "bias_variance(predictions, truth)"
    parts = pair(solution.bias_variance(problem.predictions, problem.truth), call, PARTS)
    total = sum(number(part, f"{name} of {call}") for part, name in zip(parts, PARTS.split(", "), strict=True))
    error = np.mean((problem.predictions - problem.truth) ** 2)
    close(total, error, f"bias_squared + variance of {call}, of {len(problem.predictions)} models", **NEAR)


@points(1)
@given(problem=ensembles(dressed=False))
@settings(max_examples=30)
def test_bias_variance_agrees_on_any_data(solution, problem):
    """bias_variance agrees with the definition on generated predictions

    If the sum of both is right and the parts are not, something of the one is counted in the other.
    """
    assert_agrees(solution, answer, "bias_variance", problem.predictions, problem.truth, parts=PARTS, **NEAR)


@points(1)
def test_expected_error_has_known_values(solution):
    """expected_error is squared bias plus variance plus the square of noise_std

    noise_std is a standard deviation. The noise is that of new observations, and is counted once.
    """
    predictions, truth = np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 5.0]]), np.array([1.0, 3.0])
    for noise_std in (0.5, 3.0, 0.1):
        call = f"expected_error([[1, 2], [3, 2], [2, 5]], [1, 3], {noise_std:g})"
        expected = 0.5 + 4 / 3 + noise_std**2
        close(solution.expected_error(predictions, truth, noise_std), expected, call, **NEAR)


@points(1)
@given(problem=ensembles(dressed=False), noise_std=st.sampled_from((0.5, 0.0, 0.125, 2.0, 3)))
@settings(max_examples=30)
def test_expected_error_agrees_on_any_data(solution, problem, noise_std):
    """expected_error is the sum of the three parts on generated predictions

    If bias_variance is not right yet, start there.
    """
    assert_agrees(solution, answer, "expected_error", problem.predictions, problem.truth, noise_std, **NEAR)


F = np.array([1.0, 0.25, -2.0, 3.0, 0.5, -1.0])
"""A truth at the points X that no polynomial of low degree goes through."""


@points(2)
@given(problem=samples(dressed=False), l2=st.sampled_from(PENALTIES), n_datasets=st.integers(1, 3))
@settings(max_examples=30)
def test_simulate_without_noise_fits_the_truth(solution, problem, l2, n_datasets):
    """simulate without noise gives in each row the polynomial that fits f_values, at the points x

    The polynomial need not go through f_values. Are the predictions made at x, in the order of x? Is the penalty passed
    on?
    """
    f, x, degree = problem.y, problem.x, problem.degree
    assert_agrees(solution, answer, "simulate", f, x, degree, 0.0, n_datasets, 3, l2, **NEAR)


@points(2)
def test_simulate_follows_the_closed_form(solution):
    """simulate has the mean S f and the covariance noise_std**2 S S'

    Predictions are linear in what the polynomials are fitted to. Is the noise fresh at every point, has it the right
    standard deviation, is it added before the fit and only there?
    """
    twice = np.append(X, X[:2]), np.append(F, [0.0, 1.0])  # two observations at the same x have noise of their own
    for x, f, degree, noise_std, seed, l2 in ((X, F, 2, 0.5, 0, 0.0), (*twice, 2, 2.0, 11, 0.75)):
        z, call = standardised(solution, f, x, degree, noise_std=noise_std, n_datasets=400, seed=seed, l2=l2)
        for j in range(degree + 1):
            assert_gaussian(z[:, j], 1.0, f"{call}: the noise in direction {j}, in units of what it should be")
            both = (z[:, j] + z[:, j - 1]) / np.sqrt(2)
            assert_gaussian(both, 1.0, f"{call}: the noise in two directions together, in units of what it should be")


@points(2)
def test_simulate_draws_fresh_noise_for_every_dataset(solution):
    """simulate draws noise that is independent from dataset to dataset

    If all models see the same noise, there is no variance to be measured. Where does your generator begin, and how many
    numbers does it give?
    """
    z, call = standardised(solution, F, X, 1, noise_std=0.5, n_datasets=500, seed=5)
    seen = len(np.unique(np.round(z, 6), axis=0))
    require(seen == len(z), f"{call}: of {len(z)} datasets only {seen} are different; each must have noise of its own")
    for what, both in (
        ("datasets that follow each other", z[::2] + z[1::2]),
        ("datasets of both halves", z[:250] + z[250:]),
    ):
        assert_gaussian(both / np.sqrt(2), 1.0, f"{call}: {what}, together, in units of what it should be")


@points(1)
def test_simulate_draws_normal_noise(solution):
    """simulate draws noise from a normal distribution

    A uniform distribution may have the same standard deviation, but no tails.
    """
    # A point far from the others: the line goes nearly through its noise, of which hardly anything is averaged away.
    x = np.array([2.0, -0.25, 0.0, 0.25, 0.125])
    call = "simulate(zeros, [2, -0.25, 0, 0.25, 0.125], 1, noise_std=0.5, n_datasets=700, seed=2)"
    got = numbers(solution.simulate(np.zeros(5), x, 1, 0.5, 700, 2), call, (700, 5))
    std = 0.5 * np.linalg.norm(smoother(x, 1)[0])
    assert_gaussian(got[:, 0], std, f"{call}, at x = 2")


@points(1)
def test_simulate_depends_on_the_seed(solution):
    """simulate gives other noise for another seed, and the same for the same

    The seed is the only source of randomness, whatever was simulated before; 0 is a seed like any other.
    """
    drawn = {}
    for seed in (0, 1, 2, 12345):
        call = f"simulate(f_values, x, 2, 0.5, 3, seed={seed})"
        drawn[seed] = numbers(solution.simulate(F, X, 2, 0.5, 3, seed), call, (3, 6))
        again = numbers(solution.simulate(F, X, 2, 0.5, 3, seed=seed), call, (3, 6))
        close(again, drawn[seed], f"{call}, called again", **NEAR)
    solution.simulate(Y, X, 1, 2.0, 5, 0)
    for seed, before in drawn.items():
        call = f"simulate(f_values, x, 2, 0.5, 3, seed={seed})"
        close(solution.simulate(F, X, 2, 0.5, 3, seed), before, f"{call}, called again after others", **NEAR)
        for other, after in drawn.items():
            apart = other == seed or np.abs(before - after).max() > 1e-9
            require(apart, f"{call} gives the same noise as with seed={other}")


@points(2)
def test_one_standard_error_rule_by_hand(solution):
    """one_standard_error_rule gives the simplest model within one standard error of the best

    The standard error is that of the best model: the deviation of its errors, divided by one less than the folds under
    the root, over the root of the number of folds. Go through the models from the simplest on.
    """
    # Best: 7/3, with a standard error of 1/3. The limit is 8/3.
    for note, errors, expected in (
        ("means 4, 2.54, 2.33, 2.92", ERRORS, 1),
        ("means 2.54, 4, 2.33, 2.92: the simplest, though the next is worse", ERRORS[[1, 0, 2, 3]], 0),
        ("means 4, 2.92, 2.33, 2.54: none simpler is near enough", ERRORS[[0, 3, 2, 1]], 2),
        ("means 2.33, 4, 2.54, 2.92: the best is the simplest", ERRORS[[2, 0, 1, 3]], 0),
        ("means 2.92, 4, 2.54, 2.33: the best is the most complex", ERRORS[[3, 0, 1, 2]], 2),
        ("means 2.46, 2.54, 2.33: two are near enough", np.vstack([[2.5, 2.875, 2.0], ERRORS[1:3]]), 0),
    ):
        call = f"one_standard_error_rule(errors with {note})"
        close(number(solution.one_standard_error_rule(errors), call), expected, call)


@points(2)
@given(problem=cross_validations(dressed=False))
@settings(max_examples=40)
def test_one_standard_error_rule_agrees_on_any_errors(solution, problem):
    """one_standard_error_rule gives the right model for any number of models and folds

    The example says which model is the best. With two folds a wrong divisor, and a missing root, show most.
    """
    assert_agrees(solution, answer, "one_standard_error_rule", problem.errors, note=problem.edge)


@points(1)
@given(problem=cross_validations(dressed=False))
@settings(max_examples=30)
def test_one_standard_error_rule_is_never_more_complex_than_the_best(solution, problem):
    """one_standard_error_rule never gives a model that is more complex than the best, or too far from it

    What speaks for a model that is worse and more complex?
    """
    call = f"one_standard_error_rule(errors), {problem.edge}"
    got = number(solution.one_standard_error_rule(problem.errors), call)
    mean = problem.errors.mean(axis=1)
    best = int(mean.argmin())
    require(got in range(best + 1), f"{call} must be one of the models up to the best, number {best}, got {got:g}")
    error = problem.errors[best].std(ddof=1) / np.sqrt(problem.errors.shape[1])
    behind = (mean[int(got)] - mean[best]) / error
    require(behind < 1.02, f"{call} gives model {got:g}, which is {behind:.3g} standard errors behind the best")
