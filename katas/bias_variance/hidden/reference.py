"""Bias and variance of polynomial regression, and the rule of one standard error.

At one point let the predictions of many models have the mean m and the variance v. Around the truth f their mean
squared error is (m - f)^2 + v: for (p - f)^2 = (p - m)^2 + 2 (p - m)(m - f) + (m - f)^2, and p - m is 0 on average. A
new observation adds its own noise, which no model has seen.
"""

import numpy as np


def polynomial_fit(x, y, degree, l2=0.0):
    x, y = _same_length(_numbers(x), _numbers(y))
    return _least_squares(x, y, degree, l2)


def polynomial_predict(coef, x):
    coef, x = _numbers(coef), _numbers(x)
    return _powers(x, len(coef) - 1) @ coef


def bias_variance(predictions, truth):
    predictions, truth = _same_length(_numbers(predictions), _numbers(truth))
    bias = predictions.mean(axis=0) - truth
    return np.mean(bias**2), predictions.var(axis=0).mean()


def expected_error(predictions, truth, noise_std):
    return sum(bias_variance(predictions, truth)) + noise_std**2


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    f, x = _same_length(_numbers(f_values), _numbers(x))
    noise = noise_std * np.random.default_rng(seed).standard_normal((n_datasets, len(x)))
    coef = _least_squares(x, (f + noise).T, degree, l2)  # one column for each dataset
    return (_powers(x, degree) @ coef).T


def one_standard_error_rule(errors):
    errors = _numbers(errors)
    folds = errors.shape[1]
    if folds < 2:
        raise ValueError("one fold tells nothing of the spread")
    mean = errors.mean(axis=1)
    best = mean.argmin()
    limit = mean[best] + errors[best].std(ddof=1) / np.sqrt(folds)
    return int(np.argmax(mean <= limit))  # the first that is


def _least_squares(x, y, degree, l2):
    if degree < 0 or degree % 1:
        raise ValueError("the degree must be a whole number, 0 or more")
    if l2 < 0:
        raise ValueError("l2 must not be negative")
    # A penalty is a sample: one that claims 0 = sqrt(l2) c_j adds l2 c_j^2 to the sum of squares. None speaks of c_0.
    claims = np.sqrt(l2) * np.eye(degree + 1)[1:]
    design = np.vstack([_powers(x, degree), claims])
    return np.linalg.lstsq(design, np.concatenate([y, np.zeros((degree, *y.shape[1:]))]), rcond=None)[0]


def _powers(x, degree):
    return np.vander(x, degree + 1, increasing=True)


def _numbers(array):
    array = np.asarray(array, dtype=float)
    if np.isnan(array).any():
        raise ValueError("nan is no number")
    return array


def _same_length(first, second):
    if first.shape[-1] != len(second):
        raise ValueError(f"lengths {first.shape[-1]} and {len(second)} differ")
    return first, second
