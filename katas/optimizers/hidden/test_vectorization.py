from pytest_mlkata.checks import assert_vectorized, numbers, pair, points

from .problems import large

DECAYING = (0.1, 0.9, 0.999, 1e-8, 0.1)
"""Options of adam_step with all that it can do."""


def later(solution, name, options):
    """Make arguments of the second step of a run, from a number of elements."""

    def arguments(n):
        w, grad = large(n)
        where = f"{name} of {n} elements"
        w, state = pair(solution.call_before_counting(1, name, w, grad, None, *options), where, "w, state")
        return numbers(w, f"w of {where}", (n,)), grad, state, *options

    return arguments


@points(1)
def test_sgd_step_is_vectorized(solution):
    """sgd_step works on whole arrays, in the first step and in later ones

    Every line of the update is an expression of arrays.
    """
    for options in ((0.1, 0.9), (0.1, 0.9, True)):
        assert_vectorized(solution, "sgd_step", lambda n, options=options: (*large(n), None, *options))
        assert_vectorized(solution, "sgd_step", later(solution, "sgd_step", options))


@points(1)
def test_adam_step_is_vectorized(solution):
    """adam_step works on whole arrays, in the first step and in later ones

    Powers, roots and quotients of arrays are taken element by element by NumPy; checking the gradient is one
    expression, too.
    """
    for options in ((0.1,), DECAYING):
        assert_vectorized(solution, "adam_step", lambda n, options=options: (*large(n), None, *options))
        assert_vectorized(solution, "adam_step", later(solution, "adam_step", options))


@points(1)
def test_clip_by_global_norm_is_vectorized(solution):
    """clip_by_global_norm loops over the arrays at most, never over their elements

    The sum of squares of an array is one expression; how many arrays there are does not matter.
    """
    for max_norm in (1.0, 1e6):
        assert_vectorized(solution, "clip_by_global_norm", lambda n, most=max_norm: (list(large(n)), most))
