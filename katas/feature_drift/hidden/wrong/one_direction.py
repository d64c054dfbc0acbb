"""the PSI has one direction of the divergence only

Σ a ln(a / e) is one half of it: swap the samples, with the same bins, and compare.
"""

caught_by = ("test_population_stability_index_by_hand",)

import numpy as np


def _sorted(sample):
    s = np.sort(sample)  # nan goes to the end
    s = s[: len(s) - np.count_nonzero(np.isnan(s))]
    if not s.size:
        raise ValueError("nothing but nan")
    return s


def _quantiles(s, k):
    """Linear quantiles by hand, exact between equal neighbours."""
    position = np.arange(1, k) * (len(s) - 1) / k
    below = np.floor(position).astype(int)
    above = np.minimum(below + 1, len(s) - 1)
    low = s[below].astype(float)
    return low + (s[above].astype(float) - low) * (position - below)


def _bin_shares(s, edges):
    below = np.searchsorted(s, edges, side="left")  # strictly below each edge
    counts = np.diff(np.concatenate(([0], below, [len(s)])))
    shares = counts / len(s)
    shares[shares < 1e-4] = 1e-4
    return shares


def population_stability_index(expected, actual, n_bins=10):
    if n_bins < 2:
        raise ValueError("n_bins")
    e, a = _sorted(expected), _sorted(actual)
    edges = _quantiles(e, n_bins)
    p, q = _bin_shares(e, edges), _bin_shares(a, edges)
    return (q * np.log(q / p)).sum()


def ks_statistic(a, b):
    a, b = _sorted(a), _sorted(b)
    d = 0.0
    for points in (a, b):
        below_a = np.searchsorted(a, points, side="left") / a.size
        below_b = np.searchsorted(b, points, side="left") / b.size
        d = max(d, np.abs(below_a - below_b).max())
    return np.array(d)


def missing_shift(expected, actual):
    def share(x):
        return np.count_nonzero(x != x) / x.size

    return share(actual) - share(expected)


def drift_report(reference, window):
    pairs = list(zip(reference.T, window.T, strict=True))
    return {
        "missing": [missing_shift(r, w) for r, w in pairs],
        "ks": [float(ks_statistic(r, w)) for r, w in pairs],
        "psi": [float(population_stability_index(r, w)) for r, w in pairs],
        "features": len(pairs),
    }


def rolling_alerts(reference, rows, window, step, threshold=0.2, patience=1):
    for name, value in (("window", window), ("step", step), ("patience", patience)):
        if value < 1:
            raise ValueError(name)
    if threshold < 0 or reference.shape[-1] != rows.shape[-1]:
        raise ValueError("threshold or features")
    found = []
    for feature, (r, column) in enumerate(zip(reference.T, rows.T)):
        run = 0
        for end in range(window, len(column) + 1, step):
            above = population_stability_index(r, column[end - window : end]) > threshold
            run = run + 1 if above else 0
            if run == patience:
                found.append([end, feature])
    return sorted(found)


def time_weights(age_days, half_life):
    if half_life <= 0 or age_days.min() < 0:
        raise ValueError("age or half-life")
    return np.power(2.0, -age_days.astype(float) / half_life).tolist()


def respond(psi, missing, upstream_changed, metric_drop):
    worst = max(psi)
    rules = (
        ("fix_upstream", upstream_changed or max(abs(missing)) > 0.05),
        ("fallback", metric_drop > 0.1),
        ("retrain", worst > 0.2 and metric_drop > 0.02),
        ("investigate", worst > 0.2),
        ("watch", worst > 0.1),
    )
    return next((name for name, holds in rules if holds), "none")
