"""How checks talk to a recommender: one question at a time, or a whole story beside the reference."""

import numpy as np

from pytest_mlkata.checks import close, numbers, require

from . import reference as answer

NEAR = {"rtol": 1e-6, "atol": 1e-6}
PARTS = "loss, dU, dV"
NAMES = ("peak_qps", "in_flight", "index_bytes")
NOTHING = np.zeros(2)
"""A context that says nothing."""


def asked(user_id, context, k, now, rules):
    """Write a request as the learner would."""
    written = [str(user_id), f"context={np.asarray(context).tolist()}", f"k={k}", f"now={now}"]
    return f"recommend({', '.join([*written, *(f'{name}={value}' for name, value in rules.items())])})"


def picks(model, expected, user_id, k, now, *, context=NOTHING, note="", **rules):
    """Require a list of items, and the same again: nothing of a request is remembered."""
    call = asked(user_id, context, k, now, rules) + (f", {note}" if note else "")
    for times in ("", ", asked again"):
        got = numbers(model.recommend(user_id, context, k, now, **rules), call + times)
        require(
            got.tolist() == list(expected),
            f"{call}{times}: expected {list(expected)}, got {[int(i) if i == int(i) else i for i in got.ravel()]}",
        )


def adds(model, index, vec, category, popularity, note=""):
    """Add an item and require its index."""
    call = f"add_item({np.asarray(vec).tolist()}, {category}, {popularity})" + (f", {note}" if note else "")
    close(model.add_item(np.array(vec, dtype=float), category, popularity), index, call)


def follows(solution, story):
    """Tell a story to the solution and to the reference, and require of each answer that it is the same."""
    model, right = solution.Recommender(*story.catalogue), answer.Recommender(*story.catalogue)
    told = []
    for kind, arguments, rules in story.steps:
        so_far = f"{story.edge}: {story.items}" + (f"; after {', '.join(told)}" if told else "")
        expected = getattr(right, kind)(*arguments, **rules)
        if kind == "recommend":
            user_id, context, k, now = arguments
            picks(model, [int(item) for item in expected], user_id, k, now, context=context, note=so_far, **rules)
        elif kind == "add_item":
            adds(model, expected, *arguments, note=so_far)
            vec, category, popularity = arguments
            told.append(f"add_item({vec.tolist()}, {category}, {popularity})")
        else:
            model.refresh(*arguments)
            ids, vecs, pools, now = arguments
            told.append(f"refresh({ids.tolist()}, {vecs.tolist()}, {pools.tolist()}, now={now})")


def method_of(model, name):
    """Return a method under its own name, for messages."""

    def method(*args):
        return getattr(model, name)(*args)

    method.__name__ = name
    return method


def holds_the_best(got, user_vecs, item_vecs, k, call):
    """Require indices of the best by what their scores are, for embeddings of which scores are rounded."""
    scores = user_vecs.astype(float) @ item_vecs.astype(float).T
    got = numbers(got, call, (len(user_vecs), k))
    require(
        all(len(set(row)) == k for row in got.tolist()) and np.isin(got, np.arange(len(item_vecs))).all(),
        f"{call} must hold {k} different items in each row",
    )
    found = np.take_along_axis(scores, got.astype(int), axis=1)
    few = any(array.dtype == np.float32 for array in (user_vecs, item_vecs))
    exactness = {"rtol": 1e-4, "atol": 1e-4} if few else {"rtol": 1e-9, "atol": 1e-9}
    close(found, -np.sort(-scores, axis=1)[:, :k], f"the scores of the items that {call} returns", **exactness)


def part(got, name, call):
    """Return a part of a dict."""
    require(isinstance(got, dict) and name in got, f"{call}: a dict with this key belongs here, got {got!r:.80}")
    return got[name]
