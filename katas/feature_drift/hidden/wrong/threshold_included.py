"""rolling_alerts counts a PSI that equals the threshold as above it

"Greater than" is not "at least": at a threshold of 0 a window that is just like the reference would ring.
"""

caught_by = ("test_rolling_alerts_compares_with_the_threshold",)

import numpy as np


def _clean(x):
    x = np.asarray(x)
    x = x[~np.isnan(x)].astype(np.float64)
    if len(x) == 0:
        raise ValueError("all values are missing")
    return x


def population_stability_index(expected, actual, n_bins=10):
    if n_bins < 2:
        raise ValueError("n_bins must be >= 2")
    expected = _clean(expected)
    actual = _clean(actual)
    inner = np.unique(np.quantile(expected, np.linspace(0, 1, n_bins + 1)[1:-1]))
    bins = np.concatenate(([-np.inf], inner, [np.inf]))
    e = np.histogram(expected, bins)[0] / len(expected)
    a = np.histogram(actual, bins)[0] / len(actual)
    e = np.clip(e, 1e-4, None)
    a = np.clip(a, 1e-4, None)
    return float(np.sum((a - e) * (np.log(a) - np.log(e))))


def ks_statistic(a, b):
    a = _clean(a)
    b = _clean(b)
    values, inverse = np.unique(np.concatenate((a, b)), return_inverse=True)
    in_a = np.bincount(inverse[: len(a)], minlength=len(values))
    in_b = np.bincount(inverse[len(a) :], minlength=len(values))
    return float(np.abs(np.cumsum(in_a) / len(a) - np.cumsum(in_b) / len(b)).max())


def missing_shift(expected, actual):
    return float(np.isnan(actual).mean() - np.isnan(expected).mean())


def drift_report(reference, window):
    if reference.shape[1] != window.shape[1]:
        raise ValueError("feature counts differ")
    d = reference.shape[1]
    psi, ks, missing = np.zeros(d), np.zeros(d), np.zeros(d)
    for j in range(d):
        psi[j] = population_stability_index(reference[:, j], window[:, j])
        ks[j] = ks_statistic(reference[:, j], window[:, j])
        missing[j] = missing_shift(reference[:, j], window[:, j])
    return {"psi": psi, "ks": ks, "missing": missing}


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    if window < 1 or step < 1 or patience < 1 or threshold < 0:
        raise ValueError("bad option")
    if reference.shape[1] != rows.shape[1]:
        raise ValueError("feature counts differ")
    alerts = []
    streak = [0] * rows.shape[1]
    alerted = [False] * rows.shape[1]
    end = window
    while end <= len(rows):
        chunk = rows[end - window : end]
        for j in range(rows.shape[1]):
            if population_stability_index(reference[:, j], chunk[:, j]) >= threshold:
                streak[j] += 1
                if streak[j] >= patience and not alerted[j]:
                    alerts.append((end, j))
                    alerted[j] = True
            else:
                streak[j] = 0
                alerted[j] = False
        end += step
    return alerts


def time_weights(age_days, half_life):
    if half_life <= 0:
        raise ValueError("half_life must be positive")
    if np.any(age_days < 0):
        raise ValueError("negative age")
    return np.exp(-np.log(2) * age_days / half_life)


def respond(psi, missing, upstream_changed, metric_drop):
    if upstream_changed or np.any(np.abs(missing) > 0.05):
        return "fix_upstream"
    if metric_drop > 0.1:
        return "fallback"
    if np.any(psi > 0.2) and metric_drop > 0.02:
        return "retrain"
    if np.any(psi > 0.2):
        return "investigate"
    if np.any(psi > 0.1):
        return "watch"
    return "none"
