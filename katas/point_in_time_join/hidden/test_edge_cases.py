import numpy as np

from pytest_mlkata.checks import assert_refuses, close, laid_out, points, with_bad

from . import reference as answer
from .problems import LARGEST, NAME, NAN, NEAR, joined, skewed

BIG = 2**62
LAYOUTS = ("contiguous", "non-contiguous", "read-only")


@points(2)
def test_point_in_time_join_with_an_age_of_zero(solution):
    """point_in_time_join with max_age=0 counts only values written at the very time of the event

    0 is a limit, and None is none. Which of the two does `if max_age:` ask for?
    """
    features = [(1, 10, 0.1), (1, 20, 0.2)]
    joined(solution, [(1, 10), (1, 19), (1, 20), (1, 11), (1, 1)], features, [0.1, NAN, 0.2, NAN, NAN], max_age=0)
    joined(solution, [(1, 1.0), (1, 1.5)], [(1, 1.0, 4)], [4, NAN], "floats", max_age=0.0)


@points(2)
def test_point_in_time_join_takes_nan_as_a_value(solution):
    """point_in_time_join answers nan where nan is the latest value, whatever was written before it

    The store was told that the value is not known any more. Who goes back to the older number, knows more than the
    model did.
    """
    features = [(1, 10, 0.1), (1, 20, NAN), (1, 30, 0.3), (1, 40, NAN)]
    joined(solution, [(1, 15), (1, 25), (1, 35), (1, 45), (1, 9)], features, [0.1, NAN, 0.3, NAN, NAN])
    joined(solution, [(1, 20), (1, 10)], [(1, 20, 0.7), (1, 20, NAN), (1, 10, 0.1)], [NAN, 0.1], "a later row of nan")
    joined(solution, [(1, 20)], [(1, 20, NAN), (1, 20, 0.7), (1, 10, 0.1)], [0.7], "an earlier row of nan")
    joined(solution, [(1, 20), (1, 21)], [(1, 20, NAN), (1, 21, 0.5), (1, 20, 0.7), (1, 21, NAN)], [0.7, NAN])
    joined(solution, [(1, 5)], [(1, 0, 0.7), (1, 0, 0.8), (1, 0, NAN)], [NAN], "the last of three rows")
    joined(solution, [(1, 20), (1, 26)], [(1, 20, NAN), (1, 15, 0.1)], [NAN, NAN], max_age=5)
    joined(solution, [(1, 20), (1, 30)], [(1, 20, NAN)], [NAN, NAN], "nan alone")


@points(2)
def test_point_in_time_join_compares_large_times_exactly(solution):
    """point_in_time_join tells times of int64 apart that are next to each other, however large they are

    Near 2**62 float64 has one number for a thousand of int64. Look for a place where ints become floats by the way.
    """
    features = [(1, BIG + 1, 0.1), (1, BIG + 3, 0.3), (1, BIG + 2, 0.2)]
    events = [(1, BIG + 2), (1, BIG), (1, BIG + 1), (1, BIG + 9)]
    joined(solution, events, features, [0.2, NAN, 0.1, 0.3], "times near 2**62")
    joined(solution, events, features, [0.2, NAN, 0.1, NAN], "times near 2**62", max_age=5)
    joined(solution, events, features, [0.2, NAN, 0.1, 0.3], "times near 2**62", max_age=6)
    joined(solution, [(1, -BIG - 2), (1, -BIG - 3)], [(1, -BIG - 2, 0.1)], [0.1, NAN], "times near -2**62")
    features = [(1, -BIG, 0.1), (1, 5, 0.2), (1, BIG + 1, 0.3)]
    events = [(1, BIG), (1, -BIG + 1), (1, BIG + 1), (1, -BIG - 1)]
    joined(solution, events, features, [0.2, 0.1, 0.3, NAN], "times from -2**62 to 2**62")


@points(1)
def test_point_in_time_join_compares_floats_exactly(solution):
    """point_in_time_join tells float times apart that differ in their last digit

    Seconds have fractions. And a tolerance lets a little of the future in.
    """
    after = np.nextafter(1.0, 2)
    joined(solution, [(1, 1.0), (1, after)], [(1, after, 0.2), (1, 1.0, 0.1)], [0.1, 0.2], "neighbours among floats")
    joined(solution, [(1, 1.0)], [(1, after, 0.2)], [NAN], "a value one rounding after the event")
    base, tick = 1.7e9, 2.0**-22
    features = [(1, base + 2 * tick, 0.2), (1, base + tick, 0.1), (1, base + 0.75, 0.5)]
    events = [(1, base), (1, base + tick), (1, base + 2 * tick), (1, base + 0.5), (1, base + 0.75)]
    joined(solution, events, features, [NAN, 0.1, 0.2, 0.2, 0.5], "seconds since 1970")


@points(1)
def test_point_in_time_join_takes_negative_times(solution):
    """point_in_time_join takes times below zero, and those around it

    Time has no beginning at 0. Is 0, or -1, the sign of something in your solution?
    """
    features = [(1, -10, 0.1), (1, -1, 0.2), (1, 0, 0.3), (2, -20, 0.4)]
    events = [(1, -10), (1, -5), (1, -1), (1, 0), (1, -11), (2, -1), (2, -21)]
    joined(solution, events, features, [0.1, 0.1, 0.2, 0.3, NAN, 0.4, NAN])
    joined(solution, events, features, [0.1, 0.1, 0.2, 0.3, NAN, NAN, NAN], max_age=5)
    floats = [(1, -0.5, 0.1), (1, -0.25, 0.2), (2, -3.0, 0.3)]
    joined(solution, [(1, -0.25), (1, -0.3), (2, -2.9), (2, -3.1)], floats, [0.2, 0.1, 0.3, NAN], "floats")
    joined(solution, [(1, 0.0), (2, -0.0)], [(1, -0.0, 0.1), (2, 0.0, 0.2)], [0.1, 0.2], "0.0 and -0.0 are equal")


@points(2)
def test_point_in_time_join_takes_any_entity(solution):
    """point_in_time_join takes negative and very large entities, and keeps neighbours among them apart

    Ids are often hashes: numbers of any size that int64 holds. What is computed with them does not fit any more.
    """
    for who in (
        (-1, 0, 1),
        (-(2**63), 0, LARGEST),
        (-(2**63), -(2**63) + 1, LARGEST),
        (LARGEST - 1, LARGEST, -LARGEST),
        (BIG, 0, -BIG),
        (2**60 + 1, 2**60, 2**60 + 2),
        (2**32 + 5, 5, 2**33 + 5),
        (10**12, -(10**12), 3),
    ):
        a, b, c = who
        features, expected = [(a, 10, 0.1), (b, 11, 0.2), (a, 12, 0.3)], [0.3, 0.2, NAN, 0.2, 0.3]
        events = [(a, 12), (b, 13), (c, 13), (b, 11), (a, 13)]
        joined(solution, events, features, expected, f"entities {who}")
        joined(solution, events, features[::-1], expected, f"entities {who}", max_age=2)
        joined(solution, events, features, expected, f"entities {who}, times of floats", dtype=np.float64)


@points(1)
def test_point_in_time_join_takes_entities_and_times_of_any_size(solution):
    """point_in_time_join takes large entities with times that are far apart

    Each of them fits into 64 bits, and what is computed from both does not.
    """
    for a, b in ((1, 2), (3, -1), (2**40, 2**41), (LARGEST, -(2**63)), (0, 4)):
        features = [(a, -BIG, 0.1), (a, 5, 0.2), (a, BIG + 1, 0.3), (b, -BIG + 1, 0.4), (b, BIG, 0.5)]
        events = [(a, BIG), (a, -BIG + 1), (b, -BIG), (b, BIG - 1), (a, BIG + 1), (a, -BIG - 1), (b, BIG)]
        note = f"entities {a} and {b}, times from -2**62 to 2**62"
        joined(solution, events, features, [0.2, 0.1, NAN, 0.4, 0.3, NAN, 0.5], note)


@points(1)
def test_point_in_time_join_takes_entities_of_different_ints(solution):
    """point_in_time_join takes entities of int32 and of int64, also one of each

    What becomes of 2**32 + 5 where there is only room for 32 bits?
    """
    events, times = np.array([5, 2**32 + 5, -3, 7]), np.array([10, 10, 10, 10])
    f_entity, f_time, f_value = np.array([5, -3, 9], dtype=np.int32), np.array([1, 2, 3]), np.array([0.5, 0.3, 0.9])
    call = f"{NAME} with entity of {{}} and f_entity of {{}}"
    got = solution.point_in_time_join(events, times, f_entity, f_time, f_value)
    close(got, [0.5, NAN, 0.3, NAN], call.format("int64", "int32"), **NEAR)
    got = solution.point_in_time_join(f_entity, f_time + 9, events, times, np.array([0.5, 0.1, 0.3, 0.7]))
    close(got, [0.5, 0.3, NAN], call.format("int32", "int64"), **NEAR)
    for high in (2**32, -(2**32), 2**40):
        got = solution.point_in_time_join(events[[0, 0]] + [0, high], times[:2], f_entity, f_time, f_value)
        close(got, [0.5, NAN], call.format("int64", "int32"), **NEAR)
    small = events[[0, 2, 3]].astype(np.int32)
    got = solution.point_in_time_join(small, times[:3], f_entity, f_time, f_value)
    close(got, [0.5, 0.3, NAN], call.format("int32", "int32"), **NEAR)


@points(1)
def test_point_in_time_join_of_an_empty_feature_table(solution):
    """point_in_time_join gives nan for every event where there are no features

    On the first day the store is empty. Does your solution look at the last row of a table that has none?
    """
    nobody, values = np.array([], dtype=np.int64), np.array([])
    for events in ([1], [3, 1, 3]):
        for dtype in (np.int64, np.float64):
            entity, time = np.array(events), np.arange(len(events)).astype(dtype)
            for options in ({}, {"max_age": 5}):
                got = solution.point_in_time_join(entity, time, nobody, time[:0], values, **options)
                close(got, [NAN] * len(events), f"{NAME} of {len(events)} events and no features, {options}")


@points(2)
def test_point_in_time_join_with_many_ties(solution):
    """point_in_time_join lets the later row win in large tables, too

    Some ways of sorting keep equal rows in their order only while there are few of them. Which ones promise to?
    """
    rng = np.random.default_rng(0)
    for entities, times in ((1, 1), (1, 5), (3, 4), (40, 2)):
        arrays = (
            rng.integers(0, entities, 150),
            np.full(150, times),  # after all of them
            rng.integers(0, entities, 400),
            rng.integers(0, times, 400),
            rng.permutation(400) / 8,
        )
        right = answer.point_in_time_join(*arrays)
        call = f"{NAME} of 150 events and 400 features, {entities} entities and {times} times"
        close(solution.point_in_time_join(*arrays), right, call, **NEAR)
        as_floats = (arrays[0], arrays[1] / 4, arrays[2], arrays[3] / 4, arrays[4])
        close(solution.point_in_time_join(*as_floats), right, f"{call}, as floats", **NEAR)


@points(1)
def test_point_in_time_join_with_many_events_and_few_features(solution):
    """point_in_time_join takes tables of very different sizes

    One feature and many events, and the other way round. Which length has each of your arrays?
    """
    rng = np.random.default_rng(1)
    for n, m in ((60, 1), (60, 2), (1, 60), (2, 60), (60, 17)):
        arrays = (
            rng.integers(0, 3, n),
            rng.integers(0, 40, n),
            rng.integers(0, 3, m),
            rng.integers(0, 40, m),
            rng.permutation(m) / 8,
        )
        for options in ({}, {"max_age": 6}):
            right = answer.point_in_time_join(*arrays, **options)
            call = f"{NAME} of {n} events and {m} features, {options}"
            close(solution.point_in_time_join(*arrays, **options), right, call, **NEAR)


@points(1)
def test_point_in_time_join_takes_values_of_any_kind(solution):
    """point_in_time_join takes values of float64, float32 and int64, and has nan for what is missing among them

    An array of ints has no place for nan, and one of float32 none for every digit. Of which kind is yours?
    """
    entity, time = np.array([1, 4, 3, 2]), np.array([5, 6, 6, 7])
    f_entity, f_time = np.array([1, 2, 1]), np.array([4, 6, 5])
    for dtype in (np.float64, np.float32, np.int64):
        got = solution.point_in_time_join(entity, time, f_entity, f_time, np.array([4, -6, 5], dtype=dtype))
        close(got, [5, NAN, NAN, -6], f"{NAME} with f_value of {dtype.__name__}", **NEAR)
        got = solution.point_in_time_join(entity[::3], time[::3], f_entity, f_time, np.array([4, -6, 5], dtype=dtype))
        close(got, [5, -6], f"{NAME} with f_value of {dtype.__name__}, none missing", **NEAR)
    digits = np.array([0.1, 123456789.123, 1 / 3])  # of which float32 keeps seven
    close(
        solution.point_in_time_join(entity, time, f_entity, f_time, digits),
        [1 / 3, NAN, NAN, 123456789.123],
        f"{NAME} with f_value {digits}",
        rtol=1e-9,
        atol=0,
    )
    halves = np.array([0.25, 1.5, -0.75], dtype=np.float32)
    got = solution.point_in_time_join(entity, time + 1, f_entity, f_time, halves)
    close(got, [-0.75, NAN, NAN, 1.5], f"{NAME} with f_value of float32", **NEAR)


@points(1)
def test_point_in_time_join_takes_arrays_of_any_form(solution):
    """point_in_time_join takes slices of larger arrays and read-only ones, each of the five

    Nothing has to be written into what was passed, and nothing has to lie side by side.
    """
    plain = (
        np.array([2, 1, 2, 1]),
        np.array([30, 15, 10, 40]),
        np.array([2, 1, 1, 2, 1]),
        np.array([20, 40, 10, 10, 40]),
        np.array([0.4, 0.2, 0.1, 0.3, 0.5]),
    )
    for of_times in (np.int64, np.float64):
        arrays = [each.astype(of_times) if i in (1, 3) else each for i, each in enumerate(plain)]
        for layout in LAYOUTS:
            formed = [laid_out(each, layout) for each in arrays]
            got = solution.point_in_time_join(*formed)
            close(got, [0.4, 0.1, 0.3, 0.5], f"{NAME}, {layout}, times of {of_times.__name__}", **NEAR)
            got = solution.point_in_time_join(*formed, max_age=5)
            close(got, [NAN, 0.1, 0.3, 0.5], f"{NAME} with max_age=5, {layout}", **NEAR)


def bad_lengths(*good, of=range(5)):
    """Arrays of which one is too short, too long or a single row."""
    names = ("entity", "event_time", "f_entity", "f_time", "f_value")
    for i in of:
        for other in (good[i][:-1], np.append(good[i], good[i][-1:]), good[i][:1]):
            arrays = list(good)
            arrays[i] = other
            yield (f"{names[i]} has length {len(other)}, not {len(good[i])}", *arrays)


@points(2)
def test_point_in_time_join_refuses_lengths_that_differ(solution):
    """point_in_time_join raises ValueError where lengths differ, in each of the two tables

    A single row fits to everything that is broadcast. n and m may differ, though.
    """
    times = np.array([5, 2, 9])
    good = (np.array([1, 2, 1]), times, np.array([1, 2, 1, 2]), np.array([1, 2, 3, 4]), np.arange(4.0))
    assert_refuses(solution.point_in_time_join, good, bad_lengths(*good))
    good = (*good[:2], *good[:2], np.arange(3.0))
    assert_refuses(solution.point_in_time_join, good, bad_lengths(*good))


@points(2)
def test_point_in_time_join_refuses_times_of_nan(solution):
    """point_in_time_join raises ValueError for a nan among the times of events, or of features

    nan is neither before nor after anything. Sorted, it is behind all else, and looks like the latest of all.
    """
    entity, event_time = np.array([1, 2, 1]), np.array([5.0, 2, 9])
    features = np.array([1, 2, 1, 2]), np.array([1.0, 2, 3, 4]), np.arange(4.0)
    bad = [(f"among event_time: {what}", entity, times, *features) for what, times in with_bad(event_time, NAN)] + [
        (f"among f_time: {what}", entity, event_time, features[0], times, features[2])
        for what, times in with_bad(features[1], NAN)
    ]
    assert_refuses(solution.point_in_time_join, (entity, event_time, *features), bad)
    with_gaps = np.array([0.5, NAN, NAN, NAN])  # which are values, and no times
    close(
        solution.point_in_time_join(entity, event_time, *features[:2], with_gaps),
        [NAN, NAN, NAN],
        f"{NAME} with nan among f_value",
    )


@points(1)
def test_point_in_time_join_refuses_a_negative_age(solution):
    """point_in_time_join raises ValueError for a negative max_age

    Nothing is younger than now: it would be the future.
    """
    entity, time = np.array([1, 2, 1]), np.array([5, 2, 9])
    tables = (entity, time, entity, time, np.arange(3.0))
    assert_refuses(
        solution.point_in_time_join,
        (*tables, 0),
        [(f"max_age={age}", *tables, age) for age in (-1, -2, -(10**9))],
    )
    of_floats = (entity, time / 2, entity, time / 2, np.arange(3.0))
    assert_refuses(
        solution.point_in_time_join,
        (*of_floats, 0.0),
        [(f"max_age={age}", *of_floats, age) for age in (-0.5, -1, -1e-9)],
    )


@points(2)
def test_training_serving_skew_on_the_tolerance(solution):
    """training_serving_skew takes a difference of exactly atol as none, in either direction, and 0 as a tolerance

    "More than" is the word. And however large the numbers are, atol is what they may differ by.
    """
    skewed(solution, [1, 2, 3, 4], [1.25, 1.75, 3.5, 3.5], 1 / 2, atol=0.25)
    skewed(solution, [1, 2, 3, 4], [1.5, 1.5, 3.5, 3.5], 0, atol=0.5)
    skewed(solution, [1, 2, 3, 4], [2, 2, 3, 4], 0, atol=1)
    skewed(solution, [1, 2, 3], [1, np.nextafter(2, 3), 3], 1 / 3, "neighbours among floats", atol=0)
    skewed(solution, [1, 2, 0, 4], [1, 2 + 1e-12, -1e-10, 4], 1 / 2, "very small differences", atol=0)
    skewed(solution, [0, NAN], [1e-10, NAN], 1 / 2, "very small differences", atol=0)
    skewed(solution, [1, 2, 3], [1, 2, 3], 0, atol=0)
    skewed(solution, [1e9, 2e9, 1e6], [1e9 + 0.5, 2e9, 1e6 + 1e-3], 2 / 3, "large numbers")
    skewed(solution, [1e9, NAN, -1e9], [1e9 + 4, NAN, -1e9 - 2], 1 / 3, "large numbers", atol=2)


@points(1)
def test_training_serving_skew_has_a_small_default(solution):
    """training_serving_skew allows 1e-9 if nothing else is said

    Rounding is no skew; what is ten times as large as the tolerance is.
    """
    skewed(solution, [0, 0, 0, 1], [1e-8, -1e-8, 5e-10, 1], 1 / 2)
    skewed(solution, [0.1, 1e-12, 0.5], [0.1 + 1e-15, 0, 0.5 - 4e-10], 0)
    skewed(solution, [0.1, 0.2, 0.5], [0.1, 0.2 + 2e-9, 0.5 - 3e-9], 2 / 3)
    skewed(solution, [2, 4, -2], [2 + 2.0**-20, 4, -2 - 2.0**-20], 2 / 3, "a millionth")


@points(1)
def test_training_serving_skew_takes_arrays_of_any_form(solution):
    """training_serving_skew takes float64 and float32, slices of larger arrays and read-only ones

    Nothing has to be written into what was passed, not even in the place of nan.
    """
    offline, online = np.array([0.5, NAN, 2, NAN, -1]), np.array([0.5, NAN, 2.5, 0, -1])
    for dtypes in ((np.float64, np.float64), (np.float32, np.float32), (np.float32, np.float64)):
        for layout in LAYOUTS:
            a, b = (laid_out(each.astype(d), layout) for each, d in zip((offline, online), dtypes, strict=True))
            call = f"training_serving_skew of {', '.join(d.__name__ for d in dtypes)}, {layout}"
            close(solution.training_serving_skew(a, b), 2 / 5, call, inputs=(a, b))


@points(1)
def test_training_serving_skew_refuses_lengths_that_differ(solution):
    """training_serving_skew raises ValueError where lengths differ, also where one of them is 1

    A single row fits to everything that is broadcast.
    """
    a = np.array([1.0, 2, 3])
    assert_refuses(
        solution.training_serving_skew,
        (a, a + 1),
        [
            (f"lengths {len(x)} and {len(y)}", x, y)
            for x, y in ((a, a[:2]), (a[:2], a), (a, a[:1]), (a[:1], a), (a, np.append(a, 4.0)))
        ],
    )
