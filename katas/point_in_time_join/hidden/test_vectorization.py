from pytest_mlkata.checks import assert_vectorized, points

from .problems import NAME, large, large_rows


@points(2)
def test_point_in_time_join_is_vectorized_over_rows(solution):
    """point_in_time_join works on whole arrays, and does not step from event to event, or from feature to feature

    Three entities have all the rows here. Sorting and searching take all of them in one call.
    """
    assert_vectorized(solution, NAME, lambda n: large(n, 3))
    assert_vectorized(solution, NAME, lambda n: large(n, 3, max_age=n // 2))


@points(2)
def test_point_in_time_join_is_vectorized_over_entities(solution):
    """point_in_time_join does not step from entity to entity, of which there are as many as rows

    A loop over groups is fast as long as there are few groups. Sorted by both keys, groups are stretches of one array.
    """
    assert_vectorized(solution, NAME, large)


@points(1)
def test_training_serving_skew_is_vectorized(solution):
    """training_serving_skew works on whole arrays

    NumPy asks for all rows at once which of them are nan.
    """
    assert_vectorized(solution, "training_serving_skew", large_rows)
