import numpy as np
from hypothesis import given, settings

from pytest_mlkata.checks import (
    assert_agrees,
    assert_follows_order,
    assert_unchanged_by,
    close,
    points,
    within,
)

from . import reference as answer
from .problems import NAME, NAN, NEAR, joined, joins, rows, skewed

ONE_ENTITY = [(1, 10, 0.1), (1, 20, 0.2), (1, 30, 0.3)]


@points(2)
def test_point_in_time_join_takes_the_latest_so_far(solution):
    """point_in_time_join takes the value with the latest time that is not after the event

    Which of the values was the newest at that moment? What came afterwards is the future, however near it is.
    """
    joined(solution, [(1, 11), (1, 25), (1, 99)], ONE_ENTITY, [0.1, 0.2, 0.3])
    joined(solution, [(1, 19), (1, 29)], ONE_ENTITY, [0.1, 0.2], "the next value is nearer")
    joined(solution, [(1, 15)], ONE_ENTITY, [0.1], "a single event")


@points(2)
def test_point_in_time_join_counts_equal_times(solution):
    """point_in_time_join counts a value written at the very time of the event

    "At most" and "less than" differ at one point. Look at an event at time 20, and a value of time 20.
    """
    joined(solution, [(1, 10), (1, 20), (1, 30)], ONE_ENTITY, [0.1, 0.2, 0.3])
    joined(solution, [(1, 20), (2, 20)], [(1, 20, 0.5), (2, 20, 0.6)], [0.5, 0.6])
    joined(solution, [(1, 0.5), (1, 0.25)], [(1, 0.25, 7), (1, 0.5, 8)], [8, 7], "floats")


@points(1)
def test_point_in_time_join_gives_nan_where_there_is_none(solution):
    """point_in_time_join gives nan for an event before all values of its entity, and for an entity without values

    One answer for each event: no row is left out, and none is filled with what belongs to others.
    """
    joined(solution, [(1, 9), (1, 10)], ONE_ENTITY, [NAN, 0.1])
    joined(solution, [(1, 9)], ONE_ENTITY, [NAN], "one entity, and one event before all of its values")
    joined(solution, [(0, 50), (2, 50), (1, 50)], ONE_ENTITY, [NAN, NAN, 0.3], "entities without values")


@points(2)
def test_point_in_time_join_keeps_entities_apart(solution):
    """point_in_time_join looks at the values of the event's own entity only

    Look at the first event of an entity that has no value yet, next to an entity that has one.
    """
    features = [(1, 10, 0.1), (2, 20, 0.2), (3, 5, 0.3), (1, 40, 0.4)]
    joined(solution, [(1, 25), (2, 25), (3, 25)], features, [0.1, 0.2, 0.3])
    joined(solution, [(2, 15), (1, 5), (3, 4), (3, 5)], features, [NAN, NAN, NAN, 0.3])
    joined(solution, [(1, 30), (2, 30)], [(1, 10, 0.1), (2, 29, 0.2)], [0.1, 0.2])
    joined(solution, [(2, 30), (4, 30)], [(1, 10, 0.1), (3, 29, 0.2)], [NAN, NAN], "between entities that have values")


@points(2)
def test_point_in_time_join_answers_in_the_order_of_the_events(solution):
    """point_in_time_join gives one answer for each event, in the order of the events, also for events that occur twice

    If you sort the events, you need a way back. Where does each answer belong?
    """
    features = [(1, 10, 0.1), (1, 20, 0.2), (2, 10, 0.3), (2, 20, 0.4)]
    joined(solution, [(2, 25), (1, 15), (2, 15), (1, 25)], features, [0.4, 0.1, 0.3, 0.2])
    joined(solution, [(1, 25), (2, 15), (1, 25), (2, 15), (2, 15)], features, [0.2, 0.3, 0.2, 0.3, 0.3], "twice")
    joined(solution, [(1, 30), (3, 15), (1, 15), (1, 5)], features, [0.2, NAN, 0.1, NAN])


@points(2)
def test_point_in_time_join_takes_features_in_any_order(solution):
    """point_in_time_join takes a feature table whose rows are in no order

    Rows come as they were loaded. The latest is not the last.
    """
    joined(solution, [(1, 11), (1, 25), (1, 99), (1, 9)], ONE_ENTITY[::-1], [0.1, 0.2, 0.3, NAN])
    mixed = [(2, 30, 0.6), (1, 20, 0.2), (2, 10, 0.4), (1, 30, 0.3), (2, 20, 0.5), (1, 10, 0.1)]
    joined(solution, [(1, 15), (2, 35), (1, 25), (2, 5), (2, 25)], mixed, [0.1, 0.6, 0.2, NAN, 0.5])


@points(2)
def test_point_in_time_join_lets_the_later_row_win(solution):
    """point_in_time_join takes the later row of the table where an entity has several values of the same time

    A correction is written below what it corrects. The later row is not the larger value, and the rows around it need
    not be in order.
    """
    joined(solution, [(1, 10), (1, 15)], [(1, 10, 0.5), (1, 10, 0.9), (1, 10, 0.1)], [0.1, 0.1])
    joined(solution, [(1, 10), (1, 15)], [(1, 10, 0.1), (1, 10, 0.5), (1, 10, 0.9)], [0.9, 0.9])
    unsorted = [(2, 20, 0.6), (1, 20, 0.4), (2, 10, 0.8), (1, 20, 0.3), (2, 20, 0.5), (1, 10, 0.9), (2, 10, 0.7)]
    joined(solution, [(1, 20), (2, 20), (1, 15), (2, 12)], unsorted, [0.3, 0.5, 0.9, 0.7], "unsorted")
    twice = [(1, 10, 0.2), (1, 10, 0.2), (1, 5, 0.1)]
    joined(solution, [(1, 10), (1, 7)], twice, [0.2, 0.1], "a row that occurs twice")


@points(2)
def test_point_in_time_join_leaves_out_what_is_too_old(solution):
    """point_in_time_join counts no value older than max_age, and still one that is exactly so old

    Age is the time of the event minus that of the value. 15 at max_age=15 is allowed, 16 is not.
    """
    features = [(1, 10, 0.1), (1, 20, 0.2), (2, 10, 0.3)]
    events = [(1, 19), (1, 35), (1, 36), (2, 25), (2, 26), (2, 9), (1, 20)]
    joined(solution, events, features, [0.1, 0.2, NAN, 0.3, NAN, NAN, 0.2], max_age=15)
    joined(solution, events, features, [0.1, 0.2, 0.2, 0.3, 0.3, NAN, 0.2], max_age=16)
    joined(solution, events, features, [NAN, NAN, NAN, NAN, NAN, NAN, 0.2], max_age=8)
    for age in (0.5, 0.25, 1.75):
        joined(solution, [(1, 1 + age), (1, 1.125 + age)], [(1, 1.0, 4)], [4, NAN], "floats", max_age=age)


@points(1)
def test_point_in_time_join_takes_none_as_no_limit(solution):
    """point_in_time_join has no limit of age unless max_age is given

    However old a value is, it is the latest that there was.
    """
    for options in ({}, {"max_age": None}):
        joined(solution, [(1, 10**15), (1, -5)], [(1, 10, 0.1), (1, -(10**15), 0.3)], [0.1, 0.3], **options)
        joined(solution, [(1, 1e12), (1, -5.0)], [(1, 0.5, 0.1), (1, -1e12, 0.3)], [0.1, 0.3], **options)


@points(2)
@given(case=joins())
@settings(max_examples=25)
def test_point_in_time_join_does_not_see_the_future(solution, case):
    """point_in_time_join answers the same whatever is written after the last event, or about other entities

    The model had to answer at the time of the event. What was not there then must not change what it would have seen.
    """
    latest = case.event_time.max()
    step = 0.5 if case.event_time.dtype.kind == "f" else 1
    other = 1000  # in none of the joins

    def add(who, when):
        return lambda e, t, v: (
            np.append(e, np.array(who, dtype=e.dtype)),
            np.append(t, np.array(when, dtype=t.dtype)),
            np.append(v, np.array(-5, dtype=v.dtype)),
        )

    assert_unchanged_by(
        lambda *features: solution.point_in_time_join(*case.events, *features, **case.options),
        *case.features,
        changes={
            "with a value of its entity after the last event": add(case.entity[0], latest + step),
            "with a value of another entity": add(other, latest),
        },
        call=f"{NAME}(…), {case.edge}",
    )


@points(1)
@given(case=joins())
@settings(max_examples=25)
def test_point_in_time_join_answers_each_event_by_itself(solution, case):
    """point_in_time_join gives an event the same answer wherever it stands among the others

    Events know nothing of each other. Reorder them, and the answers must be reordered alike.
    """
    assert_follows_order(
        lambda *events: solution.point_in_time_join(*events, *case.features, **case.options),
        *case.events,
        call=f"{NAME}(…), {case.edge}",
    )


@points(3)
@given(case=joins())
@settings(max_examples=60)
def test_point_in_time_join_agrees_on_any_tables(solution, case):
    """point_in_time_join is right for any events and features

    The counterexample says what is special about them.
    """
    assert_agrees(solution, answer, NAME, *case.events, *case.features, **case.options, note=case.edge, **NEAR)


@points(2)
def test_training_serving_skew_by_hand(solution):
    """training_serving_skew is the share of the rows in which the two differ, whichever is larger

    Not how many, and not by how much.
    """
    skewed(solution, [1, 2, 3, 4], [1, 2, 3, 4], 0)
    skewed(solution, [1, 2, 3, 4], [1, 2.5, 3, 4], 1 / 4)
    skewed(solution, [1, 2, 3, 4, 5], [0, 2, 3, 9, 4.5], 3 / 5)
    skewed(solution, [1, 2, 3], [2, 3, 4], 1, "online larger in all rows")
    skewed(solution, [2, 3, 4], [1, 2, 3], 1, "offline larger in all rows")
    skewed(solution, [2], [2], 0)


@points(2)
def test_training_serving_skew_takes_nan_as_equal_to_nan(solution):
    """training_serving_skew counts nan as equal to nan, and as different from every number

    A comparison with nan is false. Does that make a row alike or different, in the way that you wrote it?
    """
    skewed(solution, [NAN, 2, NAN, 4], [NAN, 2, NAN, 4], 0)
    skewed(solution, [NAN, 2, 3, 4], [1, 2, 3, 4], 1 / 4, "nan offline only")
    skewed(solution, [1, 2, 3, 4], [1, NAN, NAN, 4], 1 / 2, "nan online only")
    skewed(solution, [NAN, NAN, 3, NAN, 5], [NAN, 2, 3, NAN, 6], 2 / 5)
    skewed(solution, [NAN, 0, 3], [0, NAN, 3], 2 / 3, "nan is not 0")
    skewed(solution, [NAN, NAN], [NAN, NAN], 0)


@points(2)
@given(case=rows())
@settings(max_examples=40)
def test_training_serving_skew_agrees_on_any_rows(solution, case):
    """training_serving_skew is right for any rows, and is a share

    The counterexample says what is special about them.
    """
    call = f"training_serving_skew(…), {case.edge}"
    got = solution.training_serving_skew(case.offline, case.online, *case.options)
    within(got, 0, 1, call)
    assert_agrees(solution, answer, "training_serving_skew", case.offline, case.online, *case.options, note=case.edge)
    close(solution.training_serving_skew(case.online, case.offline, *case.options), got, f"{call}, the two swapped")
