"""What is drawn at random in simulate: noise found back in the predictions, which are linear in it."""

import numpy as np

from pytest_mlkata.checks import close, numbers

from .problems import smoother


def departures(solution, f, x, degree, *, noise_std, n_datasets, seed, l2=0.0):
    """Simulate, and return by how much the predictions (n_datasets, m) differ from S f, and the call.

    In each row must be a polynomial. Of a right solution the rows are S e with noise e: independent and normally
    distributed, with mean 0 and covariance noise_std^2 S S'.
    """
    penalised = f", l2={l2}" if l2 else ""
    call = f"simulate(f_values, x, {degree}, noise_std={noise_std}, n_datasets={n_datasets}, seed={seed}{penalised})"
    options = {"l2": l2} if l2 else {}
    got = solution.simulate(f, x, degree, noise_std, n_datasets, seed, **options)
    S = smoother(x, degree, l2)
    differences = numbers(got, call, (n_datasets, len(x))) - S @ f
    basis = _polynomials(x, degree)
    curves = S @ f + differences @ basis @ basis.T
    close(got, curves, f"{call} must have a polynomial of degree {degree} in each row", rtol=1e-6, atol=1e-6)
    return differences, call


def standardised(differences, x, degree, *, noise_std, l2=0.0):
    """Turn departures into numbers (n_datasets, degree + 1) that are standard normal and independent.

    With the columns of Q an orthonormal basis of the polynomials at x, Q' S e has the covariance noise_std^2 Q' S S' Q,
    of which the factor of Cholesky is taken away.
    """
    basis = _polynomials(x, degree)
    both = basis.T @ smoother(x, degree, l2)
    factor = noise_std * np.linalg.cholesky(both @ both.T)
    return np.linalg.solve(factor, basis.T @ differences.T).T


def _polynomials(x, degree):
    """Return an orthonormal basis (m, degree + 1) of the polynomials at x; the first is constant."""
    return np.linalg.qr(np.vander(x, degree + 1, increasing=True))[0]
