"""finds the smoother by QR once, and applies it to all datasets"""

import numpy as np


def _nan(*arrays):
    if any(np.isnan(np.min(a)) for a in arrays):
        raise ValueError("nan in the input")


def _operator(x, degree, l2):
    """The matrix (degree + 1, n) that makes coefficients of y."""
    if degree < 0 or int(degree) < degree:
        raise ValueError(f"degree {degree}")
    if l2 < 0:
        raise ValueError(f"l2 {l2}")
    n = len(x)
    rows = np.zeros((n + degree, degree + 1))
    rows[:n] = np.power.outer(np.asarray(x, dtype=float), np.arange(degree + 1))
    rows[np.arange(n, n + degree), np.arange(1, degree + 1)] = np.sqrt(l2)
    Q, R = np.linalg.qr(rows)
    return np.linalg.solve(R, Q[:n].T)


def _equal_length(a, b):
    if len(a) != len(b):
        raise ValueError("different lengths")


def polynomial_fit(x, y, degree, l2=0.0):
    _nan(x, y)
    _equal_length(x, y)
    return _operator(x, degree, l2) @ y


def polynomial_predict(coef, x):
    _nan(coef, x)
    return np.einsum("j,ij->i", coef, np.power.outer(x, np.arange(len(coef))))


def bias_variance(predictions, truth):
    _nan(predictions, truth)
    _equal_length(predictions.T, truth)
    mean = np.einsum("rm->m", predictions.astype(float)) / len(predictions)
    bias_squared = np.mean((mean - truth) ** 2)
    total = np.mean((predictions.astype(float) - truth) ** 2)
    return bias_squared, total - bias_squared


def expected_error(predictions, truth, noise_std):
    _nan(predictions, truth)
    _equal_length(predictions.T, truth)
    return np.mean((predictions.astype(float) - truth) ** 2) + noise_std**2


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    _nan(f_values, x)
    _equal_length(f_values, x)
    operator = _operator(x, degree, l2)
    S = np.power.outer(np.asarray(x, dtype=float), np.arange(degree + 1)) @ operator
    rng = np.random.default_rng(seed)
    return S @ f_values + rng.normal(scale=noise_std, size=(n_datasets, len(x))) @ S.T


def one_standard_error_rule(errors):
    _nan(errors)
    folds = errors.shape[1]
    if folds <= 1:
        raise ValueError("folds")
    mean = errors.mean(axis=1)
    best = np.argmin(mean)
    excess = mean[: best + 1] - mean[best]
    return np.argmax(excess <= np.sqrt(np.var(errors[best], ddof=1) / folds))
