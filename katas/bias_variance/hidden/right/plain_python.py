"""uses plain Python and its own elimination, and returns lists and tuples"""

import math
import random


def _floats(array):
    values = [float(v) for v in array]
    if any(math.isnan(v) for v in values):
        raise ValueError("nan")
    return values


def _eliminate(A, b):
    """Gauss with partial pivoting."""
    n = len(b)
    rows = [list(row) + [value] for row, value in zip(A, b)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [a - factor * c for a, c in zip(rows[r], rows[i])]
    out = [0.0] * n
    for i in reversed(range(n)):
        out[i] = (rows[i][n] - sum(rows[i][j] * out[j] for j in range(i + 1, n))) / rows[i][i]
    return out


def polynomial_fit(x, y, degree, l2=0.0):
    x, y = _floats(x), _floats(y)
    if len(x) != len(y):
        raise ValueError("lengths")
    if degree < 0 or degree != math.floor(degree):
        raise ValueError("degree")
    if l2 < 0:
        raise ValueError("l2")
    k = degree + 1
    A = [[math.fsum(v ** (i + j) for v in x) + (l2 if i == j and i > 0 else 0.0) for j in range(k)] for i in range(k)]
    b = [math.fsum(w * v**i for v, w in zip(x, y)) for i in range(k)]
    return _eliminate(A, b)


def polynomial_predict(coef, x):
    coef, x = _floats(coef), _floats(x)
    return [math.fsum(c * v**j for j, c in enumerate(coef)) for v in x]


def bias_variance(predictions, truth):
    columns = [_floats(column) for column in predictions.T]
    truth = _floats(truth)
    if len(columns) != len(truth):
        raise ValueError("lengths")
    means = [math.fsum(column) / len(column) for column in columns]
    bias_squared = math.fsum((m - t) ** 2 for m, t in zip(means, truth)) / len(truth)
    spread = [math.fsum((v - m) ** 2 for v in column) / len(column) for column, m in zip(columns, means)]
    return [bias_squared, sum(spread) / len(spread)]


def expected_error(predictions, truth, noise_std):
    return math.fsum([*bias_variance(predictions, truth), noise_std**2])


def simulate(f_values, x, degree, noise_std, n_datasets, seed, l2=0.0):
    f_values, x = _floats(f_values), _floats(x)
    if len(f_values) != len(x):
        raise ValueError("lengths")
    source = random.Random(seed)
    answer = []
    for _ in range(n_datasets):
        y = [f + source.gauss(0.0, noise_std) for f in f_values]
        answer.append(polynomial_predict(polynomial_fit(x, y, degree, l2), x))
    return answer


def one_standard_error_rule(errors):
    rows = [_floats(row) for row in errors]
    folds = len(rows[0])
    if folds < 2:
        raise ValueError("folds")
    means = [math.fsum(row) / folds for row in rows]
    best = means.index(min(means))
    variance = math.fsum((e - means[best]) ** 2 for e in rows[best]) / (folds - 1)
    limit = means[best] + math.sqrt(variance) / math.sqrt(folds)
    return [mean <= limit for mean in means].index(True)
