from pytest_mlkata.checks import assert_fast, points

from .problems import large


@points(1)
def test_gradient_is_fast(solution, reference):
    """gradient takes at most ten times the time of a plain NumPy solution

    Two passes over X are all it needs. Is a table of n by n made on the way?
    """
    assert_fast(solution, reference, "gradient", large(10_000, 8))


@points(1)
def test_fit_is_fast(solution, reference):
    """fit takes at most ten times the time of a plain NumPy solution

    What need not be computed in every step?
    """
    X, y, _, _ = large(4_000, 12)
    assert_fast(solution, reference, "fit", (X, y, 0.1, 40))
