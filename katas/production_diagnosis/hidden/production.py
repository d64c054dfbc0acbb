"""Training, test and production data with one planted cause, by a seed: whatever the contract allows.

A `World` is a joint distribution of features and labels with a model in it. What is drawn from it is looked at, and
drawn again where it does not hold what the contract promises of its cause: `broken_promise` says what.
"""

import math

import numpy as np

from pytest_mlkata.checks import LABEL_DTYPES, LAYOUTS, laid_out

CAUSES = ("healthy", "covariate_shift", "label_shift", "concept_drift", "leakage", "preprocessing_skew")

SMALLEST_CLASS = 0.08
"""No sample has a smaller class: what moves within it could not be told from chance."""


def expit(x):
    return (1 + np.tanh(x / 2)) / 2


def ndtr(z):
    """The normal distribution function, to 0.0003 for |z| < 5: SciPy takes longer to load than all triples to draw."""
    return expit(2 * math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))


SHAPES = {
    "normal": lambda z: z,
    "uniform": lambda z: (ndtr(z) - 0.5) * math.sqrt(12),
    "exponential": lambda z: -np.log(ndtr(-z)) - 1,
    "lognormal": lambda z: (np.exp(0.7 * z) - math.exp(0.245)) / math.sqrt(math.exp(0.98) - math.exp(0.49)),
    "heavy tails": lambda z: np.sinh(z) / math.sqrt((math.exp(2) - 1) / 2),
    "negative lognormal": lambda z: -SHAPES["lognormal"](z),
}
"""Of a standard normal number z, one of mean 0 and variance 1 in another shape."""


class World:
    """Features, labels and a model."""

    def __init__(self, rng, d, *, linear):
        self.rng = rng
        mix = np.eye(d) + rng.choice([0.0, 0.5]) * rng.normal(size=(d, d))
        self.mix = mix / np.linalg.norm(mix, axis=1, keepdims=True)
        self.shapes = rng.choice(["normal", *SHAPES], size=d)
        self.scale = 10 ** rng.uniform(-4, 5, size=d)
        self.offset = self.scale * rng.choice([0, 0, 1, 5, -20, 300], size=d) * rng.uniform(0.5, 1, size=d)
        weights = rng.normal(size=d) * (rng.random(d) < 0.8)  # some features say nothing about the label
        weights[rng.integers(d)] += rng.choice([-1.5, 1.5])
        self.weights = weights
        self.corner = 0.0 if linear else rng.choice([0.0, 0.0, 1.0]) * np.abs(weights).max()
        self.model = weights + rng.choice([0.0, 0.3, 0.8]) * rng.normal(size=d), self.corner * rng.integers(2)
        pilot = self.features(800)
        score = self.score(pilot, weights, self.corner)
        self.unit = score.std()
        self.steep = rng.uniform(2, 12)
        self.boundary = np.quantile(score, rng.uniform(0.15, 0.85))

    def features(self, n):
        z = self.rng.normal(size=(n, len(self.mix))) @ self.mix.T
        return np.column_stack([SHAPES[shape](z[:, j]) for j, shape in enumerate(self.shapes)])

    def score(self, U, weights, corner):
        return U @ weights + corner * U[:, 0] * U[:, 1]

    def probability(self, U, weights=None, boundary=None):
        """P(y = 1) of each row, by the rule of this world or by another one."""
        score = self.score(U, self.weights if weights is None else weights, self.corner)
        return expit(self.steep * (score - (self.boundary if boundary is None else boundary)) / self.unit)

    def labels(self, probability):
        return (self.rng.random(len(probability)) < probability).astype(int)

    def predictions(self, U):
        return (self.score(U, *self.model) > self.boundary).astype(int)

    def sample(self, n):
        """Draw standardised features, labels and predictions."""
        U = self.features(n)
        return [U, self.labels(self.probability(U)), self.predictions(U)]

    def raw(self, U):
        return U * self.scale + self.offset


def drawn(world, n, _):
    """Draw production as it should be: from the same world."""
    return world.sample(n)


def covariate_shift(world, n, _):
    """Translate some features; the rule that gives labels stays, and so does the model."""
    rng, U = world.rng, world.features(n)
    d = U.shape[1]
    moved = rng.permutation(d)[: rng.integers(1, d + 1)]
    U[:, moved] += rng.choice([-1, 1], size=len(moved)) * rng.uniform(0.8, 2, size=len(moved))
    return [U, world.labels(world.probability(U)), world.predictions(U)]


def label_shift(world, n, rate):
    """Draw more of one class, from the same distribution within each class."""
    new = world.rng.uniform(SMALLEST_CLASS, 1 - SMALLEST_CLASS - 0.62)
    new += 0.62 * (new > rate - 0.31)  # an interval of 0.62 around the rate is left out
    ones = round(new * n)
    U, y, predicted = world.sample(math.ceil(1.2 * max(ones / rate, (n - ones) / (1 - rate))) + 100)
    rows = np.concatenate([np.flatnonzero(y == 1)[:ones], np.flatnonzero(y == 0)[: n - ones]])
    rows = world.rng.permutation(rows)
    return [U[rows], y[rows], predicted[rows]]


def concept_drift(world, n, _):
    """Give labels by another rule: the features and the model stay."""
    rng, (U, _, predicted) = world.rng, world.sample(n)
    before = world.probability(U)
    how = rng.choice(["flipped", "flipped for some", "boundary moved", "turned", "blurred"])
    if how == "flipped":
        now = 1 - before
    elif how == "flipped for some":
        feature = rng.integers(U.shape[1])
        now = np.where(U[:, feature] > np.quantile(U[:, feature], rng.uniform(0.1, 0.6)), 1 - before, before)
    elif how == "boundary moved":
        move = rng.choice([-1, 1]) * rng.uniform(0.5, 2) * world.unit
        now = world.probability(U, boundary=world.boundary + move)
    elif how == "turned":
        now = world.probability(U, weights=rng.normal(size=U.shape[1]) * np.abs(world.weights).max())
    else:
        now = before + (before.mean() - before) * rng.uniform(0.5, 1)
    return [U, world.labels(now), predicted]


PRODUCTIONS = {"covariate_shift": covariate_shift, "label_shift": label_shift, "concept_drift": concept_drift}


def memorised(world, sample):
    """Let a model know some labels that it was trained on, as forests do: it looks better there than it is."""
    U, y, predicted = sample
    return [U, y, np.where(world.rng.random(len(y)) < world.rng.choice([0, 0, 0.5, 1]), y, predicted)]


def leaked(world, train, test):
    """Put training rows in the place of test rows, with all that belongs to them."""
    rng, n = world.rng, len(test[0])
    count = math.ceil(rng.uniform(0.3, 0.9) * n)
    source = rng.choice(len(train[0]), size=count, replace=bool(count > len(train[0]) or rng.random() < 0.3))
    places = np.arange(count) if rng.random() < 0.2 else rng.permutation(n)[:count]
    for copy, original in zip(test, train, strict=True):
        copy[places] = original[source]


def skewed(world, X, X_train):
    """Log one feature in another unit, or as one number."""
    rng, j = world.rng, world.rng.integers(X.shape[1])
    factor = float(rng.choice([10, 12, 60, 100, 1000, 3600, 1e6]))
    constant = rng.choice([0.0, -1.0, -999.0, 1e6, X_train[:, j].mean(), np.median(X_train[:, j]), X_train[0, j]])
    X[:, j] = (X[:, j] * factor, X[:, j] / factor, np.full(len(X), constant))[rng.integers(3)]


def _drawn_once(cause, rng, *, short):
    """Draw train, test and production as lists of X, y and y_pred; whether they are as promised is not looked at."""
    world = World(rng, 2 if short else int(rng.integers(2, 7)), linear=cause == "label_shift")
    sizes = np.where(rng.random(3) < 0.1, rng.choice([600, 4000], size=3), 600 * (4000 / 600) ** rng.random(3) ** 1.5)
    n, m, size = rng.integers(600, 640, size=3) if short else sizes.astype(int)
    train, test = memorised(world, world.sample(n)), world.sample(m)
    if cause == "leakage":
        leaked(world, train, test)
    production = PRODUCTIONS.get(cause, drawn)(world, size, train[1].mean())
    for sample in (train, test, production):
        sample[0] = world.raw(sample[0])
    if cause == "preprocessing_skew":
        skewed(world, production[0], train[0])
        production[2] = world.predictions((production[0] - world.offset) / world.scale)  # the model takes it as it is
    return train, test, production


def broken_promise(cause, train, test, production):
    """Say which promise of the contract three samples do not keep, each a list of X, y and y_pred; "" if they do."""
    (X, y, _), (X_now, _, _) = train, production
    rates = np.array([each[1].mean() for each in (train, test, production)])
    if np.abs(rates - 0.5).max() > 0.5 - 0.9 * SMALLEST_CLASS:
        return "no class is small"
    kept = []
    if cause != "preprocessing_skew":
        wider = _spread(X_now) / _spread(X)
        kept.append(("interquartile ranges stay", np.all((wider > 1 / 3) & (wider < 3))))
    if cause == "covariate_shift":
        moves = np.abs(X_now.mean(axis=0) - X.mean(axis=0)) / X.std(axis=0)
        kept.append(("a mean moves", moves.max() >= 0.8 and _within(train, production) >= 0.3))
    if cause == "label_shift":
        between = np.abs(X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)) / X.std(axis=0)
        kept.append(("the rate of labels moves", np.abs(rates[:2] - rates[2]).min() >= 0.3))
        kept.append(("the classes differ", between.max() >= 0.5))
    if cause == "concept_drift":
        kept.append(("accuracy falls", _accuracy(test) - _accuracy(production) >= 0.15))
    return next((promise for promise, holds in kept if not holds), "")


def _within(train, production):
    """How far the mean of a feature has moved at most within a class, in its standard deviations there or in all."""
    (X, y, _), (X_now, y_now, _) = train, production
    deviation = np.maximum(X.std(axis=0), [X[y == label].std(axis=0) for label in (0, 1)])
    means = (np.array([x[of == label].mean(axis=0) for label in (0, 1)]) for x, of in ((X, y), (X_now, y_now)))
    return np.abs(np.subtract(*means) / deviation).max()


def _spread(X):
    return np.subtract(*np.quantile(X, [0.75, 0.25], axis=0))


def _accuracy(sample):
    return np.mean(sample[1] == sample[2])


def is_short(seed):
    """Whether a seed gives little data: there chance is largest, and a counterexample smallest."""
    return seed % 4 == 0


def triple(cause, seed):
    """Draw training, test and production data with this cause: three dicts, dressed in some legal way.

    Where the seed `is_short` there is as little data as there may be.
    """
    rng = np.random.default_rng((CAUSES.index(cause), seed))
    while True:
        samples = _drawn_once(cause, rng, short=is_short(seed))
        if not broken_promise(cause, *samples):
            return tuple(_dressed(samples, rng))


def _dressed(samples, rng):
    """Give numbers one dtype, which copies need to be exact, and labels and memory any."""
    near = np.all(np.abs(samples[0][0].mean(axis=0)) < 30 * samples[0][0].std(axis=0))
    dtype = "float32" if near and rng.random() < 0.2 else "float64"
    for X, y, predicted in samples:
        layout = LAYOUTS[rng.integers(len(LAYOUTS))] if rng.random() < 0.5 else LAYOUTS[0]
        labels = LABEL_DTYPES[rng.integers(len(LABEL_DTYPES))], LABEL_DTYPES[rng.integers(len(LABEL_DTYPES))]
        arrays = X.astype(dtype), y.astype(labels[0]), predicted.astype(labels[1])
        yield {name: laid_out(each, layout) for name, each in zip(("X", "y", "y_pred"), arrays, strict=True)}
