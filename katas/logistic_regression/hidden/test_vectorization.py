from pytest_mlkata.checks import assert_vectorized, points

from .problems import large


@points(1)
def test_sigmoid_is_vectorized(solution):
    """sigmoid works on whole arrays

    Every step has a NumPy function that takes the whole array; choose between two forms by a mask, not by if.
    """
    assert_vectorized(solution, "sigmoid", lambda n: (large(n)[0][:, 0],))


@points(1)
def test_predict_proba_is_vectorized(solution):
    """predict_proba works on whole arrays

    The logits of all samples are one product of a matrix and a vector.
    """

    def arguments(n):
        X, _, w, b = large(n)
        return X, w, b

    assert_vectorized(solution, "predict_proba", arguments)


@points(1)
def test_bce_loss_is_vectorized(solution):
    """bce_loss works on whole arrays

    Take logarithms of the whole array; the validation of labels can be an array expression, too.
    """
    assert_vectorized(solution, "bce_loss", lambda n: (large(n)[1], (large(n)[1] + 1.0) / 3))


@points(1)
def test_loss_is_vectorized(solution):
    """loss works on whole arrays

    The logits of all samples are one product; their costs one expression; then the mean.
    """
    assert_vectorized(solution, "loss", large)


@points(1)
def test_gradient_is_vectorized(solution):
    """gradient works on whole arrays

    The sum over samples of error times row is a product with the transpose of X.
    """
    assert_vectorized(solution, "gradient", large)


@points(1)
def test_fit_is_vectorized(solution):
    """fit loops over steps, never over samples

    Every step uses the whole data at once.
    """

    def arguments(n):
        X, y, _, _ = large(n)
        return X, y, 0.1, 5

    assert_vectorized(solution, "fit", arguments)
