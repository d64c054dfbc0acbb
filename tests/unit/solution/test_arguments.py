"""What counts as a changed argument (or answer), and what is none of a call's business."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from pytest_mlkata.solution.arguments import first_change, state


def set_first(x: Any) -> None:
    x[0] = 7


def set_nan(x: Any) -> None:
    x[...] = np.nan


def reshape(x: Any) -> None:
    x.shape = (x.size, 1)


def reinterpret(x: Any) -> None:
    x.dtype = np.int64


def turn(x: Any) -> None:
    x.strides = x.strides[::-1]


def negate_zero(x: Any) -> None:
    x *= -1


def nothing(_: Any) -> None:
    pass


def write_the_same(x: Any) -> None:
    x[...] = x.copy()


def read(x: Any) -> None:
    (x * 2).sum()


ARRAYS: dict[str, Callable[[], Any]] = {
    "1-d": lambda: np.array([1.0, np.nan, 3.0]),
    "2-d": lambda: np.array([[1.0, 2.0], [3.0, np.nan]]),
    "Fortran": lambda: np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "every second": lambda: np.arange(6.0)[::2],
    "backwards": lambda: np.arange(6.0)[::-1],
    "broadcast": lambda: np.broadcast_to(np.arange(3.0), (2, 3)),
    "0-d": lambda: np.array(1.5),
    "empty": lambda: np.empty((0, 3)),
    "bool": lambda: np.array([True, False]),
    "uint8": lambda: np.array([0, 1], dtype=np.uint8),
    "text": lambda: np.array(["a", "bc"]),
    "complex": lambda: np.array([1 + 2j, complex(0, np.nan)]),
}


@pytest.mark.parametrize("make", ARRAYS.values(), ids=ARRAYS.keys())
def test_an_array_that_is_left_alone_is_unchanged(make: Callable[[], Any]) -> None:
    array = make()
    before = state((array,), {"X": array})
    assert first_change(before, (array,), {"X": array}) is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # for giving an array another shape in place
@pytest.mark.parametrize(
    ("make", "change"),
    [
        ("1-d", set_first),
        ("1-d", set_nan),
        ("1-d", reshape),
        ("1-d", reinterpret),
        ("2-d", set_first),
        ("2-d", turn),
        ("Fortran", set_first),
        ("Fortran", turn),
        ("every second", set_first),
        ("backwards", set_first),
        ("0-d", set_nan),
        ("bool", lambda x: x.sort()),
        ("uint8", set_first),
        ("text", set_first),
        ("complex", negate_zero),
    ],
)
def test_an_array_that_is_changed_is_told(make: str, change: Callable[[Any], None]) -> None:
    array = ARRAYS[make]()
    before = state((array,), {})
    change(array)
    assert first_change(before, (array,), {}) == 0


@pytest.mark.parametrize("touch", [nothing, read, write_the_same])
@pytest.mark.parametrize("make", ["1-d", "2-d", "Fortran", "every second", "0-d"])
def test_reading_or_writing_the_same_is_no_change(make: str, touch: Callable[[Any], None]) -> None:
    array = ARRAYS[make]()
    before = state((array,), {})
    touch(array)
    assert first_change(before, (array,), {}) is None


def test_an_array_is_watched_through_another_view_of_it() -> None:
    owner = np.arange(6.0)
    view = owner[1::2]
    before = state((view,), {})
    owner[0] = 9
    assert first_change(before, (view,), {}) is None
    owner[3] = 9
    assert first_change(before, (view,), {}) == 0


def test_a_read_only_array_is_watched_too() -> None:
    array = np.arange(3.0)
    array.flags.writeable = False
    before = state((array,), {})
    assert first_change(before, (array,), {}) is None
    array.flags.writeable = True
    array[0] = 7
    assert first_change(before, (array,), {}) == 0


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (lambda: [1, 2], lambda x: x.append(3)),
        (lambda: [1, 2], lambda x: x.reverse()),
        (lambda: [3, "a", None], set_first),
        (lambda: [[1], [2]], lambda x: x[1].append(3)),
        (lambda: [np.zeros(2), 1], lambda x: set_first(x[0])),
        (lambda: [np.zeros(2)], lambda x: x.__setitem__(0, 0.0)),
        (lambda: [np.float64(1)], lambda x: x.__setitem__(0, [1, 2])),
        (lambda: [np.float64(1)], lambda x: x.__setitem__(0, (1.0, "a"))),
        (lambda: [()], lambda x: x.__setitem__(0, (1,))),
        (lambda: ([1], 2), lambda x: x[0].clear()),
        (lambda: (1, (2, {"a": [3]})), lambda x: x[1][1]["a"].pop()),
        (lambda: {"X": np.zeros(2)}, lambda x: set_first(x["X"])),
        (lambda: {"a": 1}, lambda x: x.update(a=2)),
        (lambda: {"a": 1}, lambda x: x.update(b=1)),
        (lambda: {"a": 1, "b": 2}, lambda x: x.update(a=x.pop("a"))),
        (lambda: {(1, 2): 1}, lambda x: x.pop((1, 2))),
        (lambda: {1, 2}, lambda x: x.discard(1)),
        (lambda: [{1, 2}], lambda x: x[0].add(3)),
        (lambda: [object()], lambda x: x.__setitem__(0, object())),
    ],
)
def test_what_changes_inside_of_a_container_is_told(make: Callable[[], Any], change: Callable[[Any], Any]) -> None:
    value = make()
    before = state((value,), {})
    assert first_change(before, (value,), {}) is None
    change(value)
    assert first_change(before, (value,), {}) == 0


@pytest.mark.parametrize(
    "value",
    [
        1,
        float("nan"),
        "text",
        b"bytes",
        None,
        1j,
        np.float64("nan"),
        frozenset({1}),
        [float("nan"), [np.float64("nan")], (float("nan"),)],
        {"a": float("nan")},
        {float("nan")},
        (1, (2, "b")),
        [(1, 2)],
    ],
)
def test_what_is_equal_to_itself_only_by_name_is_unchanged(value: Any) -> None:
    assert first_change(state((value,), {"x": value}), (value,), {"x": value}) is None


def test_equal_items_may_take_each_other_s_place() -> None:
    pairs = [(1, 2.0), (3, [4])]
    before = state((pairs,), {})
    pairs[0], pairs[1] = (1, 2.0), (3, [4])
    assert first_change(before, (pairs,), {}) is None


def test_the_first_change_is_named_by_position_or_name() -> None:
    X, y, w = np.zeros(2), np.zeros(2), np.zeros(2)
    before = state((X, 3, y), {"w": w, "l2": 0.1})
    set_first(w)
    assert first_change(before, (X, 3, y), {"w": w, "l2": 0.1}) == "w"
    set_first(y)
    assert first_change(before, (X, 3, y), {"w": w, "l2": 0.1}) == 2
    set_first(X)
    assert first_change(before, (X, 3, y), {"w": w, "l2": 0.1}) == 0


class Odd:
    """An object of a submission that answers to nothing."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self) -> None:
        self.calls = 0

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError


def test_objects_are_their_own_affair() -> None:
    odd = Odd()
    before = state((odd, [odd]), {"model": odd})
    odd.calls = 3
    assert first_change(before, (odd, [odd]), {"model": odd}) is None


def test_an_object_in_a_list_may_not_be_replaced() -> None:
    models = [Odd()]
    before = state((models,), {})
    models[0] = Odd()
    assert first_change(before, (models,), {}) == 0


def test_a_stream_is_not_read() -> None:
    stream = iter([1, 2, 3])
    before = state((stream,), {})
    assert next(stream) == 1
    assert first_change(before, (stream,), {}) is None
    assert next(stream) == 2


class Loud(list[int]):
    def __iter__(self) -> Iterator[int]:
        raise RuntimeError

    def __getitem__(self, index: Any) -> Any:
        raise RuntimeError


class Shapeless(np.ndarray):
    @property  # type: ignore[misc]
    def shape(self) -> Any:
        raise RuntimeError

    def tobytes(self, *_: Any) -> bytes:
        raise RuntimeError


def test_no_method_of_a_subclass_runs() -> None:
    numbers, array = Loud([1, 2]), np.zeros(2).view(Shapeless)
    before = state((numbers, array), {})
    assert first_change(before, (numbers, array), {}) is None
    array[0] = 1
    assert first_change(before, (numbers, array), {}) == 1
    numbers.append(3)
    assert first_change(before, (numbers, array), {}) == 0


def test_a_list_that_holds_itself_comes_to_an_end() -> None:
    endless: list[Any] = [1]
    endless.append(endless)
    before = state((endless,), {})
    assert first_change(before, (endless,), {}) is None
    endless[0] = 2
    assert first_change(before, (endless,), {}) == 0


def test_what_is_too_large_to_be_sent_is_not_copied() -> None:
    # One number that is seen very often: it would take 800 MB.
    array = np.broadcast_to(np.zeros(1), (100_000_000,))
    before = state((array,), {})
    assert first_change(before, (array,), {}) is None
    assert before == {0: ((100_000_000,), array.dtype.str, None)}
