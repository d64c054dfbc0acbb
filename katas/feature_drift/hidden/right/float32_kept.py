"""computes in the dtype it is given, and counts by comparing with one edge after the other"""

import numpy as np

FLOOR = 1e-4


def drop_nan(x):
    x = x[x == x]
    if len(x) == 0:
        raise ValueError("no values")
    return x


def population_stability_index(expected, actual, n_bins=10):
    if n_bins <= 1:
        raise ValueError("n_bins")
    expected, actual = drop_nan(expected), drop_nan(actual)
    edges = np.percentile(expected, 100 * np.arange(1, n_bins) / n_bins)
    total = expected.dtype.type(0)
    reached_e = reached_a = 1.0
    for edge in list(edges) + [None]:
        # shares at or above the edge; a bin is what is lost from one edge to the next
        next_e, next_a = (0.0, 0.0) if edge is None else (np.mean(expected >= edge), np.mean(actual >= edge))
        e, a = max(reached_e - next_e, FLOOR), max(reached_a - next_a, FLOOR)
        total += expected.dtype.type((a - e) * np.log(a / e))
        reached_e, reached_a = next_e, next_a
    return total


def ks_statistic(a, b):
    a, b = np.sort(drop_nan(a)), np.sort(drop_nan(b))
    on_a = np.searchsorted(b, a, side="right").astype(a.dtype) / a.dtype.type(len(b))
    on_b = np.searchsorted(a, b, side="right").astype(a.dtype) / a.dtype.type(len(a))
    own_a = np.searchsorted(a, a, side="right").astype(a.dtype) / a.dtype.type(len(a))
    own_b = np.searchsorted(b, b, side="right").astype(a.dtype) / a.dtype.type(len(b))
    return max(np.abs(own_a - on_a).max(), np.abs(own_b - on_b).max())


def missing_shift(expected, actual):
    return np.mean(actual != actual, dtype=np.float32) - np.mean(expected != expected, dtype=np.float64)


def drift_report(reference, window):
    n, m = np.shape(reference)[1], np.shape(window)[1]
    if n != m:
        raise ValueError(f"{n} features, {m} features")
    report = {"psi": [], "ks": [], "missing": []}
    for j in range(n):
        before, now = reference[:, j], window[:, j]
        report["psi"].append(population_stability_index(before, now))
        report["ks"].append(ks_statistic(before, now))
        report["missing"].append(missing_shift(before, now))
    return {name: np.array(values, dtype=reference.dtype) for name, values in report.items()}


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    assert_positive(window, step, patience)
    if threshold < 0:
        raise ValueError("threshold")
    if np.shape(reference)[1] != np.shape(rows)[1]:
        raise ValueError("features")
    counts, result = {}, []
    for end in range(window, rows.shape[0] + 1, step):
        for j, now in enumerate(rows[end - window : end].T):
            if population_stability_index(reference[:, j], now) > threshold:
                counts[j] = counts.get(j, 0) + 1
            else:
                counts.pop(j, None)
            if counts.get(j) == patience:
                result.append((end, j))
    return tuple(result)


def assert_positive(*numbers):
    if any(number < 1 for number in numbers):
        raise ValueError("must be at least 1")


def time_weights(age_days, half_life):
    if half_life <= 0 or not (age_days >= 0).all():
        raise ValueError("bad age or half-life")
    return 0.5 ** np.true_divide(age_days, half_life)


def respond(psi, missing, upstream_changed, metric_drop):
    answer = "none"
    if (psi > 0.1).any():
        answer = "watch"
    if (psi > 0.2).any():
        answer = "investigate"
        if metric_drop > 0.02:
            answer = "retrain"
    if metric_drop > 0.1:
        answer = "fallback"
    if (abs(missing) > 0.05).any() or upstream_changed:
        answer = "fix_upstream"
    return answer
