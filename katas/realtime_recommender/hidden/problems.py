"""Inputs of this kata's own: a shop by hand, stories of requests, pairs for the loss, and a large catalogue."""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import LAYOUTS, dressed, laid_out

VECS = np.array([[8.0, 0.0], [7.0, 1.0], [6.0, 0.0], [5.0, 2.0], [4.0, 0.0], [3.0, 3.0], [2.0, 0.0]])
"""Seven items: user (1, 0) likes the first best; the second number is for the context."""
CATEGORIES = np.array([0, 0, 0, 1, 1, 9, 9])
POPULARITY = np.array([10, 40, 0, 70, 30, 60, 50])
"""By popularity: 3, 5, 6, 1, 4, 0, 2."""
WEIGHTS = (1.0, 0.5, 0.25)
TASTE = np.array([[1.0, 0.0]])
NOW = 1_767_225_650.0
"""A time as it is in real logs: float32 knows it to two minutes."""


def shop(solution, *, weights=WEIGHTS, vecs=VECS, categories=CATEGORIES, popularity=POPULARITY, **options):
    """Make a recommender of the seven items, or of some of them changed."""
    return solution.Recommender(vecs, categories, popularity, weights, **options)


def warm_shop(solution, pool, *, now=0.0, user=7, taste=TASTE, **changes):
    """Make one that has candidates for a user."""
    model = shop(solution, **changes)
    model.refresh(np.array([user]), taste, np.array([pool]), now)
    return model


@dataclass
class Story:
    """A catalogue, and what happens to it."""

    edge: str
    catalogue: tuple
    steps: list = field(default_factory=list)

    @property
    def items(self):
        """The catalogue in words."""
        vecs, categories, popularity, weights, ttl = self.catalogue
        return (
            f"items {vecs.tolist()}, categories {categories.tolist()}, popularity {popularity.tolist()}, "
            f"weights {weights}, ttl {ttl:g}"
        )


EDGES = ("plain", "equal items", "few candidates", "one category", "many rules", "late refreshes", "new items")
USERS = np.array([0, 7, 1_000_003])
STRANGER = 99
TTL = 10.0


def _kinds(rng, n):
    """Make embeddings and popularity such that items are equal in every term or in none that tells."""
    vecs = rng.integers(-3, 4, (n, 2)).astype(float)
    popularity = np.concatenate([[0], rng.choice(np.arange(1, 60), n - 1, replace=False) ** 2])
    return vecs, popularity


def _are_clear(scores):
    """Tell whether scores are equal or far apart."""
    gaps = np.diff(np.sort(scores))
    return not np.any((gaps > 1e-12) & (gaps < 1e-3))


class _Writer:
    """Writes a story step by step, and knows as much of the state as it takes to keep scores apart."""

    def __init__(self, seed, edge, n, layout):
        self.rng = rng = np.random.default_rng(seed)
        self.edge = edge
        kinds, liked = _kinds(rng, n + 4)
        chosen = rng.permutation(n)
        if edge == "equal items" or rng.random() < 0.3:
            chosen = chosen % 3
        self.spare = [*range(n, n + 4), 0]
        self.kinds, self.liked = kinds, liked
        self.item_kinds = chosen.tolist()
        dtype = rng.choice(["float64", "float32"])
        vecs = laid_out(kinds[chosen].astype(dtype), layout)
        categories = np.zeros(n, dtype=int) if edge == "one category" else rng.choice([0, 1, 2, 7, 500], n)
        popularity = liked[chosen].astype(rng.choice(["int64", "float64", "float32"]))
        self.weights = ((1.0, 0.5, 0.25), (0.5, 1.0, 1.0), (2.0, 0.0, 0.5))[rng.integers(3)]
        self.clock = float(rng.choice([0.0, NOW]))
        self.entries = {}
        self.story = Story(edge, (vecs, categories, laid_out(popularity, layout), self.weights, TTL))

    def write(self, n_steps):
        self.refresh()
        for _ in range(n_steps):
            kind = "refresh" if self.edge == "late refreshes" and self.rng.random() < 0.4 else ""
            kind = kind or self.rng.choice(["refresh", "recommend", "recommend", "recommend", "add_item"])
            if self.edge == "new items" and self.spare and self.rng.random() < 0.5:
                kind = "add_item"
            getattr(self, kind)()
            self.clock += float(self.rng.choice([0.0, 0.5, 1.0, 1.0, 1.0, 2.0, 2.0, TTL]))
        for user in (*self.entries, STRANGER):
            self.recommend(user)
        return self.story

    def tell(self, kind, *arguments, **rules):
        self.story.steps.append((kind, arguments, rules))

    def refresh(self):
        n = len(self.item_kinds)
        count = self.rng.integers(1, 4) if self.entries else 2
        users = self.rng.permutation(USERS)[:count].astype(self.rng.choice(["int64", "int32"]))
        size = min(n, int(self.rng.integers(1, 3) if self.edge == "few candidates" else self.rng.integers(2, 9)))
        pools = np.array([self.rng.permutation(n)[:size] for _ in users])
        vecs = self.rng.integers(-2, 3, (len(users), 2)).astype(float)
        late = self.edge == "late refreshes" or self.rng.random() < 0.2
        now = self.clock - (float(self.rng.choice([0.0, 2.5, 5.0, 5.5])) if late else 0.0)
        for user, vec, pool in zip(users.tolist(), vecs, pools, strict=True):
            if now >= self.entries.get(user, (0, 0, -np.inf))[2]:
                self.entries[user] = vec, pool, now
        self.tell("refresh", users, vecs, pools, now)
        self.recommend(int(users[0]))

    def add_item(self):
        if self.spare:
            kind = self.spare.pop(self.rng.integers(len(self.spare)))
            self.item_kinds.append(kind)
            category = int(self.rng.choice([0, 2, 500, 777]))
            self.tell("add_item", self.kinds[kind].copy(), category, int(self.liked[kind]))

    def recommend(self, user=None):
        rng, n = self.rng, len(self.item_kinds)
        user = int(rng.choice(list(self.entries))) if user is None else user
        context = np.zeros(2)
        vec, pool, then = self.entries.get(user, (None, None, -np.inf))
        if self.clock - then <= TTL:
            context = rng.integers(-2, 3, 2).astype(float)
            of = [self.item_kinds[i] for i in pool]
            terms = self.kinds[of] @ vec, self.kinds[of] @ context, np.log1p(self.liked[of])
            if not _are_clear(sum(w * term for w, term in zip(self.weights, terms, strict=True))):
                return
        rules = {}
        for name in ("seen", "blocked"):
            if self.edge == "many rules" or rng.random() < 0.4:
                items = rng.permutation(n)[: rng.integers(0, n // 2 + 1)].tolist()
                rules[name] = (list, tuple, set)[rng.integers(3)](items)
        if self.edge in ("many rules", "one category") or rng.random() < 0.4:
            rules["max_per_category"] = int(rng.integers(1, 3))
        k = int(rng.integers(1, 5 if rng.random() < 0.7 else n + 2))
        self.tell("recommend", user, context, k, self.clock, **rules)


@st.composite
def stories(draw):
    """Draw a story of some steps, after which every user asks."""
    edge = draw(st.sampled_from(EDGES))
    n = draw(st.sampled_from((5, 2, 3, 4, 6, 8, 10, 12)))
    n_steps = draw(st.sampled_from((4, 2, 8, 12)))
    layout = draw(st.sampled_from(LAYOUTS))
    return _Writer(draw(st.integers(0, 2**16)), edge, n, layout).write(n_steps)


@st.composite
def pairs(draw):
    """Draw embeddings of users and items, with equal rows and zeros among them, and a temperature."""
    B, d = draw(st.sampled_from((1, 2, 3, 5))), draw(st.sampled_from((1, 2, 4)))
    raw = draw(st.binary(min_size=2 * B * d, max_size=2 * B * d))
    values = (np.frombuffer(raw, dtype=np.uint8).reshape(2, B, d) % 9 - 4.0) / 4
    U, V = (draw(dressed(each)) for each in values)
    return U, V, draw(st.sampled_from((1.0, 0.5, 2.0, 3)))


@st.composite
def whole_numbers(draw):
    """Draw embeddings of small whole numbers, of which many scores are equal, with k and a size of batches."""
    n_users, n_items, d = draw(st.integers(1, 6)), draw(st.sampled_from((1, 2, 3, 8, 40))), draw(st.integers(1, 3))
    spread = draw(st.sampled_from((1, 2, 0, 3)))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    users, items = (rng.integers(-spread, spread + 1, (n, d)).astype(float) for n in (n_users, n_items))
    k = draw(st.sampled_from(sorted({1, min(2, n_items), n_items // 2 + 1, n_items})))
    batch_size = draw(st.sampled_from((1, 2, 3, n_users, 1024)))
    return draw(dressed(users)), draw(dressed(items)), k, batch_size


@cache
def large_shop(n, d=32, pool=500):
    """Return a large catalogue, and candidates of one user all over it."""
    rng = np.random.default_rng(0)
    vecs = rng.random((n, d))
    popularity = rng.permutation(n)
    return (vecs, np.arange(n) % 100, popularity, (1.0, 1.0, 0.1)), (
        np.array([7]),
        rng.random((1, d)),
        rng.permutation(n)[None, :pool],
        0.0,
    )


def busy_rules(pools):
    """Return what a user has seen, what is blocked, and a cap: half of it among the candidates."""
    own = pools[0].tolist()
    return tuple(own[:30]), tuple(own[30:50]), 2
