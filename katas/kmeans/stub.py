"""k-means from scratch, in NumPy.

n points with d features: X is (n, d), centers (k, d), and labels (n,) holds indices of centres.
"""

import numpy as np


def kmeans_plus_plus(X, k, seed):
    """Return k rows of X (n, d) to start from, in drawing order: (k, d).

    The first is drawn uniformly, each further one with probability proportional to the squared distance to the
    nearest one drawn before. They differ whenever X has k different rows. seed is an integer.

    Raises ValueError if k < 1 or k > n, or if X holds nan.
    """
    raise NotImplementedError


def assign(X, centers):
    """Return the index of the nearest of the centers (k, d) for each row of X (n, d): (n,).

    Among centres at equal distance the lowest index wins. No table (n, k, d) is made.

    Raises ValueError if X and centers have different numbers of features, or if either holds nan.
    """
    raise NotImplementedError


def update(X, labels, centers):
    """Return the mean of the rows of X (n, d) with each of the labels (n,): (k, d), never truncated to integers.

    A centre without points stays where it is in centers (k, d).

    Raises ValueError for the same input as assign.
    """
    raise NotImplementedError


def kmeans(X, centers, n_iter=100):
    """Return the triple (centers, labels, inertia): (k, d), (n,) and one number.

    Lloyd's algorithm from the given centers (k, d), until labels stop changing or n_iter updates were made.
    labels and inertia belong to the centers that are returned.

    Raises ValueError for the same input as assign, and if there are more centers than rows of X.
    """
    raise NotImplementedError
