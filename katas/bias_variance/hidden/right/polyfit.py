"""leaves the fit to numpy.polynomial where there is no penalty, and takes Cholesky where there is one"""

import numpy as np
from numpy.polynomial import Polynomial, polynomial


def _checked(*arrays):
    for array in arrays:
        if not (array == array).all():
            raise ValueError("nan")


def _checked_lengths(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError("lengths differ")


def polynomial_fit(x, y, degree, l2=0.0):
    _checked(x, y)
    _checked_lengths(x, y)
    if not float(degree).is_integer() or degree < 0 or l2 < 0:
        raise ValueError("degree must be a whole number and l2 not negative")
    x, y = x.astype(float), y.astype(float)
    if l2 == 0:
        return Polynomial.fit(x, y, degree, domain=[-2, 2]).convert(domain=[-1, 1]).coef if degree else [np.mean(y)]
    V = polynomial.polyvander(x, degree)
    A = V.T @ V
    A[1:, 1:] += l2 * np.identity(degree)
    L = np.linalg.cholesky(A)
    return np.linalg.solve(L.T, np.linalg.solve(L, V.T @ y))


def polynomial_predict(coef, x):
    _checked(np.asarray(coef), x)
    return Polynomial(coef)(x)


def bias_variance(predictions, truth):
    _checked(predictions, truth)
    _checked_lengths(predictions[0], truth)
    error = predictions.astype(float) - truth
    squared = np.square(error.mean(axis=0))
    return squared.mean(), np.square(error - error.mean(axis=0)).mean()


def expected_error(predictions, truth, noise_std):
    return np.sum(bias_variance(predictions, truth)) + np.square(noise_std)


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    _checked(f_values, x)
    _checked_lengths(f_values, x)
    return [
        polynomial_predict(
            polynomial_fit(x, f_values + np.random.default_rng([seed, i]).normal(0, noise_std, len(x)), degree, l2), x
        )
        for i in range(n_datasets)
    ]


def one_standard_error_rule(errors):
    _checked(errors)
    if errors.shape[1] < 2:
        raise ValueError("fewer than two folds")
    scores = -errors.astype(float)  # higher is better
    mean, sem = np.mean(scores, 1), np.std(scores, 1, ddof=1) / errors.shape[1] ** 0.5
    best = np.argmax(mean)
    enough = mean >= mean[best] - sem[best]
    return np.arange(len(mean))[enough].min()
