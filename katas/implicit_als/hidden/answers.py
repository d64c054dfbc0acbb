"""What several check files say of an answer."""

import numpy as np

from pytest_mlkata.checks import assert_agrees, close, numbers, pair, require

from . import reference as answer

NEAR = {"rtol": 1e-6, "atol": 1e-6}


def same_half_step(solution, problem, note=""):
    """Require of als_half_step what the reference says."""
    assert_agrees(solution, answer, "als_half_step", *problem.half_step, note=note or problem.edge, **NEAR)


def same_loss(solution, problem, note=""):
    """Require of implicit_loss what the reference says."""
    U, V = problem.U.astype(float), problem.V.astype(float)
    observed = problem.counts[problem.counts > 0].astype(float)
    # Formulas differ in what cancels: at most all squares, and those of the observed pairs by their confidence.
    scores = np.abs(U) @ np.abs(V).T
    heaviest = 1 + problem.alpha * observed.max(initial=0.0)
    size = np.sum(scores**2) + len(observed) * heaviest * (1 + scores.max()) ** 2
    few_digits = any(array.dtype == np.float32 for array in (problem.U, problem.V, problem.counts))
    known = NEAR | {"note": note or problem.edge, "magnitude": size * (1e-2 if few_digits else 1e-6)}
    assert_agrees(solution, answer, "implicit_loss", *problem.loss, **known)


def fitted(solution, problem, n_factors, n_iter, seed, what):
    """Call fit, require two arrays of the right shapes, without nan: what was called, U and V."""
    call = f"fit of {what} with {n_factors} factors, n_iter={n_iter} and seed={seed}"
    got = pair(solution.fit(*problem.fit(n_factors, n_iter, seed)), call, "U, V")
    n, m = len(problem.indptr) - 1, len(problem.V)
    U = numbers(got[0], f"U of {call}", (n, n_factors))
    V = numbers(got[1], f"V of {call}", (m, n_factors))
    require(np.isfinite(U).all() and np.isfinite(V).all(), f"{call} must return finite factors")
    return call, U, V


def loss_of(problem, U, V):
    """The loss of these factors."""
    return float(answer.implicit_loss(U, V, *problem.rows, problem.reg, problem.alpha))


def losses(solution, problem, n_factors, counts, seed, what):
    """The losses after these numbers of iterations."""
    return [loss_of(problem, *fitted(solution, problem, n_factors, count, seed, what)[1:]) for count in counts]


def by_item(problem):
    """The rows of the other side."""
    users = np.repeat(np.arange(len(problem.indptr) - 1), np.diff(problem.indptr))
    order = np.lexsort((users, problem.indices))
    indptr = np.searchsorted(problem.indices[order], np.arange(len(problem.V) + 1))
    return indptr, users[order], problem.counts[order]


def require_settled(problem, U, V, call):
    """Require that one side is the exact answer to the other: whichever was solved last."""
    few_digits = problem.counts.dtype == np.float32
    most = 1e-4 if few_digits else 1e-6
    options = problem.reg, problem.alpha
    off_U = np.abs(U - answer.als_half_step(V, *problem.rows, *options))
    off_V = np.abs(V - answer.als_half_step(U, *by_item(problem), *options))
    holds = any((off <= most * (1 + np.abs(side))).all() for off, side in ((off_U, U), (off_V, V)))
    require(
        holds,
        f"{call}: neither is U what als_half_step gives for V (off by up to {off_U.max():.3g}), nor V what it gives "
        f"for U and the rows of items (off by up to {off_V.max():.3g}); that of the last half-step must be",
    )


def ranked(V, item, k):
    """Ids by cosine, where equal ones are exact: computed pair by pair."""
    V = V.astype(float)

    def key(i):
        length = np.sqrt(np.sum(V[i] ** 2))
        return (length == 0, -float(np.sum(V[i] * V[item])) / (length or 1.0), i)

    return sorted((i for i in range(len(V)) if i != item), key=key)[:k]


def same_ranking(solution, V, item, k, what):
    """Require of similar_items these ids in this order."""
    close(
        solution.similar_items(V, item, k),
        np.array(ranked(V, item, k), dtype=float),
        f"similar_items({what}, {item}, {k})",
    )
