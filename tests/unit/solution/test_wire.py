"""Values survive the wire, and hostile bytes do nothing but raise WireError."""

from __future__ import annotations

import contextlib
import math
import random
from collections import Counter, OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from pytest_mlkata.solution import wire
from pytest_mlkata.solution.encoding import Encoder
from pytest_mlkata.solution.values import DTYPES, REQUEST

FAST = settings(max_examples=150, deadline=None, database=None)
Point = namedtuple("Point", "x y")  # noqa: PYI024 (a submission may return one)


def packed(value: Any, caps: wire.Caps = REQUEST) -> bytes:
    return b"".join(wire.pack(value, caps))


def there_and_back(value: Any) -> Any:
    return wire.unpack(packed(value), REQUEST)


def same(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        flags = ("c_contiguous", "f_contiguous", "writeable")
        return (
            a.dtype == b.dtype
            and a.shape == b.shape
            and a.tolist().__repr__() == b.tolist().__repr__()
            and all(getattr(a.flags, flag) == getattr(b.flags, flag) for flag in flags)
        )
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(map(repr, a)) == list(map(repr, b)) and all(map(same, a.values(), b.values()))
    if isinstance(a, (float, complex, np.generic)):
        return repr(a) == repr(b)
    return bool(a == b)


def laid_out(array: Any, layout: str, writeable: bool) -> Any:  # noqa: FBT001
    if layout == "F":
        array = np.asfortranarray(array)
    elif layout == "reversed" and array.ndim:
        array = array[::-1]
    elif layout == "every second" and array.ndim:
        array = array[..., ::2]
    elif layout == "transposed":
        array = array.T
    array.flags.writeable = writeable
    return array


text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers(allow_nan=False)
    | text
    | st.binary()
    | st.sampled_from(sorted(DTYPES)).flatmap(lambda name: hnp.arrays(name, ())).map(lambda array: array[()])
)
keys = st.integers() | text | st.binary() | st.tuples(st.booleans(), text)
arrays = st.builds(
    laid_out,
    st.one_of(
        st.sampled_from(sorted(DTYPES)).flatmap(
            lambda name: hnp.arrays(name, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
        ),
    ),
    st.sampled_from(["C", "F", "reversed", "every second", "transposed"]),
    st.booleans(),
)
values = st.recursive(
    scalars | arrays | st.sets(keys) | st.frozensets(keys),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(keys, inner),
    max_leaves=12,
)


@FAST
@given(values)
def test_values_survive(value: Any) -> None:
    assert same(there_and_back(value), value)


@FAST
@given(
    hnp.arrays(
        hnp.unicode_string_dtypes(max_len=5, endianness="="),
        hnp.array_shapes(max_dims=3),
        elements=st.sampled_from(["", "a", "é", "\U0001f600"]),
    )
)
def test_arrays_of_strings_survive(array: Any) -> None:
    back = there_and_back(array)
    assert back.dtype == array.dtype
    assert back.tolist() == array.tolist()


@FAST
@given(value=values, seed=st.integers(0, 2**32), flips=st.integers(1, 6))
def test_mutated_frames_raise_only_wire_errors(value: Any, seed: int, flips: int) -> None:
    frame = bytearray(packed(value))
    chance = random.Random(seed)
    for _ in range(flips):
        position = chance.randrange(len(frame))
        frame[position] = chance.choice([chance.randrange(256), *b'[]{},"0159eE-ltdsaunrcyf'])
    with contextlib.suppress(wire.WireError):
        wire.unpack(bytes(frame), REQUEST)


trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([*"ltdsfauncry", "float64", "bool", "C", "ff"]),
    lambda inner: (
        st.lists(inner) | st.builds(lambda tag, rest: [tag, *rest], st.sampled_from("ltdsfauncry"), st.lists(inner))
    ),
    max_leaves=30,
)


def frame_of(header: bytes, buffers: bytes = b"") -> bytes:
    header += b" " * (-len(header) % 16)
    return wire.PREFIX.pack(b"kata", len(header), len(buffers)) + header + buffers


@FAST
@given(trees, st.binary(max_size=64))
def test_any_header_raises_only_wire_errors(tree: Any, buffers: bytes) -> None:
    frame = frame_of(wire._TO_JSON(tree).encode(), buffers + bytes(-len(buffers) % 16))
    with contextlib.suppress(wire.WireError):
        wire.unpack(frame, REQUEST)


@FAST
@given(st.binary(max_size=200))
def test_any_bytes_raise_only_wire_errors(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.unpack(data, REQUEST)


@pytest.mark.parametrize(
    "header",
    [
        b"[" * 5000,
        b"1" * 5000,
        b"[" * 200 + b"]" * 200,
        b'{"a":1}',
        b"[]",
        b'["l",[]]',
        b'["l"' + b',["l"]' * 1_000_001 + b"]",
        b'["a","object","C",true,1]',
        b'["a","float64","C",true,1099511627776]',
        b'["a","float64","C",true,-1]',
        b'["a","float64","C",true,true]',
        b'["a","float64","S",true,0,4611686018427387904]',
        b'["a","float64","C",true' + b",1" * 100 + b"]",
        b'["a","float64"]',
        b'["u",true,999999999999,1,1,"a"]',
        b'["u",true,-5,1,3,"a"]',
        b'["u",true,1,1,2,"a",3]',
        b'["n","bool","02"]',
        b'["n","float64","00"]',
        b'["n","float64","zz"]',
        b'["d","a"]',
        b'["d",["l"],1]',
        b'["s",["l"]]',
        b'["c",1,2]',
        b'["r","object",true,""]',
        b'["y",3]',
        b'["?"]',
        b"\xff",
        b"",
    ],
    ids=lambda header: header[:24].decode("latin-1") or "empty",
)
def test_hostile_headers(header: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.unpack(frame_of(header), REQUEST)


def test_colliding_keys_are_refused() -> None:
    keys = [str(number * (2**61 - 1)) for number in range(1, 3000)]
    with pytest.raises(wire.WireError, match="collide"):
        wire.unpack(frame_of(f'["s",{",".join(keys)}]'.encode()), REQUEST)


def test_bools_that_are_no_bools_are_refused() -> None:
    with pytest.raises(wire.WireError):
        wire.unpack(frame_of(b'["a","bool","C",true,3]', b"\x02\x00\x01" + bytes(13)), REQUEST)


def test_bytes_without_an_array_are_refused() -> None:
    with pytest.raises(wire.WireError):
        wire.unpack(frame_of(b"1", bytes(16)), REQUEST)


def test_a_size_beyond_the_cap_is_refused() -> None:
    with pytest.raises(wire.WireError):
        wire.frame_size(wire.PREFIX.pack(b"kata", 16, 2**40), REQUEST)
    with pytest.raises(wire.WireError):
        wire.frame_size(wire.PREFIX.pack(b"kata", 2**30, 16), REQUEST)


class Number(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Number(3), 3.0),
        (Text("a"), "a"),
        (Point(1, [2]), (1, [2])),
        (OrderedDict(a=1), {"a": 1}),
        (Counter("aab"), {"a": 2, "b": 1}),
        (np.str_("a"), "a"),
        (np.bytes_(b"a"), b"a"),
        (np.array([1, "a", None], dtype=object), [1, "a", None]),
        (True, True),
    ],
)
def test_subclasses_become_their_base(value: object, expected: object) -> None:
    back = there_and_back(value)
    assert back == expected
    assert type(back) is type(expected)


def test_array_subclasses_become_base_arrays() -> None:
    back = there_and_back(np.ma.masked_array([1.0, 2.0], mask=[True, False]))
    assert type(back) is np.ndarray


def test_byte_order_becomes_native() -> None:
    back = there_and_back(np.arange(3, dtype=">f8"))
    assert back.dtype == np.float64
    assert back.dtype.isnative
    assert back.tolist() == [0, 1, 2]


def test_other_names_of_a_dtype_are_the_same() -> None:
    assert there_and_back(np.arange(2, dtype=np.longlong)).dtype == np.int64
    assert there_and_back(np.longlong(3)) == 3
    assert there_and_back(np.True_) is np.True_


def test_large_arrays_survive() -> None:
    for array in (
        np.arange(20_000.0),
        np.asfortranarray(np.arange(40_000.0).reshape(200, 200)),
        np.arange(40_000)[::2],
    ):
        assert same(there_and_back(array), array)


def test_lone_surrogates_are_spelled_out() -> None:
    assert there_and_back(["a\ud800", {"\udfff": 1}]) == ["a\\ud800", {"\\udfff": 1}]


def test_special_floats_survive() -> None:
    back = there_and_back([math.nan, math.inf, -math.inf, -0.0])
    assert repr(back) == "[nan, inf, -inf, -0.0]"


@pytest.mark.parametrize(
    "value",
    [
        10**4001,
        [10**4001],
        object(),
        len,
        np.zeros(3, dtype="datetime64[s]"),
        [0] * 2_000_001,
        "a" * 25 * 2**20,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_sent(value: object) -> None:
    with pytest.raises(wire.WireError):
        wire.pack(value, REQUEST)


def test_a_long_double_becomes_a_double() -> None:
    assert there_and_back(np.longdouble("0.1")) == np.float64(0.1)
    assert there_and_back(np.ones(2, dtype=np.longdouble)).dtype == np.float64


def test_cycles_and_depth_cannot_be_sent() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(wire.WireError, match="deeper"):
        wire.pack(cycle, REQUEST)
    deep: list[Any] = []
    for _ in range(60):
        deep = [deep]
    assert there_and_back(deep) == deep


def test_too_large_an_array_is_refused_before_it_is_copied() -> None:
    with pytest.raises(wire.WireError, match="256 MB"):
        wire.pack(np.broadcast_to(0.0, (2**17, 2**10)), REQUEST)


def test_sets_are_sent_in_an_order_of_their_own() -> None:
    one, other = {0, 8}, {8, 0}
    assert list(one) != list(other)
    assert wire.pack(one, REQUEST) == wire.pack(other, REQUEST)


def test_other_objects_are_references() -> None:
    numbers: list[object] = []

    def outward(value: object) -> wire.Reference:
        numbers.append(value)
        return wire.Reference("object", len(numbers), type(value).__name__)

    frame = b"".join(wire.pack([len, 1, object], REQUEST, outward))
    assert numbers == [len, object]
    back = wire.unpack(frame, REQUEST)
    assert back == [wire.Reference("object", 1, "builtin_function_or_method"), 1, wire.Reference("object", 2, "type")]
    assert wire.unpack(frame, REQUEST, lambda reference: reference.number) == [1, 1, 2]


def test_an_object_that_lies_about_its_class() -> None:
    class Liar:
        @property  # type: ignore[misc]
        def __class__(self) -> Any:
            return list

    with pytest.raises(wire.WireError):
        Encoder(REQUEST, None).encode(Liar(), 0)


def test_streams_count_what_is_taken() -> None:
    stream = wire.Stream(iter("ab"))
    assert [stream.take() for _ in range(4)] == [(True, "a"), (True, "b"), (False, None), (False, None)]
    assert stream.taken == 2
