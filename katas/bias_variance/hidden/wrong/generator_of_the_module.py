"""the generator is made once, and its state goes on from call to call

The first call is right. The next one with the same seed goes on with other numbers.
"""

caught_by = ("test_simulate_depends_on_the_seed",)

import math

import numpy as np


class Polynomial:
    """Ridge regression on centred powers of x; the intercept follows from the means."""

    def __init__(self, degree, l2):
        if degree < 0 or degree % 1 != 0:
            raise ValueError(f"no degree: {degree}")
        if l2 < 0:
            raise ValueError(f"no penalty: {l2}")
        self.degree = degree
        self.l2 = l2

    def features(self, x):
        return np.column_stack([x**j for j in range(1, self.degree + 1)]) if self.degree else np.empty((len(x), 0))

    def fit(self, x, y):
        F = self.features(x)
        middle = F.mean(axis=0)
        G = F - middle
        slopes = np.linalg.solve(G.T @ G + self.l2 * np.eye(self.degree), G.T @ (y - y.mean()))
        return np.concatenate([[y.mean() - middle @ slopes], slopes])


def require_numbers(**arrays):
    for name, array in arrays.items():
        if np.isnan(np.sum(array)):
            raise ValueError(f"{name} holds nan")


def require_equal(a, b):
    if a != b:
        raise ValueError(f"{a} is not {b}")


def polynomial_fit(x, y, degree, l2=0.0):
    require_numbers(x=x, y=y)
    require_equal(len(x), len(y))
    return Polynomial(degree, l2).fit(x.astype(float), y.astype(float))


def polynomial_predict(coef, x):
    require_numbers(coef=coef, x=x)
    out = np.zeros(len(x))
    for c in coef[::-1]:
        out = out * x + c
    return out


def bias_variance(predictions, truth):
    require_numbers(predictions=predictions, truth=truth)
    require_equal(predictions.shape[1], truth.shape[0])
    n_points = len(truth)
    bias_squared = variance = 0.0
    for j in range(n_points):
        column = predictions[:, j].astype(float)
        mean = column.mean()
        bias_squared += (mean - truth[j]) ** 2
        variance += ((column - mean) ** 2).mean()
    return bias_squared / n_points, variance / n_points


def expected_error(predictions, truth, noise_std):
    bias_squared, variance = bias_variance(predictions, truth)
    noise = noise_std * noise_std
    return bias_squared + variance + noise


generators = {}


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    require_numbers(f_values=f_values, x=x)
    require_equal(len(f_values), len(x))
    generator = generators.setdefault(seed, np.random.default_rng(seed))
    predictions = []
    for _ in range(n_datasets):
        noise = generator.standard_normal(len(x))
        y = f_values + noise_std * noise
        predictions.append(polynomial_predict(polynomial_fit(x, y, degree, l2=l2), x))
    return predictions


def one_standard_error_rule(errors):
    require_numbers(errors=errors)
    models, folds = errors.shape
    if folds < 2:
        raise ValueError("one fold has no spread")
    means = [sum(row) / folds for row in errors.tolist()]
    best = min(range(models), key=means.__getitem__)
    spread = sum((e - means[best]) ** 2 for e in errors[best].tolist()) / (folds - 1)
    limit = means[best] + math.sqrt(spread / folds)
    return next(i for i in range(models) if means[i] <= limit)
