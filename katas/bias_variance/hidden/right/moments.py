"""takes the variance from the moments E[p^2] - E[p]^2, and spawns a seed for each dataset"""

import numpy as np
from scipy.linalg import cho_factor, cho_solve


def checked(*arrays):
    arrays = [np.asarray(a, dtype=np.float64) for a in arrays]
    if any(np.isnan(a.sum()) for a in arrays):
        raise ValueError("there is a nan")
    return arrays if len(arrays) > 1 else arrays[0]


def polynomial_fit(x, y, degree, l2=0.0):
    x, y = checked(x, y)
    if degree < 0 or degree != round(degree) or l2 < 0 or x.size != y.size:
        raise ValueError("bad arguments")
    if degree == 0:
        return np.array([y.mean()])
    Z = np.stack([x**j for j in range(1, degree + 1)], axis=1)
    centre = Z.mean(axis=0)
    Z = Z - centre
    factor = cho_factor(Z.T @ Z + l2 * np.identity(degree))
    slopes = cho_solve(factor, Z.T @ (y - y.mean()))
    return np.append(y.mean() - centre @ slopes, slopes)


def polynomial_predict(coef, x):
    coef, x = checked(coef, x)
    return np.polynomial.polynomial.polyval(x, coef)


def bias_variance(predictions, truth):
    p, t = checked(predictions, truth)
    if p.shape[1:] != t.shape:
        raise ValueError("columns")
    first = np.einsum("rm->m", p) / len(p)
    second = np.einsum("rm,rm->m", p, p) / len(p)
    return np.array([np.mean((first - t) ** 2), np.mean(second - first**2)])


def expected_error(predictions, truth, noise_std):
    return np.asarray(bias_variance(predictions, truth).sum() + noise_std * noise_std)


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    f, x = checked(f_values, x)
    polynomial_fit(x, f, degree, l2)
    children = np.random.SeedSequence(seed).spawn(n_datasets)
    noise = [np.random.default_rng(c).standard_normal(len(x)) * noise_std for c in children]
    return tuple(polynomial_predict(polynomial_fit(x, f + e, degree, l2), x) for e in noise)


def one_standard_error_rule(errors):
    e = checked(errors)
    k = e.shape[1]
    if k <= 1:
        raise ValueError("one fold")
    order = np.argsort(e.mean(axis=1), kind="stable")
    best = e[order[0]]
    limit = best.mean() + np.sqrt(((best - best.mean()) ** 2).sum() / (k * (k - 1)))
    return np.asarray(min(i for i in order if e[i].mean() <= limit))
