from pytest_mlkata.checks import assert_vectorized, points

from .problems import large


class _WithoutShuffling:
    """Counts the work of a solution but for what shuffles a list of row numbers by Python's random."""

    def __init__(self, solution):
        self._solution = solution

    def count_events(self, name, *args):
        counts = self._solution.count_events(name, *args)
        # list(range(n)) does nothing with its numbers yet, and what makes a list of samples shows elsewhere, too.
        return {
            place: count
            for place, count in counts.items()
            if not place.startswith("random.py:") and "(list)" not in place
        }


@points(1)
def test_forward_is_vectorized(solution):
    """forward loops over layers, never over samples

    A layer is one product of matrices for all samples.
    """
    assert_vectorized(solution, "forward", lambda n: large(n)[:2])


@points(1)
def test_softmax_is_vectorized(solution):
    """softmax works on all rows at once

    A maximum and a sum by row are one call each, with an axis.
    """
    assert_vectorized(solution, "softmax", lambda n: (large(n, (3, 2))[1],))


@points(1)
def test_loss_is_vectorized(solution):
    """loss works on all samples at once

    To pick from each row the number at its label, index with two arrays: the row numbers and the labels.
    """
    assert_vectorized(solution, "loss", large)


@points(1)
def test_gradients_is_vectorized(solution):
    """gradients loops over layers, never over samples

    The sum over samples of an outer product is a product of two matrices, one of them transposed.
    """
    assert_vectorized(solution, "gradients", large)


@points(1)
def test_train_is_vectorized(solution):
    """train loops over epochs and batches, never over samples

    With a batch four times as large, a step is still as many NumPy calls. Permute and pick rows by an array of indices.
    """
    assert_vectorized(_WithoutShuffling(solution), "train", lambda n: (*large(n), 0.1, 2, n // 4, 0))


@points(1)
def test_predict_is_vectorized(solution):
    """predict works on all samples at once

    NumPy finds the place of the largest number of every row in one call.
    """
    assert_vectorized(solution, "predict", lambda n: large(n)[:2])
