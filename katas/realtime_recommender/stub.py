"""Recommendations in real time: the loss of two towers, candidates for each user, and the stage that answers.

d is the length of every embedding: of users, of items and of the context of a request. Items are known by their index.
"""

import numpy as np


def in_batch_softmax_loss(U, V, temperature=0.05):
    """Return the triple (loss, dU, dV) for pairs of embeddings U (B, d), V (B, d): one number, (B, d) and (B, d).

    Row i of U, a user, belongs to row i of V, an item; the other rows of V are its negatives. The loss is the mean over
    the users of the cross-entropy of their own item, with logits U V^T / temperature.

    Raises ValueError if the shapes differ, if temperature <= 0, or for nan.
    """
    raise NotImplementedError


def top_candidates(user_vecs, item_vecs, k, batch_size=1024):
    """Return for each of user_vecs (n_users, d) the k best of item_vecs (n_items, d): indices (n_users, k).

    Best first, by dot product; of equal ones the lower index first. Holds scores for batch_size users at a time.

    Raises ValueError if k < 1, if the embeddings differ in length, or for nan.
    """
    raise NotImplementedError


class Recommender:
    """The online stage: keeps what was prepared for each user, and answers requests from it."""

    def __init__(self, item_vecs, item_category, popularity, weights, ttl=3600.0):
        """Take the catalogue: item_vecs (n_items, d), item_category (n_items,), popularity (n_items,).

        weights are three numbers: for similarity, context and popularity. What was prepared for a user is good for ttl
        seconds.

        Raises ValueError if the lengths differ, or for nan in item_vecs.
        """
        raise NotImplementedError

    def refresh(self, user_ids, user_vecs, candidates, now):
        """Keep for each of user_ids (u,) its row of user_vecs (u, d) and of candidates (u, c), with the time now.

        A user who has an entry of a later time keeps that one. Returns None.

        Raises ValueError if the shapes do not fit, for candidates that are no items, or for nan.
        """
        raise NotImplementedError

    def recommend(self, user_id, context, k, now, seen=(), blocked=(), max_per_category=None):
        """Return up to k items for a user in a context (d,), best first: a list of indices.

        Nothing from seen or blocked, and at most max_per_category items of a category.

        Raises ValueError if k < 1, or if the context has another length than the items or holds nan.
        """
        raise NotImplementedError

    def add_item(self, vec, category, popularity):
        """Add an item with the embedding vec (d,) to the catalogue, and return its index: one number.

        Raises ValueError if vec has another length than the items or holds nan.
        """
        raise NotImplementedError


def capacity(daily_users, requests_per_user, peak_factor, latency_ms, n_items, dim, bytes_per_value):
    """Return a dict of three numbers: "peak_qps", "in_flight" and "index_bytes"."""
    raise NotImplementedError
