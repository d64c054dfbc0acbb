"""fits in Chebyshev's polynomials and takes the penalty over to powers, and the variance from pairs of models"""

import numpy as np
from numpy.polynomial import chebyshev


def whole(*arrays):
    arrays = [np.asarray(array).astype(float) for array in arrays]
    if not all(np.array_equal(array, array) for array in arrays):
        raise ValueError("nan is not a number")
    return arrays


def as_powers(size):
    """Return the matrix (size, size) that takes coefficients of Chebyshev's polynomials in x / 2 to those of powers."""
    columns = [chebyshev.cheb2poly([0.0] * j + [1.0]) for j in range(size)]
    return np.array([np.pad(c, (0, size - len(c))) for c in columns]).T / 2.0 ** np.arange(size)[:, None]


def polynomial_fit(x, y, degree, l2=0.0):
    x, y = whole(x, y)
    if x.size != y.size or degree < 0 or degree % 1 > 0 or l2 < 0:
        raise ValueError("x and y, the degree or the penalty")
    powers = as_powers(degree + 1)
    design = np.concatenate([chebyshev.chebvander(x / 2, degree), l2**0.5 * powers[1:]])
    q, r = np.linalg.qr(design)
    return powers @ np.linalg.solve(r, q[: y.size].T @ y)


def polynomial_predict(coef, x):
    coef, x = whole(coef, x)
    return np.polynomial.Polynomial(coef)(x)


def bias_variance(predictions, truth):
    predictions, truth = whole(predictions, truth)
    models, count = predictions.shape
    if truth.size != count:
        raise ValueError("a column for each point of truth")
    bias = predictions.sum(axis=0) / models - truth
    # Two models differ by twice their variance, on average over all pairs, those of a model with itself among them.
    apart = sum(np.sum((predictions - np.roll(predictions, k, axis=0)) ** 2) for k in range(models))
    return [bias @ bias / count, apart / (2 * models * models * count)]


def expected_error(predictions, truth, noise_std):
    return np.sum(bias_variance(predictions, truth)) + np.square(noise_std)


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    f, x = whole(f_values, x)
    if f.size != x.size:
        raise ValueError("a value for each x")
    stream = np.random.Generator(np.random.Philox(seed))
    datasets = ([f_i + noise_std * stream.standard_normal() for f_i in f] for _ in range(n_datasets))
    return [polynomial_predict(polynomial_fit(x, y, degree, l2), x) for y in datasets]


def one_standard_error_rule(errors):
    (errors,) = whole(errors)
    folds = errors.shape[1]
    if folds < 2:
        raise ValueError("a fold has no spread")
    mean = errors.mean(axis=1)
    covariance = np.atleast_2d(np.cov(errors))
    best = mean.argmin()
    return np.searchsorted(-np.minimum.accumulate(mean), -(mean[best] + np.sqrt(covariance[best, best] / folds)))
