import numpy as np

from pytest_mlkata.checks import Stream, assert_memory, assert_streamed, points

from .answers import holds_no_more
from .problems import log_of, many_items, many_users, one_user


@points(3)
def test_top_k_similar_holds_k_candidates(solution):
    """top_k_similar holds a chunk and k candidates, and not the stream, nor a number for each of its items

    The stream is longer than memory. Whoever is not among the best k so far will never be.
    """
    assert_streamed(solution, "top_k_similar", lambda n: (*many_items(n), 10), sizes=(8, 96))


@points(3)
def test_reservoir_sample_holds_k_elements(solution):
    """reservoir_sample holds k elements, and neither the stream nor all places of it

    The stream is longer than memory, and nobody knows how long. An element that is not taken is gone.
    """
    assert_streamed(solution, "reservoir_sample", lambda n: (Stream(np.full(20_000, i) for i in range(n)), 1, 3))
    assert_streamed(
        solution, "reservoir_sample", lambda n: (Stream(np.full(20_000, i) for i in range(n)), 3, 0), most=7
    )


@points(3)
def test_count_interactions_holds_a_chunk(solution):
    """count_interactions holds a chunk and n_items numbers: no set of all pairs, no table of users

    The stream is sorted by user: whoever is done does not come back. And one user may fill many chunks, with the same
    items again and again. Even of one chunk, a table of its users by all items is larger than both together.
    """
    for stream, whose in ((many_users, "of some users each"), (one_user, "of one user")):
        holds_no_more(
            solution, "count_interactions", lambda n, stream=stream: (stream(n), 400), (8, 64), f"chunks {whose}"
        )
    assert_memory(solution, "count_interactions", lambda n: (log_of(n, n, chunk=n), n))


@points(2)
def test_cooccurrence_top_k_does_not_hold_users(solution):
    """cooccurrence_top_k holds as much for a log of many users as for one of few

    No table of users, no set of them, be it only those of the query: in a large log these are as many as you like. When
    the rows of a user are over, all that you need of him has been counted.
    """
    holds_no_more(solution, "cooccurrence_top_k", lambda n: (log_of(n, 300), 0, 300, 5), (2_000, 30_000), "users")


@points(1)
def test_cooccurrence_top_k_holds_no_table_of_items(solution):
    """cooccurrence_top_k holds some numbers for each item, and not for each pair of items, or of a user and an item

    One item was asked for; what the others have in common does not matter. Of a chunk, what is not in a row needs no
    room.
    """
    assert_memory(solution, "cooccurrence_top_k", lambda n: (log_of(300, n), 0, n, 5))
    assert_memory(solution, "cooccurrence_top_k", lambda n: (log_of(n, n, chunk=n), 0, n, 5))
