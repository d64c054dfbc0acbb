import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_gaussian,
    assert_share,
    close,
    number,
    numbers,
    pair,
    points,
    require,
)

from . import reference as answer
from .chances import departures, standardised
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
    """polynomial_fit has no penalty unless told otherwise

    Not a tiny one for safety's sake, either: the samples here do not need it.
    """
    assert_agrees(solution, answer, "polynomial_fit", problem.x, problem.y, problem.degree, **NEAR)


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
    far = np.array([2.0, -1.25, 0.5, -2.0, 1.25, -0.5, 0.0, 1.75, -1.75])
    twice = np.tile(X, 2)  # two observations at the same x have noise of their own
    for x, degree, noise_std, n_datasets, seed, l2 in ((far, 5, 0.5, 500, 0, 0.0), (twice, 2, 2.0, 400, 11, 0.75)):
        f = np.resize(Y, len(x))
        how = {"noise_std": noise_std, "l2": l2}
        differences, call = departures(solution, f, x, degree, n_datasets=n_datasets, seed=seed, **how)
        S = smoother(x, degree, l2)
        for j in np.unique(x, return_index=True)[1]:
            std = noise_std * np.linalg.norm(S[j])
            assert_gaussian(differences[:, j], std, f"{call}, minus S f, at x = {x[j]:g}")
        # A constant goes through any of these fits as it is, and so does the mean of the noise of a dataset.
        of_rows = differences.mean(axis=1)
        assert_gaussian(of_rows, noise_std / np.sqrt(len(x)), f"{call}, minus S f, the mean over x in each row")
        z = standardised(differences, x, degree, **how)
        assert_gaussian(z, 1.0, f"{call}, minus S f, in units of what it should be in any direction")


@points(2)
def test_simulate_draws_fresh_noise_for_every_dataset(solution):
    """simulate draws noise that is independent from dataset to dataset

    If all models see the same noise, there is no variance to be measured. Where does your generator begin, and how many
    numbers does it give? Noise is not centred, either: its mean is 0 in the long run, and not in the run at hand.
    """
    for n_datasets, seed in ((500, 5), (1, 6)):
        differences, call = departures(solution, Y, X, 1, noise_std=0.5, n_datasets=n_datasets, seed=seed)
        z = standardised(differences, X, 1, noise_std=0.5)
        seen = len(np.unique(np.round(z, 6), axis=0))
        require(
            seen == len(z), f"{call}: of {len(z)} datasets only {seen} are different; each must have noise of its own"
        )
        without = np.flatnonzero(np.abs(z).max(axis=1) < 1e-8)
        require(not without.size, f"{call} has no noise in row {without[:1]}")
        exact = np.abs(z.mean(axis=0)).max() < 1e-10
        require(not exact, f"{call}: the mean over the datasets is exactly that without noise, as chance never has it")
        for what, both in (
            ("datasets that follow each other", z[:-1:2] + z[1::2]),
            ("datasets of both halves", z[: n_datasets // 2] + z[n_datasets - n_datasets // 2 :]),
        ):
            if n_datasets > 1:
                assert_gaussian(both / np.sqrt(2), 1.0, f"{call}: {what}, together, in units of what it should be")


@points(1)
def test_simulate_draws_normal_noise(solution):
    """simulate draws noise from a normal distribution

    Another one may have the same standard deviation, but not as many numbers near 0, or not as many far from it.
    """
    # Four points so far from the others that the polynomial nearly goes through them, noise and all: hardly any of it
    # is averaged away, for a sum of noise of any distribution is nearly normal.
    x = np.array([2.0, -1.75, -0.75, 1.0, 0.25, 0.125])
    differences, call = departures(solution, np.zeros(6), x, 4, noise_std=0.5, n_datasets=600, seed=2)
    own = smoother(x, 4)[:4]
    z = np.linalg.solve(0.5 * np.linalg.cholesky(own @ own.T), differences[:, :4].T)
    call = f"{call}, in units of noise_std, at four points x that are far from the others"
    assert_gaussian(z, 1.0, call)
    assert_share(int((np.abs(z) > 2.5).sum()), z.size, 0.0124193, f"{call}: a number lies more than 2.5 from 0")


@points(1)
def test_simulate_depends_on_the_seed(solution):
    """simulate gives other noise for another seed, and the same for the same

    The seed is the only source of randomness, whatever was simulated before; 0 is a seed like any other.
    """
    drawn = {}
    for seed in (0, 1, 2, 10, 100, 12345):
        call = f"simulate(f_values, x, 2, 0.5, 3, seed={seed})"
        drawn[seed] = numbers(solution.simulate(Y, X, 2, 0.5, 3, seed), call, (3, 6))
        again = numbers(solution.simulate(Y, X, 2, 0.5, 3, seed=seed), call, (3, 6))
        close(again, drawn[seed], f"{call}, called again", **NEAR)
    solution.simulate(Y[::-1], X, 1, 2.0, 5, 0)
    for seed, before in drawn.items():
        call = f"simulate(f_values, x, 2, 0.5, 3, seed={seed})"
        close(solution.simulate(Y, X, 2, 0.5, 3, seed), before, f"{call}, called again after others", **NEAR)
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
    # With few folds it matters most that they are one too many below the root.
    for errors, expected in (
        ([[2.875, 2.875], [1.0, 3.0]], 0),
        ([[9.0, 8.0], [2.875, 2.875], [3.0, 1.0]], 1),
        ([[3.75, 3.5], [0.0, 4.0]], 0),
        ([[4.25, 4.5, 4.5], [1.0, 2.0, 6.0]], 0),
    ):
        call = f"one_standard_error_rule({errors})"
        close(number(solution.one_standard_error_rule(np.array(errors)), call), expected, call)


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
