"""Approximate search for similar vectors: locality-sensitive hashing, and inverted lists.

n items with d features: X is (n, d), and an item is known by its id, the index of its row. A query q is (d,).
"""


def lsh_codes(X, planes):
    """Return a whole number for each row of X (n, d): (n,). Its bit j, worth 2**j, is set iff X · planes[j] > 0.

    planes is (n_bits, d), with n_bits from 1 to 62.

    Raises ValueError if X and planes have different numbers of features, or if either holds nan.
    """
    raise NotImplementedError


class LSHIndex:
    """Random hyperplanes: n_tables times the items are put into buckets by a code of n_bits bits."""

    def __init__(self, X, n_tables, n_bits, seed):
        """Draw the planes of each table from the integer seed, and put the rows of X (n, d) into buckets.

        Raises ValueError if X holds nan.
        """
        raise NotImplementedError

    def query(self, q, k):
        """Return the ids of the k candidates that have the highest cosine with q (d,), the highest first: (k,) or fewer.

        Raises ValueError if k < 1, if q has another number of features than X, or if it holds nan.
        """
        raise NotImplementedError

    def candidates(self, q):
        """Return the ids of all items that share a bucket with q (d,) in some table: (m,), ascending, each once.

        Raises ValueError if q has another number of features than X, or if it holds nan.
        """
        raise NotImplementedError


class IVFIndex:
    """Inverted lists of a coarse k-means.

    The attribute lists holds n_lists arrays of ids, some of them perhaps empty; each id is in one of them.
    """

    def __init__(self, X, n_lists, seed):
        """Cluster the rows of X (n, d) around n_lists centres; what is random comes from the integer seed.

        Raises ValueError if there are more lists than rows, or if X holds nan.
        """
        raise NotImplementedError

    def search(self, q, k, n_probe):
        """Return the pair (ids, distances): the k items nearest to q (d,) in the n_probe lists with the nearest centres.

        Both are (k,), or shorter where these lists hold fewer; Euclidean distances, ascending.

        Raises ValueError if k < 1, if n_probe < 1 or there are not so many lists, if q has another number of features
        than X, or if it holds nan.
        """
        raise NotImplementedError


def recall_at_k(found, true):
    """Return the share of all the ids in true (n_queries, k) that are in the same row of found (n_queries, k).

    One number from 0 to 1; the order within a row does not matter.
    """
    raise NotImplementedError
