"""centres, and shrinks along the singular vectors; the legacy global generator is seeded"""

import numpy as np


def _clean(a):
    a = np.array(a, dtype=float)
    if np.any(a != a):
        raise ValueError("not a number")
    return a


def polynomial_fit(x, y, degree, l2=0.0):
    x, y = _clean(x), _clean(y)
    if x.size != y.size:
        raise ValueError("sizes")
    if degree not in range(100):
        raise ValueError("degree")
    if l2 < 0:
        raise ValueError("l2")
    P = x[:, np.newaxis] ** np.arange(1, degree + 1)
    centre = P.mean(axis=0)
    U, s, Vt = np.linalg.svd(P - centre, full_matrices=False)
    slopes = Vt.T @ (s / (s**2 + l2) * (U.T @ (y - y.mean())))
    return np.r_[y.mean() - centre @ slopes, slopes]


def polynomial_predict(coef, x):
    coef, x = _clean(coef), _clean(x)
    return (coef * x[:, np.newaxis] ** np.arange(coef.size)).sum(axis=1)


def bias_variance(predictions, truth):
    predictions, truth = _clean(predictions), _clean(truth)
    R, m = predictions.shape
    if truth.shape != (m,):
        raise ValueError("sizes")
    bias = predictions.mean(axis=0) - truth
    variance = np.cov(predictions, rowvar=False, bias=True) if R > 1 else np.zeros((m, m))
    return np.dot(bias, bias) / m, np.trace(np.atleast_2d(variance)) / m


def expected_error(predictions, truth, noise_std):
    return np.array(bias_variance(predictions, truth) + (noise_std**2,)).sum()


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    f_values, x = _clean(f_values), _clean(x)
    if f_values.size != x.size:
        raise ValueError("sizes")
    np.random.seed(seed)
    data = np.random.normal(f_values, noise_std, (n_datasets, x.size))
    return np.apply_along_axis(lambda y: polynomial_predict(polynomial_fit(x, y, degree, l2), x), 1, data)


def one_standard_error_rule(errors):
    errors = _clean(errors)
    if errors.shape[-1] < 2:
        raise ValueError("folds")
    table = sorted((row.mean(), i) for i, row in enumerate(errors))
    lowest, best = table[0]
    reach = errors[best].std(ddof=1) / np.sqrt(errors[best].size)
    return np.array(min(i for mean, i in table if mean <= lowest + reach))
