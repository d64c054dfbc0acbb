"""Inputs of this kata's own: networks with samples, by hand, at an edge, in every form, and of any size."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from pytest_mlkata.checks import LAYOUTS, every_array_dress, laid_out

LABEL_DTYPES = ("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64")

PENALTIES = (0.0, 0.5, 2.0)


@dataclass(frozen=True, eq=False)
class Network:
    """A network with samples and labels, and what is special about them."""

    params: list
    X: np.ndarray
    y: np.ndarray
    edge: str = field(default="", repr=False)

    def given(self, name):
        """The arguments that a function takes of these."""
        return (self.params, self.X) if name in ("forward", "predict") else (self.params, self.X, self.y)

    @property
    def arrays(self):
        """The arrays with numbers: what decides the tolerance of an answer."""
        return [self.X, *(array for layer in self.params for array in layer)]

    @property
    def sizes(self):
        """The widths, from features to classes."""
        return "-".join(str(size) for size in [len(self.params[0][0]), *(len(b) for _, b in self.params)])

    def other(self, **changes):
        """The same with other params, samples or labels."""
        return Network(**{"params": self.params, "X": self.X, "y": self.y} | changes)


# All numbers are such that float32 holds them, and what is computed of them, exactly. And no ReLU stands exactly at 0.
SMALL = Network(
    params=[
        (np.array([[1.0, -1.0, 0.5], [0.5, 2.0, -0.75]]), np.array([0.03125, 0.53125, -0.21875])),
        (np.array([[1.0, -0.5], [0.5, 1.0], [-1.0, 0.25]]), np.array([0.25, -0.5])),
    ],
    X=np.array([[1.0, 2.0], [2.0, -1.0], [-1.5, 0.5], [0.25, -2.0], [-1.0, -1.0]]),
    y=np.array([1, 0, 0, 1, 1]),
)

# The one of the spec.
EXAMPLE = Network(
    params=[
        (np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([0.0, 0.5])),
        (np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([0.1, 0.0])),
    ],
    X=np.array([[1.0, 2.0], [2.0, -1.0]]),
    y=np.array([1, 0]),
)

# Four samples, so that all their orders can be tried.
ORDERED = Network(
    params=[(np.zeros((2, 2)), np.zeros(2))],
    X=np.array([[1.0, 2.0], [2.0, -1.0], [-1.5, 0.5], [0.25, -2.0]]),
    y=np.array([1, 0, 0, 1]),
)

# One layer: the logits are the features.
IDENTITY = [(np.eye(3), np.zeros(3))]

ALL_SIZES = ((2, 3), (2, 3, 2), (1, 2, 3), (2, 3, 2, 3), (2, 2, 3, 2, 2), (3, 1, 2), (1, 2), (2, 3, 1), (3, 1))
FEW_SIZES = ((2, 3), (2, 3, 2), (1, 2, 3), (2, 3, 2, 3), (2, 2, 2))

EDGES = ("any samples", "one sample", "equal rows", "one label", "a unit closed", "a layer closed", "huge logits")
PLAIN_EDGES = ("any samples", "any samples", "one sample", "equal rows", "a unit closed")

_MOST_NUMBERS = 60
_CLOSED = 50.0


def networks(*, sizes=ALL_SIZES, edges=EDGES, samples=(2, 5), dressed=True):
    """Draw networks of one to four layers at or near an edge, with samples in any form."""
    return st.builds(
        _network,
        sizes=st.sampled_from(sizes),
        edge=st.sampled_from(edges),
        n=st.integers(*samples),
        drawn=st.binary(min_size=_MOST_NUMBERS, max_size=_MOST_NUMBERS),
        dtypes=st.sampled_from(
            (("float64",) * 3, ("float32",) * 3, ("float64", "float32", "float64"))[: 1 + 2 * dressed]
        ),
        labels=st.sampled_from(LABEL_DTYPES if dressed else ("int64",)),
        layout=st.sampled_from(LAYOUTS if dressed else LAYOUTS[:1]),
    )


def _network(*, sizes, edge, n, drawn, dtypes, labels, layout):
    """Make a network of what was drawn.

    X and W are multiples of 1/4. The biases are half a step beside what a layer can otherwise give out, so that no ReLU
    ever stands at 0, where it has no slope; and all stays exact in float32.
    """
    n = 1 if edge == "one sample" else n
    rows = iter(np.resize((np.frombuffer(drawn, dtype=np.uint8) + 5 * np.arange(len(drawn))) % 9, 400) / 4 - 1)

    def take(*shape):
        return np.array([next(rows) for _ in range(int(np.prod(shape)))]).reshape(shape)

    X, y = take(n, sizes[0]), (take(n) * 4 + 4).astype(int) % sizes[-1]
    params = [(take(*shape), take(shape[1]) + 2.0 ** -(5 + 3 * i)) for i, shape in enumerate(pairwise(sizes))]
    if edge == "equal rows":
        X[:] = X[0]
    elif edge == "one label":
        y[:] = y[0]
    elif "closed" in edge and len(sizes) > 2:
        params[0][1][: 1 if "unit" in edge else None] -= _CLOSED
    elif edge == "huge logits":
        W, b = params[-1]
        scale = min(1e4, 1e4 / np.abs(_logits(params, X)).max())
        params[-1] = (W * scale, b * scale)
        dtypes = ("float64",) * 3
    first, second, third = dtypes
    return Network(
        params=[(laid_out(W.astype(first), layout), laid_out(b.astype(second), layout)) for W, b in params],
        X=laid_out(X.astype(third), layout),
        y=laid_out(y.astype(labels), layout),
        edge=f"layers of {'-'.join(map(str, sizes))}; {edge}; params and X {'/'.join(dtypes)}, y {labels}; {layout}",
    )


def _logits(params, X):
    for W, b in params[:-1]:
        X = np.maximum(X @ W + b, 0)
    return X @ params[-1][0] + params[-1][1]


def steepness(params, X):
    """How near a ReLU is to 0 for any of the samples: the least of what enters them, without sign."""
    least = np.inf
    for W, b in params[:-1]:
        X = X @ W + b
        least = min(least, np.abs(X).min())
        X = np.maximum(X, 0)
    return least


def forms():
    """Legal input in every form, and what is special about it."""
    params, X, y = SMALL.params, SMALL.X, SMALL.y
    (first, bias), last = params
    yield "one sample", SMALL.other(X=X[:1], y=y[:1])
    yield "one sample whose units are all closed", SMALL.other(params=[(first, bias - 50), last], X=X[:1], y=y[:1])
    yield "one feature", SMALL.other(params=[(first[:1], bias), last], X=X[:, :1])
    yield "one hidden unit", SMALL.other(params=[(first[:, :1], bias[:1]), (last[0][:1], last[1])])
    yield "one class", SMALL.other(params=[params[0], (last[0][:, :1], last[1][:1])], y=y * 0)
    yield "one feature, one class, one layer, one sample", Network([(first[:1, :1], bias[:1])], X[:1, :1], y[:1] * 0)
    yield "one layer", Network(params[:1], X, np.array([0, 2, 1, 2, 2]))
    yield "three layers", SMALL.other(params=[*params, (first[:, :2], bias[:2])])
    yield "as many samples as classes and features", SMALL.other(X=X[:2], y=y[:2])
    yield "all labels 0", SMALL.other(y=y * 0)
    yield "all labels 1", SMALL.other(y=y * 0 + 1)
    yield from ((f"X {how}", SMALL.other(X=features)) for how, features in every_array_dress(X))
    yield from ((f"y {dtype}", SMALL.other(y=y.astype(dtype))) for dtype in LABEL_DTYPES)
    yield from ((f"y {layout}", SMALL.other(y=laid_out(y, layout))) for layout in LAYOUTS[2:])
    for how, W in every_array_dress(first):
        yield f"a W {how}", SMALL.other(params=[(W, bias), last])
    for how, b in every_array_dress(bias):
        yield f"a b {how}", SMALL.other(params=[(first, b), last])
    halves = [(W.astype("float32"), b.astype("float32")) for W, b in params]
    yield "params float32", SMALL.other(params=halves)
    yield "params and X float32", SMALL.other(params=halves, X=X.astype("float32"))
    for layout in LAYOUTS[1:]:
        yield (
            f"params, X and y {layout}",
            Network(
                [(laid_out(W, layout), laid_out(b, layout)) for W, b in params],
                laid_out(X, layout),
                laid_out(y, layout),
            ),
        )


def many_classes():
    """As many classes as labels can number, or more, and more samples than a byte counts; what is special about it."""
    for dtype, classes in (
        ("int8", 128),
        ("uint8", 256),
        ("uint8", 3),
        ("int16", 300),
        ("int8", 3),
        ("uint8", 300),
        ("int8", 300),
    ):
        n = 300
        X = np.resize([0.5, -0.25, 1.0, 0.75, -1.0], (n, 2))
        W = np.resize([0.25, -0.5, 1.0, 0.0, -0.25, 0.5, 0.75], (2, classes))
        used = min(classes, np.iinfo(dtype).max + 1)
        y = (np.arange(n) * 7 % used).astype(dtype)
        y[-1] = used - 1
        yield (
            f"{n} samples of {classes} classes, y {dtype}",
            Network([(W, np.resize([0.5, 0.0, -0.25], classes))], X, y),
        )


def bad_shapes():
    """Networks whose shapes do not chain, and why."""
    (first, bias), (last, end) = SMALL.params
    X = SMALL.X
    yield "X with 3 columns for a W with 2 rows", SMALL.other(X=np.column_stack([X, X[:, 0]]))
    yield "X with 1 column for a W with 2 rows", SMALL.other(X=X[:, :1])
    yield "a layer of 3 units before a W with 2 rows", SMALL.other(params=[(first, bias), (last[:2], end)])
    yield "a layer of 3 units before a W with 1 row", SMALL.other(params=[(first, bias), (last[:1], end)])
    yield "3 units with 2 biases", SMALL.other(params=[(first, bias[:2]), (last, end)])
    yield "3 units with 1 bias", SMALL.other(params=[(first, bias[:1]), (last, end)])
    yield "2 classes with 1 bias", SMALL.other(params=[(first, bias), (last, end[:1])])
    yield "1 unit with 3 biases", SMALL.other(params=[(first[:, :1], bias), (last, end)])
    one = SMALL.other(params=[(first, bias), (last[:, :1], end)], y=SMALL.y * 0)
    yield "1 class with 2 biases", one
    yield "one layer, 3 classes with 1 bias", SMALL.other(params=[(first, bias[:1])])


def bad_samples():
    """Samples and labels that do not fit, and why."""
    X, y = SMALL.X, SMALL.y
    yield "no samples", SMALL.other(X=X[:0], y=y[:0])
    yield "5 samples with 4 labels", SMALL.other(y=y[:4])
    yield "5 samples with 1 label", SMALL.other(y=y[:1])
    yield "1 sample with 5 labels", SMALL.other(X=X[:1])
    yield "5 samples with 6 labels", SMALL.other(y=np.append(y, 0))
    for label, dtype in (
        (2, "int64"),
        (-1, "int64"),
        (-1, "int8"),
        (-2, "int64"),
        (2, "uint8"),
        (255, "uint8"),
        (127, "int8"),
    ):
        for place in (0, 4):
            labels = y.astype(dtype)
            labels[place] = label
            yield f"a label of {label} ({dtype}) for 2 classes", SMALL.other(y=labels)
    yield "all labels 2 for 2 classes", SMALL.other(y=y * 0 + 2)
    yield "all labels -1", SMALL.other(y=y * 0 - 1)
    late = np.tile(y, 3000)
    late[-1] = -1
    yield "a label of -1 in the last of 15000 rows", SMALL.other(X=np.tile(X, (3000, 1)), y=late)


def large(n, sizes=(4, 8, 3)):
    """A network and n samples of all classes."""
    rng = np.random.default_rng(0)
    params = [(rng.normal(size=shape) / np.sqrt(shape[0]), rng.normal(size=shape[1])) for shape in pairwise(sizes)]
    return params, rng.normal(size=(n, sizes[0])), np.arange(n) % sizes[-1]
