import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import assert_refuses, close, every_array_dress, has_shape, points, require

from .answers import fitted, loss_of, require_settled, same_half_step, same_loss, same_ranking
from .problems import (
    EQUAL_COSINES,
    Problem,
    bad_rows,
    by_hand,
    csr,
    forms,
    good,
    many_equal,
    problems,
    small_integers,
    sparse,
)

U, V = by_hand().U, by_hand().V

EMPTY_ROWS = (
    ("the first row is empty", [[np.nan] * 3, [1, np.nan, 2]]),
    ("the last row is empty", [[1, np.nan, 2], [np.nan] * 3]),
    ("the first and the last row are empty", [[np.nan] * 3, [3, 1, np.nan], [np.nan] * 3]),
    ("two rows in the middle are empty", [[1, np.nan, np.nan], [np.nan] * 3, [np.nan] * 3, [np.nan, 4, 1]]),
    ("all rows are empty", [[np.nan] * 3, [np.nan] * 3]),
    ("one row, and it is empty", [[np.nan] * 3]),
)

STORED_ZEROS = (
    ("a stored zero beside a count", [[0, 2, np.nan], [1, np.nan, np.nan]]),
    ("a row of stored zeros alone", [[0, np.nan, 0], [1, 2, np.nan]]),
    ("a last row of stored zeros alone", [[1, 2, np.nan], [np.nan, 0, np.nan]]),
    ("everything stored, most of it zero", [[0, 0, 3], [0, 0, 0]]),
    ("nothing but stored zeros", [[0, 0, 0], [0, 0, 0]]),
)


def of_table(table, reg=0.5, alpha=2.0, dtype="float64"):
    rows = csr(np.array(table, dtype=float), dtype)
    return Problem(np.resize(U, (len(table), 2)), V, *rows, reg, alpha)


@points(2)
def test_als_half_step_of_rows_without_interactions(solution):
    """als_half_step gives zeros for rows without interactions, wherever they are

    The right-hand side is a sum of nothing. Two entries of indptr are equal then: what does your code do with that?
    """
    for what, table in EMPTY_ROWS:
        same_half_step(solution, of_table(table), what)


@points(2)
def test_als_half_step_does_not_observe_a_stored_zero(solution):
    """als_half_step treats a stored zero as a pair that was not observed

    CSR may store zeros. Of such a pair c is 1 already. And p?
    """
    for what, table in STORED_ZEROS:
        for dtype in ("int64", "float64"):
            same_half_step(solution, of_table(table, dtype=dtype), f"{what}, {dtype}")


@points(1)
def test_als_half_step_takes_alpha_zero(solution):
    """als_half_step with alpha = 0 still knows what was observed

    All confidences are 1 then, and preferences are what they were. By what do you tell an observed pair?
    """
    for alpha in (0.0, 0):
        for what, table in STORED_ZEROS + EMPTY_ROWS:
            same_half_step(solution, of_table(table, alpha=alpha), f"alpha = 0, {what}")


@points(2)
def test_als_half_step_computes_with_floats(solution):
    """als_half_step is right for counts in small integer types, with alpha as an integer too

    A uint8 ends at 255. In which type is alpha times the count, and 1 more?
    """
    for what, problem in small_integers():
        same_half_step(solution, problem, what)


@points(1)
def test_als_half_step_takes_fractions(solution):
    """als_half_step takes counts that are fractions: hours that were listened to, say

    A count of 0.25 is above 0: observed, with a confidence of a little more than 1.
    """
    for table in ([[0.25, np.nan, 2.5]], [[0.5, 0.5, 0.999]], [[1e-6, np.nan, 1.5], [np.nan, 0.75, 0]]):
        same_half_step(solution, of_table(table), f"counts {table}")


@points(1)
def test_als_half_step_takes_input_of_any_form(solution):
    """als_half_step takes counts, indices and factors in every form

    The note says which form it was. Nothing is said about the order of the columns in a row.
    """
    for what, problem in forms():
        same_half_step(solution, problem, what)


@points(1)
def test_als_half_step_solves_many_rows(solution):
    """als_half_step is right for 1301 rows and 1303 columns, to the last one

    If you go through them in blocks: what becomes of the last block, which is not full?
    """
    U, V, rows = sparse(1301, 1303, 2, entries=2)
    same_half_step(solution, Problem(U, V, *rows, 0.5, 2.0), "1301 rows and 1303 columns")


@points(1)
def test_als_half_step_refuses_bad_input(solution):
    """als_half_step raises ValueError for bad options, negative counts and a broken indptr

    The line above says what was wrong. Empty rows, stored zeros and alpha = 0 are fine.
    """
    for problem in (good(), of_table(STORED_ZEROS[-1][1], alpha=0)):
        same_half_step(solution, problem, "which is good input")
    bad = ((what, good().V, *rows, reg, alpha) for what, rows, reg, alpha in bad_rows())
    assert_refuses(solution.als_half_step, good().half_step, bad)


@points(1)
def test_implicit_loss_of_rows_without_interactions(solution):
    """implicit_loss counts users without interactions and items that nobody touched

    Their pairs are pairs, and their factors are factors.
    """
    for what, table in EMPTY_ROWS:
        same_loss(solution, of_table(table), what)


@points(1)
def test_implicit_loss_does_not_observe_a_stored_zero(solution):
    """implicit_loss treats a stored zero as a pair that was not observed, also where alpha = 0

    Is what is stored the same as what was observed?
    """
    for what, table in STORED_ZEROS:
        for alpha in (2.0, 0):
            same_loss(solution, of_table(table, alpha=alpha), f"{what}, alpha = {alpha:g}")


@points(1)
def test_implicit_loss_computes_with_floats(solution):
    """implicit_loss is right for counts in small integer types, and for fractions

    A uint8 ends at 255, and half an hour is more than nothing.
    """
    for what, problem in small_integers():
        same_loss(solution, problem, what)
    for table in ([[0.25, np.nan, 2.5]], [[0.5, 0.5, 0.999]]):
        same_loss(solution, of_table(table), f"counts {table}")


@points(1)
def test_implicit_loss_takes_input_of_any_form(solution):
    """implicit_loss takes counts, indices and factors in every form

    The note says which form it was.
    """
    for what, problem in forms():
        same_loss(solution, problem, what)


@points(1)
def test_implicit_loss_of_many_pairs(solution):
    """implicit_loss is right for many users and items, to the last one

    If you go through them in blocks: what becomes of the last block, which is not full?
    """
    logs = []
    for n in (1301, 700, 523):
        U, V, rows = sparse(n, 1303, 2)
        U[-1], V[-1] = 30, 20  # most of it
        logs.append(Problem(U, V, *rows, 0.5, 2.0))
        solution.implicit_loss(*logs[-1].loss)
    for problem in logs:
        same_loss(solution, problem, f"{len(problem.U)} users and 1303 items")


@points(1)
def test_implicit_loss_refuses_bad_input(solution):
    """implicit_loss raises ValueError for bad options, negative counts and a broken indptr

    The line above says what was wrong. Empty rows, stored zeros and alpha = 0 are fine.
    """
    for problem in (good(), of_table(STORED_ZEROS[-1][1], alpha=0)):
        same_loss(solution, problem, "which is good input")
    bad = ((what, good().U, good().V, *rows, reg, alpha) for what, rows, reg, alpha in bad_rows())
    assert_refuses(solution.implicit_loss, good().loss, bad)


@points(2)
@given(problem=problems(), n_iter=st.integers(1, 3), n_factors=st.sampled_from((2, 1, 3)))
@settings(max_examples=25)
def test_fit_is_exact_on_any_interactions(solution, problem, n_iter, n_factors):
    """fit ends with an exact half-step for generated interactions, and does not raise the loss

    Empty rows, items that nobody touched, stored zeros, counts of any type: what of it gets lost on the way to the
    rows of the items?
    """
    call, U, V = fitted(solution, problem, n_factors, n_iter, 0, f"interactions ({problem.edge})")
    require_settled(problem, U, V, call)
    after = loss_of(problem, *fitted(solution, problem, n_factors, n_iter + 1, 0, problem.edge)[1:])
    before = loss_of(problem, U, V)
    few_digits = problem.counts.dtype == np.float32
    slack = (1e-4 if few_digits else 1e-9) * (1 + before)
    require(after <= before + slack, f"the loss of {call} is {before:.6f}, and {after:.6f} with one iteration more")


@points(1)
def test_fit_takes_no_interactions_at_all(solution):
    """fit takes a log of nothing: what is solved is zeros

    No entries, and still a row for each user and each item. Which array is empty, and which is not?
    """
    rows = csr(np.full((3, 4), np.nan))
    problem = Problem(np.zeros((3, 1)), np.zeros((4, 1)), *rows, 0.5, 2.0)
    call, U, V = fitted(solution, problem, 2, 2, 0, "no interactions")
    require(max(np.abs(U).max(), np.abs(V).max()) <= 1e-9, f"{call} must give zeros, got {U.tolist()}, {V.tolist()}")


@points(1)
def test_fit_takes_many_users_and_items(solution):
    """fit is exact for 1301 users and 1303 items, to the last one

    Does anything that is right for a few rows depend on how many there are?
    """
    U, V, rows = sparse(1301, 1303, 2, entries=2)
    problem = Problem(U, V, *rows, 0.5, 2.0)
    call, U, V = fitted(solution, problem, 2, 1, 0, "1301 users and 1303 items")
    require_settled(problem, U, V, call)


@points(1)
def test_fit_refuses_bad_input(solution):
    """fit raises ValueError for n_factors < 1, bad options, negative counts and a broken indptr

    The line above says what was wrong. One factor is fine, and so is alpha = 0.
    """
    fitted(solution, good(), 1, 1, 0, "good input")
    fitted(solution, of_table(STORED_ZEROS[0][1], alpha=0), 2, 1, 0, "good input with alpha = 0")
    bad = [(f"n_factors = {n_factors}", *good().rows, 3, n_factors, 0.5, 1.0, 2, 0) for n_factors in (0, -1)]
    bad += [(what, *rows, 3, 2, reg, alpha, 2, 0) for what, rows, reg, alpha in bad_rows()]
    assert_refuses(solution.fit, good().fit(2, 2, 0), bad)


@points(2)
def test_similar_items_puts_rows_of_zeros_last(solution):
    """similar_items ranks rows of zeros last, behind those that point the other way

    A cosine of 0 would put them in the middle, and nan nobody knows where. Among themselves the smaller id comes first.
    """
    V = np.array([[0.0, 0], [1, 2], [-1, -2], [0, 0], [0, 0], [-3, 0.5], [2, 3]])
    for item, k in ((1, 6), (1, 4), (1, 5), (6, 3), (2, 6), (5, 2)):
        same_ranking(solution, V, item, k, V.tolist())
    zeros = np.zeros((5, 3))
    zeros[2] = 1, -1, 2
    same_ranking(solution, zeros, 2, 4, zeros.tolist())
    same_ranking(solution, zeros, 2, 2, zeros.tolist())


@points(2)
def test_similar_items_gives_ties_to_the_smaller_id(solution):
    """similar_items ranks equal cosines by the smaller id, whatever the lengths

    A row twice as long has the same cosine: the same to the last bit, where all lengths are powers of two and nothing
    is added to them. What does your sort do with equal ones, and what becomes of that if the order is reversed?
    """
    for item in (0, 1, 5, 9, 11, 12):
        for k in (1, 3, 6, 13):
            same_ranking(solution, EQUAL_COSINES, item, k, EQUAL_COSINES.tolist())


@points(1)
def test_similar_items_keeps_many_ties_in_order(solution):
    """similar_items ranks equal cosines by the smaller id, also where there are hundreds of them

    Short arrays are sorted so that equal ones stay in order. Are long ones?
    """
    V = many_equal()
    for k in (1, 5, 40, 170, 299):
        same_ranking(solution, V, 0, k, "300 rows with few different cosines")


@points(1)
def test_similar_items_keeps_copies_of_the_item(solution):
    """similar_items leaves out the item itself, and none of its copies

    Another item with the same row has a cosine of 1, and may have a smaller id. By what do you find the item?
    """
    V = np.array([[1.0, 1, 1, 1], [2, 0, 0, 0], [1, 1, 1, 1], [2, 2, 2, 2], [0, 0, 0, 1]])
    for item in (0, 2, 3):
        for k in (1, 2, 4):
            same_ranking(solution, V, item, k, V.tolist())


@points(1)
def test_similar_items_gives_all_where_there_are_few(solution):
    """similar_items gives all other items where there are fewer than k

    Of n items all but one are others, and of a single one none is.
    """
    for n in (1, 2, 3, 14):
        for k in (n, n + 1, 100, max(n - 1, 1)):
            rows = EQUAL_COSINES[:n]
            call = f"similar_items({rows.tolist()}, 0, {k})"
            has_shape(solution.similar_items(rows, 0, k), (min(k, n - 1),), call)
            if n > 1:
                same_ranking(solution, rows, 0, k, rows.tolist())


@points(1)
def test_similar_items_takes_input_of_any_form(solution):
    """similar_items takes factors in every form, long and short ones, and with any number of columns

    The length of a row does not matter, be it a thousandth or a thousand.
    """
    for what, V in every_array_dress(EQUAL_COSINES):
        for item in (0, 2):
            same_ranking(solution, V, item, 13, f"V, {what}")
    for scale in (2.0**-12, 2.0**12):
        same_ranking(solution, EQUAL_COSINES * scale, 5, 13, f"V of lengths about {scale:g}")
    one = np.array([[2.0], [-1], [0], [4], [-8]])
    for item in (0, 1):
        same_ranking(solution, one, item, 4, one.tolist())


@points(1)
def test_similar_items_refuses_bad_k(solution):
    """similar_items raises ValueError for k < 1

    One is the least that can be asked for. More than there are is fine.
    """
    close(solution.similar_items(V, 0, 7), [1, 2], f"similar_items({V.tolist()}, 0, 7)")
    assert_refuses(solution.similar_items, (V, 0, 1), (("k = 0", V, 0, 0), ("k = -1", V, 0, -1), ("k = -3", V, 0, -3)))
