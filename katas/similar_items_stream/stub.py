"""Similar items from logs that do not fit in memory, in NumPy.

A stream is an iterable that can be read once, from the front. Where its parts are chunks, they come one at a time.
"""

import numpy as np


def top_k_similar(query, chunks, k):
    """Return the k items most similar to query (d,), as a list of pairs (item_id, similarity), best first.

    chunks is a stream of pairs (ids (m,), vectors (m, d)). The similarity is the cosine, and 0 for a vector of zeros;
    where it is equal, the smaller id comes first. With fewer than k items, all of them.

    Raises ValueError if k < 1, if query has another dimension or is all zeros, or if nan is in query or vectors.
    """
    raise NotImplementedError


def reservoir_sample(stream, k, seed):
    """Return a list of k elements of a stream, drawn uniformly without replacement, in any order.

    The elements may be anything. With fewer than k elements, all of them. seed is an integer.

    Raises ValueError if k < 1.
    """
    raise NotImplementedError


def count_interactions(pairs, n_items):
    """Return how many distinct users each item has: (n_items,).

    pairs is a stream of pairs (user (m,), item (m,)), sorted by user. The rows of a user may go on in the next chunk,
    and a row may come several times.

    Raises ValueError if an item is not in 0 ... n_items - 1.
    """
    raise NotImplementedError


def cooccurrence_top_k(pairs, query_item, n_items, k):
    """Return the k items that share most users with query_item, as a list of pairs (item, cosine), best first.

    pairs is a list of chunks (user (m,), item (m,)), sorted by user, and may be read several times. The cosine is
    |users of both| / sqrt(|users of item| * |users of query_item|). Items without a common user, and query_item, are
    left out; where the cosine is equal, the smaller item comes first.

    Raises ValueError if k < 1, or if query_item or an item is not in 0 ... n_items - 1.
    """
    raise NotImplementedError
