"""the bias is averaged over the points before it is squared

Too high here and too low there cancel then. Square at each point.
"""

caught_by = ("test_bias_variance_has_known_values",)

import numpy as np
from numpy.polynomial import polynomial as P


def _as_floats(*arrays):
    arrays = [np.asarray(a, dtype=np.float64) for a in arrays]
    if any(np.isnan(a).any() for a in arrays):
        raise ValueError("input contains nan")
    return arrays


def _augmented(x, y, degree, l2):
    """Ridge regression as ordinary least squares with extra rows."""
    design = P.polyvander(x, degree)
    extra = np.sqrt(l2) * np.eye(degree + 1)[1:]
    return np.vstack([design, extra]), np.concatenate([y, np.zeros(degree)])


def polynomial_fit(x, y, degree, l2=0.0):
    x, y = _as_floats(x, y)
    if x.shape != y.shape:
        raise ValueError("x and y must have the same length")
    if int(degree) != degree or degree < 0:
        raise ValueError("degree must be a non-negative integer")
    if l2 < 0:
        raise ValueError("l2 must be non-negative")
    coef, *_ = np.linalg.lstsq(*_augmented(x, y, degree, l2), rcond=None)
    return coef


def polynomial_predict(coef, x):
    coef, x = _as_floats(coef, x)
    return P.polyval(x, coef)


def bias_variance(predictions, truth):
    predictions, truth = _as_floats(predictions, truth)
    if predictions.shape[1:] != truth.shape:
        raise ValueError("shapes disagree")
    average = predictions.mean(0)
    bias_squared = (average - truth).mean() ** 2
    variance = ((predictions - average) ** 2).mean()
    return bias_squared, variance


def expected_error(predictions, truth, noise_std):
    return sum(bias_variance(predictions, truth)) + noise_std**2


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    f_values, x = _as_floats(f_values, x)
    if f_values.shape != x.shape:
        raise ValueError("f_values and x must have the same length")
    rng = np.random.RandomState(seed)
    noise = noise_std * rng.randn(n_datasets, len(x))
    rows = []
    for e in noise:
        coef = polynomial_fit(x, f_values + e, degree, l2)
        rows.append(polynomial_predict(coef, x))
    return np.array(rows)


def one_standard_error_rule(errors):
    (errors,) = _as_floats(errors)
    k = errors.shape[1]
    if k < 2:
        raise ValueError("need two folds or more")
    mean = errors.mean(axis=1)
    se = errors.std(axis=1, ddof=1) / np.sqrt(k)
    best = mean.argmin()
    within = mean <= mean[best] + se[best]
    return int(np.flatnonzero(within)[0])
