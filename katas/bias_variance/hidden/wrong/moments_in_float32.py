"""the variance of float32 numbers is the difference of two numbers that are nearly equal

The mean of the squares and the square of the mean may both be near 10000, and float32 has seven digits. Subtract before
you square, or make float64 of the predictions first.
"""

caught_by = ("test_bias_variance_takes_input_of_any_form", "test_bias_variance_takes_any_data")

import numpy as np


def check(*arrays):
    for array in arrays:
        if np.isnan(array).any():
            raise ValueError("nan")


def check_degree(degree, l2):
    if degree < 0 or degree != int(degree):
        raise ValueError("degree must be 0, 1, 2, ...")
    if l2 < 0:
        raise ValueError("l2 must not be negative")


def polynomial_fit(x, y, degree, l2=0.0):
    check(x, y)
    check_degree(degree, l2)
    if len(x) != len(y):
        raise ValueError("x and y have different lengths")
    V = np.vander(x, degree + 1, increasing=True).astype(float)
    penalty = l2 * np.eye(degree + 1)
    penalty[0, 0] = 0.0
    return np.linalg.solve(V.T @ V + penalty, V.T @ y)


def polynomial_predict(coef, x):
    check(coef, x)
    return np.vander(x, len(coef), increasing=True) @ coef


def bias_variance(predictions, truth):
    check(predictions, truth)
    if predictions.shape[1] != len(truth):
        raise ValueError("predictions and truth do not fit")
    mean = np.mean(predictions, axis=0)
    bias_squared = np.mean((mean - truth) ** 2)
    variance = np.mean(np.mean(predictions**2, axis=0) - mean**2)
    return bias_squared, variance


def expected_error(predictions, truth, noise_std):
    bias_squared, variance = bias_variance(predictions, truth)
    return bias_squared + variance + noise_std**2


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    check(f_values, x)
    if len(f_values) != len(x):
        raise ValueError("f_values and x have different lengths")
    rng = np.random.default_rng(seed)
    predictions = np.zeros((n_datasets, len(x)))
    for i in range(n_datasets):
        y = f_values + rng.normal(0.0, noise_std, size=len(x))
        coef = polynomial_fit(x, y, degree, l2)
        predictions[i] = polynomial_predict(coef, x)
    return predictions


def one_standard_error_rule(errors):
    check(errors)
    n_models, n_folds = errors.shape
    if n_folds < 2:
        raise ValueError("at least two folds are needed")
    means = errors.mean(axis=1)
    best = np.argmin(means)
    se = errors[best].std(ddof=1) / np.sqrt(n_folds)
    for i in range(n_models):
        if means[i] <= means[best] + se:
            return i
