import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import close, points, require

from .answers import (
    NEAR,
    fitted,
    loss_of,
    losses,
    ranked,
    require_settled,
    same_half_step,
    same_loss,
    same_ranking,
)
from .problems import Problem, by_hand, csr, listeners, problems, three_groups


@points(1)
def test_als_half_step_by_hand(solution):
    """als_half_step solves rows that can be solved on paper

    One factor: a row is a fraction. Items at right angles: each factor is one, for itself. Write down YᵀY first, then
    what an observed pair adds to it, and then the right-hand side.
    """
    V, rows = np.array([[1.0], [2.0]]), csr(np.array([[np.nan, 3], [np.nan, np.nan]]))
    call = "als_half_step([[1], [2]], [0, 1, 1], [1], [3], 1, 2)"
    close(solution.als_half_step(V, *rows, 1, 2), [[14 / 30], [0]], call, **NEAR)
    V, rows = np.array([[1.0, 0], [0, 2]]), csr(np.array([[2, np.nan], [3, 1]]))
    call = "als_half_step([[1, 0], [0, 2]], [0, 1, 3], [0, 0, 1], [2, 3, 1], 0.5, 0.5)"
    close(solution.als_half_step(V, *rows, 0.5, 0.5), [[2 / 2.5, 0], [2.5 / 3, 3 / 6.5]], call, **NEAR)


@points(2)
def test_als_half_step_takes_a_count_for_confidence(solution):
    """als_half_step takes a count for confidence, and never for what is to be reached

    A user who has touched an item a million times prefers it: by 1, and that for sure. So to what does x·y come close
    as the count grows? And what does twice the count do?
    """
    V = np.array([[0.5, 1.0], [1.0, -1.0], [0.25, 0.5]])
    for count in (1, 10, 1000, 100_000):
        for alpha in (1.0, 0.5):
            problem = Problem(V, V, *csr(np.array([[count, np.nan, np.nan], [np.nan, 2, np.nan]])), 1.0, alpha)
            same_half_step(solution, problem, f"alpha = {alpha:g} and a count of {count}")


@points(2)
def test_als_half_step_counts_what_was_not_touched(solution):
    """als_half_step counts the items that a user has not touched, with weight 1 and preference 0

    An item that nobody touched pulls every user away from itself. Is there a sum over all items in your matrix?
    """
    for others in ([[1.0, 0.5]], [[3.0, 0.0], [0.0, 3.0]], [[2.0, 2.0]] * 5):
        V = np.array([[1.0, 0.0], *others])
        table = np.full((2, len(V)), np.nan)
        table[0, 0] = 2
        same_half_step(solution, Problem(V, V, *csr(table), 0.5, 1.0), f"{len(others)} items that nobody touched")


@points(1)
def test_als_half_step_adds_reg_once(solution):
    """als_half_step adds reg to the diagonal, once, for every row the same

    Where the columns are zeros but for one, little else is in the matrix. Must it depend on how much a user touched?
    """
    V = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    for reg in (0.25, 1, 7.5, 100.0):
        table = np.array([[1, np.nan, np.nan, np.nan], [1, 1, 1, 1.0]])
        same_half_step(solution, Problem(V, V, *csr(table), reg, 1.0), f"reg = {reg:g}")


@points(2)
@given(problem=problems())
@settings(max_examples=40)
def test_als_half_step_agrees_on_any_interactions(solution, problem):
    """als_half_step is right for generated interactions, empty rows and stored zeros among them

    What is special about these is said behind the call. Solve one of the rows by itself, on paper if it has one factor.
    """
    same_half_step(solution, problem)


@points(1)
def test_als_half_step_solves_each_row_alone(solution):
    """als_half_step solves each row as if there were no other

    Rows in another order have the same answers in that order. What is left from one row to the next?
    """
    problem, table = by_hand(), np.array([[np.nan, 3, np.nan], [1, np.nan, 2], [np.nan, np.nan, np.nan], [5, 1, 1]])
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 1, 1, 1], [3], [2, 0], [1, 3, 0, 2, 1]):
        rows = csr(table[order])
        same_half_step(solution, Problem(problem.U, problem.V, *rows, 1.0, 2.0), f"rows {order} of four")


@points(1)
def test_implicit_loss_by_hand(solution):
    """implicit_loss has the value that can be computed on paper

    Write the table of u·v, and next to it those of p and of c. Then add up all of it, and the squares of all factors.
    """
    call = "implicit_loss([[0.5], [1]], [[1], [2]], [0, 1, 1], [1], [3], 1, 2)"
    rows = csr(np.array([[np.nan, 3], [np.nan, np.nan]]))
    close(solution.implicit_loss(np.array([[0.5], [1]]), np.array([[1.0], [2]]), *rows, 1, 2), 11.5, call, **NEAR)
    same_loss(solution, by_hand(), "two users, three items")


@points(1)
def test_implicit_loss_of_zero_factors(solution):
    """implicit_loss of factors of zeros is the sum of the confidences of what was observed

    Every u·v is 0: right for what was not observed, and wrong by 1 for the rest.
    """
    for table in ([[1, np.nan], [np.nan, 4]], [[2, 1], [3, 9]], [[np.nan, np.nan], [np.nan, 0.5]]):
        for reg in (0.5, 100):
            problem = Problem(np.zeros((2, 3)), np.zeros((2, 3)), *csr(np.array(table), "float64"), reg, 3.0)
            same_loss(solution, problem, "factors of zeros")


@points(2)
def test_implicit_loss_is_over_all_pairs(solution):
    """implicit_loss counts every pair of user and item, each of them once

    With no entries at all what is left is the sum of all (u·v)², and reg. With entries, a pair that was observed must
    not be counted as one that was not, too.
    """
    U, V = np.array([[1.0, 2], [0, 1], [3, -1]]), np.array([[1.0, 0], [2, -1]])
    for table in ([[np.nan] * 2] * 3, [[1, np.nan], [np.nan] * 2, [np.nan] * 2], [[1.0, 1], [1, 1], [1, 1]]):
        for alpha in (0.0, 1.0):
            same_loss(solution, Problem(U, V, *csr(np.array(table)), 0.5, alpha), f"alpha = {alpha:g}")


@points(2)
@given(problem=problems())
@settings(max_examples=40)
def test_implicit_loss_agrees_on_any_interactions(solution, problem):
    """implicit_loss is right for generated interactions and factors

    What is special about these is said behind the call. A table of this size can be written down to compare with.
    """
    same_loss(solution, problem)


@points(1)
def test_fit_gives_a_row_for_each(solution):
    """fit gives U with a row for each user, and V with a row for each item

    Users without interactions and items that nobody touched have rows, too. Who says how many items there are?
    """
    for n_factors in (1, 2, 5, 14):
        fitted(solution, listeners(), n_factors, 2, 0, "12 users and 10 items")


@points(2)
def test_fit_ends_with_an_exact_half_step(solution):
    """fit returns factors of which those that were solved last are exactly a half-step from the others

    Are both sides of the same moment? Is anything done to them afterwards? Does the half-step of the items get the
    rows of the items, each with its own counts?
    """
    for n_iter in (1, 2, 7):
        for seed in (0, 3):
            call, U, V = fitted(solution, listeners(), 3, n_iter, seed, "12 users and 10 items")
            require_settled(listeners(), U, V, call)


@points(1)
def test_fit_makes_both_half_steps(solution):
    """fit solves for both sides in every iteration, also in a single one

    A user without interactions, and an item that nobody touched, are zeros as soon as they have been solved for. Are
    they, on both sides?
    """
    for call, U, V in [fitted(solution, listeners(), 3, n_iter, 0, "12 users and 10 items") for n_iter in (1, 2, 3)]:
        for side, row, what in ((U, 4, "U"), (V, 0, "V"), (V, 9, "V")):
            require(
                np.abs(side[row]).max() <= 1e-9,
                f"row {row} of {what} of {call} must be zeros, since it has no interactions, got {side[row].tolist()}",
            )


@points(2)
def test_fit_never_raises_the_loss(solution):
    """fit with more iterations, from the same seed, never ends with a higher loss

    Each half-step is the best there is for the other side as it is at that moment. Which factors does it get?
    """
    for seed in (0, 1, 2):
        seen = losses(solution, listeners(), 3, range(1, 7), seed, "12 users and 10 items")
        for t, (before, after) in enumerate(itertools.pairwise(seen), start=1):
            require(
                after <= before * (1 + 1e-9),
                f"fit of 12 users and 10 items with 3 factors and seed={seed}: the loss is {before:.6f} after {t} "
                f"iterations, and {after:.6f} after {t + 1}",
            )


@points(1)
def test_fit_goes_on_with_every_iteration(solution):
    """fit gets better with further iterations, as long as something moves

    How many there are is the caller's decision, and here the sixteenth still makes a difference.
    """
    counts = (1, 2, 4, 8, 16)
    for seed in (0, 1):
        seen = losses(solution, listeners(), 3, counts, seed, "12 users and 10 items")
        require(
            all(after < before * (1 - 1e-6) for before, after in itertools.pairwise(seen)),
            f"fit of 12 users and 10 items with 3 factors and seed={seed} must have lower and lower losses after "
            f"{counts} iterations, got {', '.join(f'{each:.7f}' for each in seen)}",
        )


@points(1)
def test_fit_beats_factors_of_zeros(solution):
    """fit ends with a lower loss than factors of zeros have

    From zeros no half-step leads away. Where do the factors start?
    """
    for n_factors in (1, 3):
        call, U, V = fitted(solution, listeners(), n_factors, 15, 0, "12 users and 10 items")
        got, zeros = loss_of(listeners(), U, V), loss_of(listeners(), U * 0, V * 0)
        require(got < zeros, f"{call} has a loss of {got:.4f}, and factors of zeros have {zeros:.4f}")


@points(2)
def test_fit_uses_every_factor(solution):
    """fit tells three groups of users apart that have nothing in common, with three factors

    Factors that start the same stay the same: then three are no more than one.
    """
    for seed in (0, 1, 2):
        problem = three_groups()
        call, U, V = fitted(solution, problem, 3, 8, seed, "three groups of users, each with items of its own,")
        got, zeros = loss_of(problem, U, V), loss_of(problem, U * 0, V * 0)
        require(
            got < 0.3 * zeros,
            f"{call} has a loss of {got:.1f}, where factors of zeros have {zeros:.1f}: a fifth of that is left with "
            "three factors, and a half with one",
        )


@points(1)
def test_fit_starts_elsewhere_with_another_seed(solution):
    """fit starts from numbers drawn with the seed: after one iteration, another seed has led elsewhere

    Does the seed that is passed reach the generator?
    """
    drawn = [fitted(solution, listeners(), 3, 1, seed, "12 users and 10 items")[1:] for seed in (0, 1, 2)]
    products = [U @ V.T for U, V in drawn]
    for seed in (1, 2):
        far = np.abs(products[seed] - products[0]).max()
        require(far > 1e-9, f"one iteration of fit with seed={seed} must not end where seed=0 does")


@points(1)
def test_similar_items_by_hand(solution):
    """similar_items ranks items by their cosine with one of them, which is not in the list

    Ids, the best first. A long vector is not more similar for being long, and one that points the other way is least.
    """
    V = np.array([[2.0, 1], [-3, -1], [1, 0], [50, 100], [4, 2.5], [0, -1]])
    for item, k in ((0, 5), (0, 2), (0, 1), (3, 3), (5, 5), (1, 4)):
        same_ranking(solution, V, item, k, V.tolist())
    V = np.array([[5.0, 0], [3, 0.0333], [2, 0.022], [1, 0.01], [1, 0.012]])  # cosines of 0.99993 and more
    for item, k in ((0, 4), (0, 1), (3, 2)):
        same_ranking(solution, V, item, k, V.tolist())


@points(2)
@given(numbers=st.binary(min_size=36, max_size=36), item=st.integers(0, 11), k=st.integers(1, 11))
@settings(max_examples=30)
def test_similar_items_agrees_on_any_factors(solution, numbers, item, k):
    """similar_items is right for generated factors of very different lengths

    Is the product divided by the lengths? By both, or at least by that of the other item?
    """
    directions = np.frombuffer(numbers, dtype=np.uint8).reshape(12, 3).astype(int)
    angles = np.argsort(np.argsort(directions[:, 0], kind="stable")) * 0.25 + directions[:, 1] / 2560
    side = np.where(directions[:, 2] % 2, 1, -1)
    lengths = 10.0 ** (directions[:, 2] % 5 - 2)
    # On a circle; the two half circles are apart, and all cosines differ by more than rounding.
    V = lengths[:, None] * np.column_stack([np.cos(angles), side * np.sin(angles)])
    cosines = np.sort(V @ V[item] / lengths / lengths[item])
    if np.diff(cosines).min() > 1e-6:
        close(
            solution.similar_items(V, item, k), ranked(V, item, k), f"similar_items(V, {item}, {k}), V = {V.tolist()}"
        )
