"""What is drawn at random in simulate: standard normal numbers found back in the predictions."""

import numpy as np

from pytest_mlkata.checks import close, numbers

from .problems import smoother


def standardised(solution, f, x, degree, *, noise_std, n_datasets, seed, l2=0.0):
    """Simulate, and take from each row of predictions the numbers that must be standard normal and independent.

    With S = U s U' (S is symmetric, of rank degree + 1), predictions S (f + e) are S f + U s z with z = U' e: of a
    right solution z (n_datasets, degree + 1) is standard normal, times noise_std.
    """
    penalised = f", l2={l2}" if l2 else ""
    call = f"simulate(f_values, x, {degree}, noise_std={noise_std}, n_datasets={n_datasets}, seed={seed}{penalised})"
    options = {"l2": l2} if l2 else {}
    got = solution.simulate(f, x, degree, noise_std, n_datasets, seed, **options)
    S = smoother(x, degree, l2)
    U, s, _ = np.linalg.svd(S)
    U, s = U[:, : degree + 1], s[: degree + 1]
    departures = numbers(got, call, (n_datasets, len(x))) - S @ f
    curves = departures @ U @ U.T + S @ f
    close(got, curves, f"{call} must have a polynomial of degree {degree} in each row", rtol=1e-6, atol=1e-6)
    return departures @ U / (s * noise_std), call
