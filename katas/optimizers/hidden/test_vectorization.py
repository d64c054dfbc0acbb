from pytest_mlkata.checks import assert_vectorized, points

from .problems import large


@points(1)
def test_sgd_step_is_vectorized(solution):
    """sgd_step works on whole arrays

    Every line of the update is an expression of arrays.
    """
    for options in ((0.1, 0.9), (0.1, 0.9, True)):
        assert_vectorized(solution, "sgd_step", lambda n, options=options: (*large(n), None, *options))


@points(1)
def test_adam_step_is_vectorized(solution):
    """adam_step works on whole arrays

    Powers, roots and quotients of arrays are taken element by element by NumPy; checking the gradient is one
    expression, too.
    """
    assert_vectorized(solution, "adam_step", lambda n: (*large(n), None, 0.1))


@points(1)
def test_clip_by_global_norm_is_vectorized(solution):
    """clip_by_global_norm loops over the arrays at most, never over their elements

    The sum of squares of an array is one expression; how many arrays there are does not matter.
    """
    for max_norm in (1.0, 1e6):
        assert_vectorized(solution, "clip_by_global_norm", lambda n, most=max_norm: (list(large(n)), most))
