import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import assert_agrees, close, every_array_dress, points, raises, windows

from . import reference as answer
from .answers import NEAR, agrees_on_alerts, agrees_on_report, assert_alerts, measures_of, response
from .problems import FEATURES, HIGH, N_BINS, SECONDS, TWO_VALUES, monitored, pairs_by_form, rows

PSI = "population_stability_index"
BINNED = st.sampled_from(N_BINS).flatmap(lambda k: st.tuples(windows(n_bins=k, missing=True), st.just(k)))

NONE_LEFT = np.full(4, np.nan)
EXPECTED = np.array([0.0, 4, 1, np.nan, 2, 6, 3, 5, 7])
ACTUAL = np.array([np.nan, 6.5, 3, 9, np.nan, 1])
TIED = np.array([2.0, 2, np.nan, 2, 5, 2, 2, 0, 2])


def edges_of_a_sample():
    """Legal samples at an edge: what is special about them, expected, actual and a number of bins."""
    yield "one value each", np.array([2.0]), np.array([3.0]), 10
    yield "one value each, the same", np.array([4.0]), np.array([4.0]), 2
    yield "expected constant, actual below", np.full(5, 4.0), np.array([1.0, 3, 3]), 10
    yield "expected constant, actual the same", np.full(5, 4.0), np.full(7, 4.0), 10
    yield "expected constant, actual around it", np.full(5, 4.0), np.array([1.0, 4, 4, 8]), 10
    yield "more bins than values", np.array([0.0, 1, 2, 3]), np.array([0.5, 1.25, 2]), 20
    yield "many more bins than values", np.array([0.0, 10]), np.array([0.05, 9.95, 4.85, -3]), 250
    yield "two values with all but one equal", np.array([0.0, 1, 1, 1, 1, 1, 1, 1]), np.array([0.0, 1, 0, 1]), 10
    yield "a long actual", np.arange(8.0), np.tile([0.0, 1, 5, 9], 100), 10
    yield "a long expected", np.tile([0.0, 1, 2, 4], 30)[:-2], np.array([4.0, 7, -1]), 10
    yield "seconds since 1970", SECONDS + np.arange(8.0), SECONDS + np.array([0.0, 1, 2, 3, 3, 9]), 10
    yield "seconds since 1970, few bins", SECONDS + np.arange(8.0), SECONDS + np.arange(4.0), 2
    yield "one value of twenty thousand in a bin", np.arange(8.0), np.append(np.full(20_000, 7.0), 0.0), 2
    yield "values of some millionths of a millionth", np.arange(8.0) * 1e-12, np.array([0.0, 1, 2, 2, 9]) * 1e-12, 4
    yield "all values negative", -np.arange(8.0) - 1, np.array([-3.0, -2, -20]), 3
    yield "nan among few values", np.array([np.nan, 1.0, np.nan, 1]), np.array([np.nan, 2.0, 0, np.nan]), 2


@points(1)
def test_population_stability_index_at_the_edges(solution):
    """population_stability_index is right for one value, a constant expected, more bins than values and large numbers

    The line above says what is special. Is there always an edge, and a bin on either side of it? Is every share at
    least the floor, also one that is tiny and not 0?
    """
    for note, expected, actual, n_bins in edges_of_a_sample():
        assert_agrees(solution, answer, PSI, expected, actual, n_bins, note=note, **NEAR)


@points(2)
def test_population_stability_index_ignores_nan(solution):
    """population_stability_index is the same without the values that are nan: neither in bins, nor in lengths

    Sorting puts nan somewhere, and a search finds a bin for it. What is the length of a sample of which a half is
    missing?
    """
    nan = np.nan
    for expected, actual in (
        ([0, 1, 2, 3, 4, 5], [nan, 1, nan, 2, 5]),
        ([nan, 0, 1, nan, 2, 3, 4, 5, nan], [0, 2, 5, 5]),
        ([0, nan, 1, 2, 3, 4, 5], [nan, 7, nan, nan]),
    ):
        before, now = np.array(expected, dtype=float), np.array(actual, dtype=float)
        right = answer.population_stability_index(before[~np.isnan(before)], now[~np.isnan(now)], 2)
        call = f"{PSI}({expected}, {actual}, 2)"
        close(solution.population_stability_index(before, now, 2), right, call, **NEAR)


@points(1)
@given(case=BINNED)
@settings(max_examples=30)
def test_population_stability_index_takes_any_data(solution, case):
    """population_stability_index is right for nan, ties, constants, one value and arrays of any form

    The counterexample says what is special about the samples.
    """
    pair, n_bins = case
    assert_agrees(solution, answer, PSI, *pair.arguments, n_bins, note=pair.edge, **NEAR)


@points(1)
def test_population_stability_index_takes_input_of_any_form(solution):
    """population_stability_index takes float64 and float32, read-only arrays and slices of larger ones

    The line above says which form it was.
    """
    for expected in (EXPECTED, TIED):
        for note, before, now in pairs_by_form(expected, ACTUAL):
            assert_agrees(solution, answer, PSI, before, now, note=note, **NEAR)


@points(1)
def test_population_stability_index_refuses_bad_input(solution):
    """population_stability_index raises ValueError for fewer than two bins, and where a sample is all nan

    The line above says what was wrong. One bin holds everything: what could it tell? And nan is no PSI.
    """
    solution.population_stability_index(EXPECTED, ACTUAL)  # a refusal must not be a matter of the first call
    solution.population_stability_index(EXPECTED, ACTUAL, 2)
    for n_bins in (1, 0, -1, -10):
        raises(ValueError, solution.population_stability_index, EXPECTED, ACTUAL, n_bins, because=f"n_bins={n_bins}")
    refuses_nothing(solution.population_stability_index)


def refuses_nothing(function):
    """Require that a function of two samples raises ValueError where nothing is left of one of them."""
    for nothing in (NONE_LEFT, NONE_LEFT[:1]):
        raises(ValueError, function, nothing, ACTUAL, because="a first sample that is all nan")
        raises(ValueError, function, EXPECTED, nothing, because="a second sample that is all nan")
        raises(ValueError, function, nothing, nothing, because="two samples that are all nan")


@points(2)
def test_ks_statistic_ignores_nan(solution):
    """ks_statistic is the same without the values that are nan

    Sorting puts nan behind all else, and a share of all values, nan included, never reaches 1.
    """
    nan = np.nan
    for a, b, right in (
        ([1, nan, 2], [1, 2], 0),
        ([1, 2], [nan, nan, 1, 2, nan], 0),
        ([nan, 1, nan, 2, 3, nan, 4], [3, nan, 4, 5, 6], 1 / 2),
        ([4, nan], [nan, nan, 1, 2], 1),
        ([nan, 0, 3], [nan, nan, 0, 0, 3], 1 / 6),
    ):
        first, second = np.array(a, dtype=float), np.array(b, dtype=float)
        close(solution.ks_statistic(first, second), right, f"ks_statistic({a}, {b})", **NEAR)


@points(1)
def test_ks_statistic_at_the_edges(solution):
    """ks_statistic is right for one value, for numbers that nearly agree, and for very different lengths

    The line above says what is special. Two values are equal or they are not: nothing is rounded.
    """
    for note, a, b, _ in edges_of_a_sample():
        assert_agrees(solution, answer, "ks_statistic", a, b, note=note, **NEAR)
        assert_agrees(solution, answer, "ks_statistic", b, a, note=note, **NEAR)
    for note, a, b in (
        ("neighbouring numbers", np.full(4, 0.5), np.nextafter(0.5, [1.0, 1.0, 0.0, 0.5])),
        ("0.0 and -0.0, which are equal", np.array([0.0, -0.0, 1]), np.array([-0.0, -0.0, -1])),
        ("tiny numbers", np.array([1.0, 2, 3, 4]) * 1e-300, np.array([3.0, 4, 5]) * 1e-300),
        ("most values close together, two far apart", np.array([-1e9, 0, 1, 2, 1e9]), np.array([-1e9, 3, 4, 5, 1e9])),
        ("huge numbers", np.array([1.0, -1, 0.5]) * 1e308, np.array([-1.0, -1, 1, 1]) * 1e308),
        ("300 equal values against one", np.full(300, 2.0), np.array([2.0])),
        ("300 values against two of them", np.arange(300.0), np.array([0.0, 299])),
    ):
        assert_agrees(solution, answer, "ks_statistic", a, b, note=note, **NEAR)


@points(1)
@given(pair=windows(missing=True))
@settings(max_examples=30)
def test_ks_statistic_takes_any_data(solution, pair):
    """ks_statistic is right for nan, ties, constants, one value and arrays of any form

    The counterexample says what is special about the samples.
    """
    assert_agrees(solution, answer, "ks_statistic", *pair.arguments, note=pair.edge, **NEAR)


@points(1)
def test_ks_statistic_takes_input_of_any_form(solution):
    """ks_statistic takes float64 and float32, read-only arrays and slices of larger ones

    The line above says which form it was.
    """
    for expected in (EXPECTED, TIED):
        for note, a, b in pairs_by_form(expected, ACTUAL):
            assert_agrees(solution, answer, "ks_statistic", a, b, note=note, **NEAR)


@points(1)
def test_ks_statistic_refuses_bad_input(solution):
    """ks_statistic raises ValueError where a sample is all nan

    The distance from nothing is not 0, and not 1.
    """
    solution.ks_statistic(EXPECTED, ACTUAL)  # a refusal must not be a matter of the first call
    refuses_nothing(solution.ks_statistic)


@points(1)
def test_missing_shift_takes_samples_that_are_all_nan(solution):
    """missing_shift is right where everything is missing, before, now or both, and where nothing is

    A feature that has vanished altogether is what this measure is for.
    """
    full = np.array([1.0, 2, 3])
    for expected, actual, right in (
        (full, NONE_LEFT, 1),
        (NONE_LEFT, full, -1),
        (NONE_LEFT, np.full(7, np.nan), 0),
        (full, full[:1], 0),
        (np.array([np.nan, 1]), NONE_LEFT, 1 / 2),
        (full[:1], NONE_LEFT[:1], 1),
    ):
        close(solution.missing_shift(expected, actual), right, f"missing_shift({expected}, {actual})")


@points(1)
def test_missing_shift_takes_input_of_any_form(solution):
    """missing_shift takes float64 and float32, read-only arrays and slices of larger ones

    The line above says which form it was.
    """
    for note, before, now in pairs_by_form(EXPECTED, ACTUAL):
        assert_agrees(solution, answer, "missing_shift", before, now, note=note, **NEAR)


@points(1)
@given(case=monitored(missing=True, dressed=True))
@settings(max_examples=30)
def test_drift_report_takes_any_data(solution, case):
    """drift_report is right for nan in some features, constant features, one row and arrays of any form

    A value that is missing in one feature says nothing of the other features of its row.
    """
    agrees_on_report(solution, case)


@points(2)
def test_drift_report_keeps_rows_with_gaps(solution):
    """drift_report judges each feature by all of its own values, also in rows where another feature is missing

    If a row is left out for one nan, the other features lose values that they have.
    """
    reference = np.column_stack([FEATURES[1], FEATURES[4]])
    window = np.array([[0, np.nan], [1, 3], [0, np.nan], [1, np.nan], [0, 30], [1, 2]])
    call = "drift_report(reference, window)"
    got = measures_of(solution.drift_report(reference, window), call)
    for name, right in answer.drift_report(reference, window).items():
        close(got[name], right, f'"{name}" of {call}, with nan in the second feature only', **NEAR)


@points(1)
def test_drift_report_refuses_bad_input(solution):
    """drift_report raises ValueError where reference and window have different numbers of features

    Two loops side by side stop at the shorter one, and one feature broadcasts over three: both without a word.
    """
    reference = np.column_stack(FEATURES[:3])
    solution.drift_report(reference, reference[:4])  # a refusal must not be a matter of the first call
    for count, other in ((3, 2), (2, 3), (3, 1), (1, 3)):
        because = f"{count} features in the reference, {other} in the window"
        raises(ValueError, solution.drift_report, reference[:, :count], reference[:4, :other], because=because)


@points(1)
@given(case=monitored(missing=True, dressed=True))
@settings(max_examples=40)
def test_rolling_alerts_takes_any_data(solution, case):
    """rolling_alerts is right for nan in some features, constant features, windows of one row and arrays of any form

    The counterexample is small: write down the windows, the PSI of each, and who is above the threshold.
    """
    agrees_on_alerts(solution, case)


@points(2)
def test_rolling_alerts_keeps_rows_with_gaps(solution):
    """rolling_alerts counts rows with nan as rows of their window, and uses what they hold for other features

    A gap makes the sample of one feature shorter, and not the window. And of whom does a row with one gap say nothing?
    """
    for features, expected in (
        (("01-1 1-1- 0101",), [(8, 0)]),
        (("-0-1 --1- -01-",), [(8, 0)]),
        (("0101 1111 0101", "-0-1 0101 1-1-"), [(8, 0), (12, 1)]),
    ):
        note = f"features {', '.join(features)}; - is nan"
        reference = np.repeat(TWO_VALUES, len(features), axis=1)
        assert_alerts(solution, expected, reference, rows(*features), 4, 4, note=note)


@points(1)
def test_rolling_alerts_without_a_window(solution):
    """rolling_alerts is an empty list where no window is complete, and right where exactly one is

    How many windows of four have three rows?
    """
    for count in (1, 3):
        for step in (1, 4, 9):
            assert_alerts(solution, [], TWO_VALUES, rows("1" * count), 4, step, note=f"{count} rows, all of them 1")
    for step in (1, 4, 9):
        assert_alerts(solution, [(4, 0)], TWO_VALUES, rows(HIGH), 4, step, note="4 rows, all of them 1")
        assert_alerts(solution, [], TWO_VALUES, rows(HIGH), 4, step, note="4 rows, all of them 1", patience=2)
    assert_alerts(solution, [(1, 0)], TWO_VALUES, rows("1110"), 1, 1, note="windows of one row")
    constant = np.full((10, 1), 1.0)
    assert_alerts(solution, [(8, 0)], constant, rows("1111 1101 1"), 4, 2, note="a constant reference")


@points(1)
def test_rolling_alerts_refuses_bad_input(solution):
    """rolling_alerts raises ValueError for feature counts that differ, and where an option is out of its range

    The line above says what was wrong. A step of 0 never arrives, a negative one never starts; and which PSI is not
    above a negative threshold?
    """
    reference, now = np.column_stack(FEATURES[:3]), np.column_stack(FEATURES[:3])[:8]

    def refused(because, reference=reference, now=now, window=4, step=2, **options):
        raises(ValueError, solution.rolling_alerts, reference, now, window, step, because=because, **options)

    solution.rolling_alerts(reference, now, 4, 2)  # a refusal must not be a matter of the first call
    solution.rolling_alerts(reference, now, 1, 1, threshold=0, patience=1)
    for count, other in ((3, 2), (2, 3), (3, 1), (1, 3)):
        because = f"{count} features in the reference, {other} in the rows"
        refused(because, reference[:, :count], now[:, :other])
    for number in (0, -1, -4):
        refused(f"window={number}", window=number)
        refused(f"step={number}", step=number)
        refused(f"patience={number}", patience=number)
    for threshold in (-0.2, -1e-9, -3):
        refused(f"threshold={threshold}", threshold=threshold)
    without = "even though no window is complete"
    for name, bad in (("step", 0), ("threshold", -1), ("patience", 0)):
        refused(f"{name}={bad}, {without}", window=20, **{name: bad})
    refused(f"3 features in the reference, 2 in the rows, {without}", now=now[:, :2], window=20)


@points(1)
def test_time_weights_takes_input_of_any_form(solution):
    """time_weights takes ages as integers, float64 and float32, read-only arrays, and any positive half-life

    The line above says which form it was. Ages in whole days must not give weights in whole half-lives.
    """
    ages = np.array([0.0, 1, 30, 45, 365, 10])
    for how, dressed in (*every_array_dress(ages), ("int64", ages.astype("int64"))):
        for half_life in (30, 7.5, 1, 400):
            note = f"age_days {how}"
            assert_agrees(solution, answer, "time_weights", dressed, half_life, note=note, **NEAR)
    for note, one, half_life in (
        ("one age", np.array([3]), 2),
        ("one age of 0", np.array([0.0]), 2),
        ("a half-life below a day", np.array([0.0, 0.25, 1]), 0.5),
        ("an age of a hundred half-lives", np.array([100.0, 0]), 1),
        ("all ages 0", np.zeros(4), 30),
        ("all ages equal", np.full(4, 15), 30),
    ):
        assert_agrees(solution, answer, "time_weights", one, half_life, note=note, **NEAR)


@points(1)
def test_time_weights_refuses_bad_input(solution):
    """time_weights raises ValueError for a half-life that is not positive, and for a negative age

    The line above says what was wrong. A sample from the future would weigh more than one of today.
    """
    ages = np.array([0.0, 10, 20])
    solution.time_weights(ages, 30)  # a refusal must not be a matter of the first call
    for half_life in (0, 0.0, -1, -30.0):
        raises(ValueError, solution.time_weights, ages, half_life, because=f"half_life={half_life}")
    for bad in ([-1.0, 10, 20], [0.0, 10, -0.5], [0, 10, -20], [-5.0], [-1e-6, 3.0]):
        raises(ValueError, solution.time_weights, np.array(bad), 30, because="a negative age")


@points(2)
def test_respond_on_its_limits(solution):
    """respond takes every limit as "more than": a number that equals it is not above

    Each limit of the table, from both sides and exactly.
    """
    for limit, at, above, options in (
        (0.05, "none", "fix_upstream", lambda x: {"psi": [0.0, 0.0], "missing": [0.0, x]}),
        (0.05, "none", "fix_upstream", lambda x: {"psi": [0.0, 0.0], "missing": [-x, 0.0]}),
        (0.1, "none", "fallback", lambda x: {"psi": [0.0, 0.0], "drop": x}),
        (0.1, "retrain", "fallback", lambda x: {"psi": [0.5, 0.0], "drop": x}),
        (0.02, "investigate", "retrain", lambda x: {"psi": [0.5, 0.0], "drop": x}),
        (0.2, "watch", "retrain", lambda x: {"psi": [x, 0.0], "drop": 0.05}),
        (0.2, "watch", "investigate", lambda x: {"psi": [0.0, x]}),
        (0.1, "none", "watch", lambda x: {"psi": [0.0, x]}),
    ):
        for number, expected in ((limit, at), (limit - 1e-6, at), (limit + 1e-6, above)):
            response(solution, expected, **options(number))


@points(1)
def test_respond_takes_signs_into_account(solution):
    """respond looks at the size of a missing shift, and at the sign of metric_drop

    Fewer missing values than before are a change upstream, too. A negative drop is a metric that has risen.
    """
    response(solution, "fix_upstream", [0.0, 0.0], [0.0, -0.3])
    response(solution, "fix_upstream", [0.0, 0.0], [0.01, -0.06], drop=0.5)
    response(solution, "none", [0.0, 0.0], [-0.04, 0.04])
    response(solution, "none", [0.0, 0.0], drop=-0.5)
    response(solution, "investigate", [0.3, 0.0], drop=-0.5)
    response(solution, "watch", [0.15, 0.0], drop=-0.05)


@points(1)
def test_respond_takes_input_of_any_form(solution):
    """respond takes one feature or many, as float64 and float32, read-only arrays and slices of larger ones

    The line above says which form it was.
    """
    response(solution, "investigate", [0.25], [0.0])
    response(solution, "watch", [0.125], [0.03125])
    response(solution, "none", [0.0], [0.0])
    response(solution, "fix_upstream", [0.0], [-0.125])
    for right, psi, missing in (
        ("retrain", [0.0, 0.125, 0.25], [0.0, 0.03125, -0.03125]),
        ("watch", [0.0, 0.125, 0.0625], [0.0, 0.0, 0.0]),
        ("fix_upstream", [0.0, 0.0, 0.0], [0.0, 0.25, 0.0]),
    ):
        for _, drift, gaps in pairs_by_form(np.array(psi), np.array(missing)):
            response(solution, right, drift, gaps, drop=0.0625)
