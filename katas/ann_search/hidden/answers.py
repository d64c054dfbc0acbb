"""What several check files ask of an answer: ids of items, lists that part them, results that are nearest."""

import numpy as np

from pytest_mlkata.checks import close, numbers, pair, require

NEAR = {"rtol": 1e-6, "atol": 1e-6}
RESULT = "ids, distances"


def whole(got, call):
    """Read a row of whole numbers exactly: floats have no room for 62 bits."""
    numbers(got, call)
    array = np.asarray(got)
    require(array.ndim == 1, f"{call} must be a row of whole numbers, got an array of shape {array.shape}")
    values = array.tolist()
    require(all(value == int(value) for value in values if np.isfinite(value)), f"{call}: got {values}, not all whole")
    require(np.isfinite(array).all(), f"{call}: got {values}, not all whole")
    return [int(value) for value in values]


def ids_of(got, call, n):
    """Read ids: each once, and of n items."""
    ids = whole(got, call)
    strange = [i for i in ids if not 0 <= i < n]
    require(not strange, f"{call} has the id {strange[:1]}, and the ids of {n} items are 0 to {n - 1}")
    require(len(set(ids)) == len(ids), f"{call} has an id more than once: {ids}")
    return ids


def candidates_of(index, q, call, n):
    """Ask for candidates: ids in ascending order."""
    ids = ids_of(index.candidates(q), call, n)
    require(ids == sorted(ids), f"{call} must be in ascending order, got {ids}")
    return ids


def ranks_candidates(index, X, q, k, note):
    """Require of query that it gives the best of what candidates gives, the best first; equal ones in any order."""
    call = f"query(q, {k}), {note}"
    candidates = candidates_of(index, q, f"candidates(q), {note}", len(X))
    got = ids_of(index.query(q, k), call, len(X))
    strange = [i for i in got if i not in candidates]
    require(not strange, f"{call} has the id {strange[:1]}, which is not among the candidates {candidates}")
    count = min(k, len(candidates))
    require(len(got) == count, f"{call} must have {count} ids for {len(candidates)} candidates, got {len(got)}")
    if candidates:
        cosines = cosine(X, q)
        best = np.sort(cosines[candidates])[::-1][:count]
        close(cosines[got], best, f"the cosines of {call}", inputs=(X, q), **NEAR)


def cosine(X, q):
    """Return the cosines of the rows with q."""
    X, q = X.astype(float), q.astype(float)
    return X @ q / (np.linalg.norm(X, axis=1) * np.linalg.norm(q))


def lists_of(index, n, n_lists, note):
    """Read the lists: each id in one of them."""
    call = f"lists, {note}"
    lists = [ids_of(each, f"a list of {call}", n) for each in index.lists]
    require(len(lists) == n_lists, f"{call} must be {n_lists} arrays, empty ones among them, got {len(lists)}")
    everything = sorted(i for each in lists for i in each)
    require(everything == list(range(n)), f"{call} must have each id from 0 to {n - 1} in one list, got {everything}")
    return lists


def found_by(index, X, q, k, n_probe, note, unit=1.0):
    """Ask for the nearest and require that distances are those of the ids, ascending; return the ids.

    Equal distances may come in any order. In the given unit distances are of size one.
    """
    call = f"search(q, {k}, {n_probe}), {note}"
    ids, distances = pair(index.search(q, k, n_probe), call, RESULT)
    ids = ids_of(ids, f"ids of {call}", len(X))
    told = numbers(distances, f"distances of {call}", (len(ids),))
    exact = np.linalg.norm(X.astype(float) - q.astype(float), axis=1)
    near = {"rtol": 1e-6, "atol": 1e-6 * unit}
    close(told, exact[ids], f"distances of {call}, for ids {ids}", inputs=(X, q), **near)
    close(told, np.sort(told), f"distances of {call}, which must ascend", inputs=(X, q), **near)
    require(len(ids) <= k, f"{call} must have at most {k} ids, got {len(ids)}")
    return ids


def is_exact(index, X, q, k, n_lists, note, unit=1.0):
    """Require that all lists together give the k nearest of all items."""
    call = f"search(q, {k}, {n_lists}) in all {n_lists} lists, {note}"
    ids = found_by(index, X, q, k, n_lists, note, unit)
    exact = np.linalg.norm(X.astype(float) - q.astype(float), axis=1)
    right = np.sort(exact)[:k]
    require(len(ids) == len(right), f"{call} must have {len(right)} of the {len(X)} items, got {len(ids)}")
    close(exact[ids], right, f"the distances of the ids of {call}", inputs=(X, q), rtol=1e-6, atol=1e-6 * unit)


def probes_whole_lists(index, lists, X, q, n_probe, note):
    """Require that a search for everything gives whole lists, as many as are probed; return which of them."""
    call = f"search(q, {len(X)}, {n_probe}), {note},"
    ids = set(found_by(index, X, q, len(X), n_probe, note))
    probed = [j for j, each in enumerate(lists) if ids.intersection(each)]
    require(len(probed) <= n_probe, f"{call} has items of {len(probed)} lists, and only {n_probe} are probed")
    missing = [i for j in probed for i in lists[j] if i not in ids]
    require(not missing, f"{call} asks for all items, and lacks {missing[:1]} of a list of which it has others")
    empty = sum(not each for each in lists)
    few = f"{call} has items of {len(probed)} lists, and {n_probe} are to be probed, of which at most {empty} are empty"
    require(len(probed) + empty >= n_probe, few)
    return set(probed)
