"""Bias and variance of polynomial regression, and the rule of one standard error.

A polynomial is an array of coefficients, the lowest power first.
"""

import numpy as np


def polynomial_fit(x, y, degree, l2=0.0):
    """Return the coefficients (degree + 1,) of least squares for samples x (n,) and y (n,), lowest power first.

    They minimise the sum of squared residuals plus l2 times the sum of squared coefficients, the intercept left out.

    Raises ValueError if degree is negative or not whole, if l2 is negative, if x and y differ in length, or if one of
    them holds nan.
    """
    raise NotImplementedError


def polynomial_predict(coef, x):
    """Return the polynomial with the coefficients coef (k,), lowest power first, at the points x (m,): (m,).

    Raises ValueError if coef or x holds nan.
    """
    raise NotImplementedError


def bias_variance(predictions, truth):
    """Return the pair (bias_squared, variance), two numbers: means over the points.

    predictions (R, m) are those of R models, each trained on a dataset of its own, at m points; truth (m,) is the
    function without noise. The variance over the models is divided by R.

    Raises ValueError if truth is not as long as predictions has columns, or if one of them holds nan.
    """
    raise NotImplementedError


def expected_error(predictions, truth, noise_std):
    """Return squared bias plus variance plus the variance of the noise: one number.

    predictions (R, m) and truth (m,) are as in bias_variance; noise_std is the standard deviation of the noise.

    Raises ValueError for the same input as bias_variance.
    """
    raise NotImplementedError


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    """Return predictions (n_datasets, m): in each row those of a polynomial fitted to f_values (m,) with fresh noise.

    The noise is Gaussian with standard deviation noise_std, independent for each dataset and each point of x (m,), and
    determined by the integer seed. Each polynomial predicts at x.

    Raises ValueError if degree is negative or not whole, if l2 is negative, if f_values and x differ in length, or if
    one of them holds nan.
    """
    raise NotImplementedError


def one_standard_error_rule(errors):
    """Return the index of the simplest model whose mean error is within one standard error of the best: one number.

    errors (n_models, n_folds) has a row for each model, the simplest first. The standard error is that of the model
    with the lowest mean: its standard deviation (n_folds - 1) over the root of n_folds.

    Raises ValueError if there are fewer than two folds, or if errors holds nan.
    """
    raise NotImplementedError
