from pytest_mlkata.checks import assert_fast, assert_growth, points

from .problems import NAME, large


@points(1)
def test_point_in_time_join_is_fast(solution, reference):
    """point_in_time_join takes at most ten times the time of a plain NumPy solution, with few entities and with many

    How often do you sort, and how often do you look at every row?
    """
    for entities in (5, None):
        assert_fast(solution, reference, NAME, large(20_000, entities))


@points(2)
def test_point_in_time_join_grows_as_sorting_does(solution, reference):
    """point_in_time_join takes about twice the time for twice the rows, whether there are few entities or many

    Is each event compared with each feature? That is four times the work for twice the rows, also in parts.
    """
    assert_growth(solution, reference, NAME, lambda n: large(n, 2))
    assert_growth(solution, reference, NAME, large)
