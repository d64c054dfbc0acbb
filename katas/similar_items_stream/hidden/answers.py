"""What several check files say of an answer: how a ranking is judged, and how samples are drawn and counted."""

import math
from collections import Counter, defaultdict

import numpy as np

from pytest_mlkata.checks import assert_share, numbers, require

from . import reference as answer

EXACT = 1e-6
FEW_DIGITS = 1e-4

MOST_CHUNKS = 4
"""So many chunks may be in use at a time."""
SMALL = 200_000
"""Bytes that are not yet growth."""


def ranking(got, call):
    """Read a list of pairs: ids and similarities."""
    require(got is not None, f"{call} must return a list of pairs, got None")
    found = numbers(got, call)
    found = found.reshape(0, 2) if not found.size else found
    require(found.ndim == 2 and found.shape[1] == 2, f"{call} must return a list of pairs, got {found.tolist()}")
    return found[:, 0].tolist(), found[:, 1].tolist()


def require_ranking(got, call, right, k, *, ties=None, tolerance=EXACT):
    """Require the k best of `right`, a dict from ids to similarities; ids with an equal value in `ties` are equal."""
    ids, similarities = ranking(got, call)
    best = sorted(right.items(), key=lambda each: (-each[1], each[0]))[:k]
    expected = ", ".join(f"({each}, {similarity:.7g})" for each, similarity in best)
    said = ", ".join(f"({each:.15g}, {similarity:.7g})" for each, similarity in zip(ids, similarities, strict=True))
    whole = f"; expected [{expected}], got [{said}]"
    require(len(ids) == len(best), f"{call} must return {len(best)} pairs{whole}")
    require(len(set(ids)) == len(ids), f"{call} returns an id twice{whole}")
    strange = [each for each in ids if each not in right]
    require(not strange, f"{call} returns {strange[:1]}, which is none of the ids to choose from{whole}")
    for each, mine, (_, wanted) in zip(ids, similarities, best, strict=True):
        require(
            abs(mine - right[each]) <= tolerance,
            f"{call} gives {each:.15g} a similarity of {mine:.9g}, and it has {right[each]:.9g}{whole}",
        )
        require(abs(right[each] - wanted) <= tolerance, f"{call} does not give the best {k}, best first{whole}")
    groups = defaultdict(list)
    for each in right if ties else ():
        groups[ties[each]].append(each)
    for equals in groups.values():
        mine = [each for each in ids if each in equals]
        wanted = sorted(equals)[: len(mine)]
        require(mine == wanted, f"{call}: of equal similarities the smaller id comes first{whole}")


def agrees_on_items(solution, query, chunks, k, *, note="", exact=False, through=list):
    """Compare top_k_similar with the reference; `exact` says that equal cosines are equal for every formula."""
    total = sum(len(ids) for ids, _ in chunks)
    right = dict(answer.top_k_similar(query, chunks, total))
    few_digits = any(array.dtype == np.float32 for array in (query, *(vectors for _, vectors in chunks)))
    call = f"top_k_similar({written(query)}, {listed(chunks)}, {k})" + (f", {note}" if note else "")
    got = solution.top_k_similar(query, through(chunks), k)
    tolerance = FEW_DIGITS if few_digits else EXACT
    require_ranking(got, call, right, k, ties=right if exact else None, tolerance=tolerance)


def agrees_on_counts(solution, pairs, n_items, *, note="", through=list):
    """Compare count_interactions with sets of users."""
    call = f"count_interactions({listed(pairs)}, {n_items})" + (f", {note}" if note else "")
    got = numbers(solution.count_interactions(through(pairs), n_items), call, (n_items,))
    right = [len(each) for each in users_of(pairs, n_items)]
    for item, (mine, users) in enumerate(zip(got, right, strict=True)):
        require(mine == users, f"{call}: item {item} has {users} distinct users, got {mine:g}")


def agrees_on_cooccurrence(solution, pairs, query_item, n_items, k, *, note=""):
    """Compare cooccurrence_top_k with sets of users; items whose two counts are the same are equal."""
    users = users_of(pairs, n_items)
    mine = users[query_item]
    both = {i: len(mine & users[i]) for i in range(n_items) if i != query_item and mine & users[i]}
    right = {i: count / math.sqrt(len(users[i]) * len(mine)) for i, count in both.items()}
    call = f"cooccurrence_top_k({listed(pairs)}, {query_item}, {n_items}, {k})" + (f", {note}" if note else "")
    got = solution.cooccurrence_top_k(pairs, query_item, n_items, k)
    require_ranking(got, call, right, k, ties={i: (count, len(users[i])) for i, count in both.items()})


def users_of(pairs, n_items):
    """The set of users of each item, row by row."""
    users = [set() for _ in range(n_items)]
    for user, item in pairs:
        for u, i in zip(user.tolist(), item.tolist(), strict=True):
            users[i].add(u)
    return users


def written(array):
    """Write an array as a learner would, if it is small."""
    return str(array.tolist()) if array.size <= 40 else f"{array.dtype} {array.shape}"


def listed(chunks):
    """Write chunks as a learner would, if they are small."""
    if sum(first.size + second.size for first, second in chunks) > 60:
        return f"{len(chunks)} chunk{'s' * (len(chunks) > 1)}"
    return f"[{', '.join(f'({written(first)}, {written(second)})' for first, second in chunks)}]"


def samples(solution, n, k, seeds):
    """Draw from the stream 0 ... n - 1 with so many seeds: as many sets of k places."""
    drawn = []
    for seed in range(seeds):
        call = f"reservoir_sample(range({n}), {k}, {seed})"
        places = numbers(solution.reservoir_sample(list(range(n)), k, seed), call)
        require(
            places.shape == (k,) and set(places.tolist()) <= set(range(n)) and len(set(places.tolist())) == k,
            f"{call} must return {k} different elements of the stream, got {places.tolist()}",
        )
        drawn.append(frozenset(map(int, places)))
    return drawn


def require_same_elements(got, elements, call):
    """Require a list of just these elements, in any order; compared as they are written, since they may be anything."""
    require(isinstance(got, list | tuple | np.ndarray), f"{call} must return a list, got {got!r:.80}")
    mine, wanted = (Counter(map(_told, each)) for each in (got, elements))
    extra, missing = ([*(one - other).elements()] for one, other in ((mine, wanted), (wanted, mine)))
    require(
        mine == wanted,
        f"{call} must return all {len(elements)} elements; too many: {extra[:3]}, missing: {missing[:3]}",
    )


def _told(element):
    """Write an element; numbers without their type."""
    if isinstance(element, np.generic):
        element = element.item()
    if isinstance(element, np.ndarray):
        return f"array {element.tolist()}"
    if isinstance(element, float) and element.is_integer():
        return repr(int(element))
    return repr(element)


def happens(events, share, what):
    """Require that something happens as often as its probability tells."""
    assert_share(sum(events), len(events), share, what)


def holds_no_more(solution, name, make_args, sizes, of_what):
    """Require that a call holds about as much for a long stream as for a short one, and at most four chunks of it."""
    solution.measure_memory(name, *make_args(sizes[0] // 4))  # warm up: imports take memory once
    few, many = (solution.measure_memory(name, *make_args(size)) for size in sizes)
    too_many = f"{name} holds {many.values} chunks at a time, of {sizes[1]}; go through them one by one"
    require(many.values <= MOST_CHUNKS, too_many)
    kilobytes = [f"{each.bytes / 1e3:.0f} kB" for each in (few, many)]
    require(
        many.bytes <= 1.5 * few.bytes + SMALL,
        f"{name} holds {kilobytes[0]} for {sizes[0]} {of_what}, and {kilobytes[1]} for {sizes[1]}: it must not grow",
    )
