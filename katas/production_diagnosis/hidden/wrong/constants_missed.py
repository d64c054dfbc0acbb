"""diagnose does not notice a feature that is constant

The width of a constant is 0: is that smaller than a fifth, or left out as a division by zero?
"""

caught_by = ("test_diagnose_knows_preprocessing_skew",)

import math
from statistics import quantiles


def kl_divergence(p, q):
    p, q = [float(x) for x in p], [float(x) for x in q]
    if len(p) != len(q):
        raise ValueError("p and q must be equally long")
    for values in (p, q):
        if any(math.isnan(x) or x < 0 for x in values) or not any(values):
            raise ValueError("no distribution")
    sum_p, sum_q, total = math.fsum(p), math.fsum(q), 0.0
    for a, b in zip(p, q):
        if a == 0:
            continue
        if b == 0:
            return math.inf
        total += a / sum_p * (math.log(a / sum_p) - math.log(b / sum_q))
    return total


def label_shift(y_train, y_prod):
    shares = {}
    for sign, labels in ((1, y_train.tolist()), (-1, y_prod.tolist())):
        for label in labels:
            shares[label] = shares.get(label, 0) + sign / len(labels)
    return sum(abs(share) for share in shares.values()) / 2


def duplicate_rate(X_train, X_test):
    seen = set()
    for row in X_train.tolist():
        seen.add(tuple(row))
    count = 0
    for row in X_test.tolist():
        if tuple(row) in seen:
            count += 1
    return count / len(X_test)


def _moments(values):
    mean = math.fsum(values) / len(values)
    return mean, math.sqrt(math.fsum((x - mean) ** 2 for x in values) / len(values))


def diagnose(train, test, production):
    if duplicate_rate(train["X"], test["X"]) > 0.25:
        return "leakage"
    columns = list(zip(*(train["X"].tolist() + test["X"].tolist())))
    columns_now = list(zip(*production["X"].tolist()))
    y = [int(label) for label in train["y"].tolist() + test["y"].tolist()]
    y_now = [int(label) for label in production["y"].tolist()]
    for before, now in zip(columns, columns_now):
        a, _, b = quantiles(before, n=4)
        c, _, d = quantiles(now, n=4)
        if d > c and not (b - a) / 5 < d - c < (b - a) * 5:
            return "preprocessing_skew"

    rate, rate_now = sum(y) / len(y), sum(y_now) / len(y_now)
    moved, left = 0.0, 0.0
    for before, now in zip(columns, columns_now):
        mean, std = _moments(before)
        ones = math.fsum(x for x, label in zip(before, y) if label) / sum(y)
        zeros = math.fsum(x for x, label in zip(before, y) if not label) / (len(y) - sum(y))
        mean_now = math.fsum(now) / len(now)
        moved = max(moved, abs(mean_now - mean) / std)
        expected = rate_now * ones + (1 - rate_now) * zeros
        left = max(left, abs(mean_now - expected) / std)
    if abs(rate_now - rate) > 0.2 and left < 0.2 and moved > 0.5 * left and moved > 0.12:
        if left < moved:
            return "label_shift"
    if moved > 0.4:
        return "covariate_shift"

    def accuracy(sample):
        pairs = zip(sample["y"].tolist(), sample["y_pred"].tolist())
        return sum(a == b for a, b in pairs) / len(sample["y"])

    return "concept_drift" if accuracy(test) > accuracy(production) + 0.09 else "healthy"
