"""computes in float32 where all arrays are float32"""

import numpy as np


def _common(*arrays):
    dtype = np.result_type(*arrays)
    arrays = [np.asarray(a, dtype=dtype) for a in arrays]
    if any(np.isnan(a.sum()) for a in arrays):
        raise ValueError("nan")
    return arrays


def _solve(x, Y, degree, l2):
    if degree < 0 or degree != round(degree):
        raise ValueError("bad degree")
    if l2 < 0:
        raise ValueError("bad l2")
    if len(x) != len(Y):
        raise ValueError("bad lengths")
    V = _vander(x, degree)
    A = V.T @ V
    A[np.arange(1, degree + 1), np.arange(1, degree + 1)] += V.dtype.type(l2)
    return np.linalg.solve(A, V.T @ Y)


def _vander(x, degree):
    V = np.ones((len(x), degree + 1), dtype=x.dtype)
    for j in range(degree):
        V[:, j + 1] = V[:, j] * x
    return V


def polynomial_fit(x, y, degree, l2=0.0):
    x, y = _common(x, y)
    return _solve(x, y[:, None], degree, l2)[:, 0]


def polynomial_predict(coef, x):
    coef, x = _common(coef, x)
    value = np.full_like(x, coef[-1])
    for c in coef[-2::-1]:
        value *= x
        value += c
    return value


def bias_variance(predictions, truth):
    predictions, truth = _common(predictions, truth)
    if predictions.shape[1] != truth.size:
        raise ValueError("bad lengths")
    bias = (predictions - truth).mean(axis=0)
    return (bias @ bias) / bias.dtype.type(bias.size), predictions.var(axis=0).mean()


def expected_error(predictions, truth, noise_std):
    b, v = bias_variance(predictions, truth)
    return b + v + b.dtype.type(noise_std) ** 2


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    f, x = _common(f_values, x)
    if len(f) != len(x):
        raise ValueError("bad lengths")
    noise = np.random.default_rng(seed).standard_normal((len(x), n_datasets), dtype=np.float32)
    Y = f[:, None] + f.dtype.type(noise_std) * noise
    return (_vander(x, degree) @ _solve(x, Y, degree, l2)).T if degree == round(degree) else _solve(x, Y, degree, l2)


def one_standard_error_rule(errors):
    (errors,) = _common(errors)
    n, k = errors.shape
    if k < 2:
        raise ValueError("one fold")
    means = errors.mean(axis=1)
    centred = errors - means[:, None]
    se = np.sqrt((centred * centred).sum(axis=1) / (k * (k - 1)))
    order = np.argsort(means, kind="stable")
    best = order[0]
    return int(min(order[means[order] <= means[best] + se[best]]))
