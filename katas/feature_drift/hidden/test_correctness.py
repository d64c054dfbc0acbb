import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_unchanged_by,
    assert_unchanged_by_duplication,
    assert_unchanged_by_increasing,
    assert_unchanged_by_scaling,
    close,
    number,
    points,
    windows,
    within,
)

from . import reference as answer
from .answers import NEAR, agrees_on_alerts, agrees_on_report, assert_alerts, measures_of, response
from .problems import CALM, FEATURES, HIGH, MILD, N_BINS, TWO_VALUES, monitored, rows

PSI = "population_stability_index"
BINNED = st.sampled_from(N_BINS).flatmap(lambda k: st.tuples(windows(n_bins=k, dressed=False), st.just(k)))


def psi_is(solution, expected, actual, right, *n_bins):
    """Compare a PSI with what was found by hand."""
    expected, actual = np.array(expected, dtype=float), np.array(actual, dtype=float)
    call = f"{PSI}({', '.join(map(str, (expected.tolist(), actual.tolist(), *n_bins)))})"
    close(solution.population_stability_index(expected, actual, *n_bins), right, call, **NEAR)


def of_shares(e, a):
    """PSI of shares, term by term."""
    return sum((now - before) * np.log(now / before) for before, now in zip(e, a, strict=True))


@points(1)
def test_population_stability_index_by_hand(solution):
    """population_stability_index sums (a - e) ln(a / e) over the bins, of shares and with the natural logarithm

    With two bins there is one edge, the median. Samples of different lengths are compared by shares, not by counts.
    """
    expected = [0, 1, 2, 3, 4, 5]
    for actual, share in (
        ([0, 1, 2, 3], 1 / 4),
        ([5, 0], 1 / 2),
        ([3, 0, 4, 5, 3], 4 / 5),
        ([1, 4, 2, 2, 1, 2], 1 / 6),
    ):
        psi_is(solution, expected, actual, of_shares([1 / 2, 1 / 2], [1 - share, share]), 2)
    # three bins of three, and edges 8/3 and 16/3
    psi_is(solution, range(9), [0, 3, 4, 7], of_shares([1 / 3] * 3, [1 / 4, 1 / 2, 1 / 4]), 3)
    psi_is(solution, range(9), [0, 1, 3, 4, 8, 8, 6, 7], of_shares([1 / 3] * 3, [1 / 4, 1 / 4, 1 / 2]), 3)


@points(2)
def test_population_stability_index_bins_by_expected(solution):
    """population_stability_index takes its edges from expected alone, at its quantiles

    The bins are the yardstick. What happens to a yardstick that is cut anew for every window? And where do bins of
    equal width end if one value lies far out?
    """
    # 30 lies far out, and the edges stay where most values are: 1.75, 3.5, 5.25
    psi_is(solution, range(8), [0, 1, 2, 3, 4, 5, 6, 30], 0, 4)
    far_out = [0, 1, 2, 3, 4, 5, 6, 1000]
    psi_is(solution, far_out, [0, 2, 4, 6, 0, 2, 4, 6], 0, 4)
    psi_is(solution, far_out, [0, 1, 1, 1, 2, 3, 5, 6], of_shares([1 / 4] * 4, [1 / 2, 1 / 4, 1 / 8, 1 / 8]), 4)
    # edges 8/3 and 8, between values that are not evenly spaced
    psi_is(
        solution, [0, 1, 2, 4, 6, 9, 9, 9], [5, 1, 9, 30], of_shares([3 / 8, 1 / 4, 3 / 8], [1 / 4, 1 / 4, 1 / 2]), 3
    )


@points(2)
def test_population_stability_index_counts_what_lies_outside(solution):
    """population_stability_index counts values below and above all of expected, in the first and the last bin

    Drift leads out of the range that was seen. If values outside have no bin, the worst drift looks like none.
    """
    psi_is(solution, range(6), [-7, -9, -8, 2], of_shares([1 / 2, 1 / 2], [1, 1e-4]), 2)
    psi_is(solution, range(6), [70, 0, 1, 90], 0, 2)
    psi_is(solution, range(6), [70, 6, -1, 90], of_shares([1 / 2, 1 / 2], [1 / 4, 3 / 4]), 2)
    psi_is(solution, range(9), [20, 30], of_shares([1 / 3] * 3, [1e-4, 1e-4, 1]), 3)


@points(2)
def test_population_stability_index_floors_empty_bins(solution):
    """population_stability_index takes a share of 0.0001 for a bin that is empty, in either sample, and leaves the rest

    A logarithm of 0 has no answer, and a bin that is left out hides the drift. The floor is a floor: it is not added
    to other shares, and they are not normalised again.
    """
    psi_is(solution, range(6), [3, 4], of_shares([1 / 2, 1 / 2], [1e-4, 1]), 2)
    psi_is(solution, range(6), [0], of_shares([1 / 2, 1 / 2], [1, 1e-4]), 2)
    psi_is(solution, range(9), [0, 1, 7], of_shares([1 / 3] * 3, [2 / 3, 1e-4, 1 / 3]), 3)
    psi_is(solution, [4, 4, 4], [1, 4, 5, 6], of_shares([1e-4, 1], [1 / 4, 3 / 4]), 10)


@points(2)
def test_population_stability_index_puts_an_edge_into_the_bin_above(solution):
    """population_stability_index counts a value that equals an edge in the bin above it

    Where expected repeats a value, edges fall on it: they are its quantiles. Which side is a value on that equals one?
    """
    repeated = [0, 2, 2, 2, 2, 5]  # the median is 2
    psi_is(solution, repeated, [2, 2, 2, 1], of_shares([1 / 6, 5 / 6], [1 / 4, 3 / 4]), 2)
    psi_is(solution, repeated, [2, 2, 5, 0], of_shares([1 / 6, 5 / 6], [1 / 4, 3 / 4]), 2)
    psi_is(solution, [0, 0, 0, 1], [0, 1, 1, -1], of_shares([1e-4, 1], [1 / 4, 3 / 4]), 2)
    psi_is(solution, [0, 1, 1, 1], [1, 1, 0, 0], of_shares([1 / 4, 3 / 4], [1 / 2, 1 / 2]), 2)


@points(2)
@given(case=BINNED)
@settings(max_examples=40)
def test_population_stability_index_agrees_on_any_data(solution, case):
    """population_stability_index is right for any two samples and any number of bins

    The counterexample says what is special about the samples.
    """
    pair, n_bins = case
    assert_agrees(solution, answer, PSI, *pair.arguments, n_bins, note=pair.edge, **NEAR)


@points(1)
@given(pair=windows(n_bins=10, dressed=False))
@settings(max_examples=20)
def test_population_stability_index_sees_shares_only(solution, pair):
    """population_stability_index is never negative, and does not depend on units, order or the length of actual

    Each term has two factors: which sign has the one where the other is negative? And a share does not grow with the
    sample.
    """
    expected, actual = pair.arguments
    call = f"{PSI}(expected, actual)"
    within(number(solution.population_stability_index(expected, actual), call) + 1e-9, 0, np.inf, call)
    assert_unchanged_by_scaling(solution.population_stability_index, expected, actual, call=call, **NEAR)
    changes = {
        "with both in reverse order": lambda e, a: (e[::-1], a[::-1]),
        "with actual twice": lambda e, a: (e, np.tile(a, 2)),
    }
    assert_unchanged_by(solution.population_stability_index, expected, actual, changes=changes, call=call, **NEAR)


@points(1)
def test_ks_statistic_by_hand(solution):
    """ks_statistic is the largest distance between the two distribution functions, in either direction

    F(x) is the share of values that are at most x. Draw both as stairs: where are they farthest apart?
    """
    for a, b, right in (
        ([1, 2, 3, 4], [1, 2, 3, 4], 0),
        ([1, 2, 3], [4, 5, 6], 1),
        ([4, 5, 6], [1, 2, 3], 1),
        ([1, 2, 3, 4], [3, 4, 5, 6], 1 / 2),
        ([1, 4, 5, 8], [2, 3, 6, 7], 1 / 4),
        ([3, 1, 4, 2], [6, 3, 5, 4], 1 / 2),
        ([0, 10], [4, 5, 6], 1 / 2),
        ([4, 5, 6], [0, 10], 1 / 2),
        ([5], [5], 0),
        ([5], [6], 1),
    ):
        ks_is(solution, a, b, right)


def ks_is(solution, a, b, right):
    """Compare a KS statistic with what was found by hand."""
    call = f"ks_statistic({a}, {b})"
    close(solution.ks_statistic(np.array(a, dtype=float), np.array(b, dtype=float)), right, call, **NEAR)


@points(2)
def test_ks_statistic_takes_ties_together(solution):
    """ks_statistic steps over all equal values at once, in both samples, before it looks at the distance

    In the middle of a run of equal values neither function has a value of its own. What is the distance of two samples
    that hold the same values?
    """
    for a, b, right in (
        ([1, 1, 1, 1], [1, 1, 1, 1], 0),
        ([2, 2], [2, 2, 2, 2, 2], 0),
        ([1, 1, 2], [1, 1, 2, 1, 1, 2], 0),
        ([1, 1, 1, 2], [1, 2, 2, 2], 1 / 2),
        ([1, 2, 2, 3], [2, 2, 2, 2], 1 / 4),
        ([0, 0, 1], [0, 1, 1, 1, 1], 7 / 15),
    ):
        ks_is(solution, a, b, right)
        ks_is(solution, b, a, right)


@points(1)
def test_ks_statistic_takes_samples_of_any_lengths(solution):
    """ks_statistic takes samples of different lengths: each value counts for 1 by the length of its own sample

    A long reference and a short window are the rule.
    """
    for a, b, right in (
        ([1, 2, 3, 4, 5, 6, 7, 8], [2.5], 3 / 4),
        ([1, 2, 3], [1.5, 2.5, 3.5, 4.5, 5.5], 3 / 5),
        (list(range(20)), [4.5, 9.5, 14.5, 19.5], 1 / 4),
        ([10, 20], list(range(9)), 1),
    ):
        ks_is(solution, a, b, right)
        ks_is(solution, b, a, right)


@points(2)
@given(pair=windows(dressed=False))
@settings(max_examples=40)
def test_ks_statistic_agrees_on_any_data(solution, pair):
    """ks_statistic is right for any two samples

    The counterexample says what is special about them.
    """
    assert_agrees(solution, answer, "ks_statistic", *pair.arguments, note=pair.edge, **NEAR)


@points(1)
@given(pair=windows(dressed=False))
@settings(max_examples=20)
def test_ks_statistic_sees_the_order_only(solution, pair):
    """ks_statistic is the same with a and b swapped, every sample twice, or all values replaced by their ranks

    Only who lies below whom counts, and in shares.
    """
    a, b = pair.arguments
    call = "ks_statistic(a, b)"
    swapped = {"with a and b swapped": lambda a, b: (b, a)}
    assert_unchanged_by(solution.ks_statistic, a, b, changes=swapped, call=call, **NEAR)
    assert_unchanged_by_duplication(solution.ks_statistic, a, b, call=call, **NEAR)

    def split(values):
        return solution.ks_statistic(values[: len(a)], values[len(a) :])

    assert_unchanged_by_increasing(split, np.concatenate([a, b]), what="the values", call=call, **NEAR)


@points(1)
def test_missing_shift_by_hand(solution):
    """missing_shift is the share of nan now minus the share before: negative where fewer are missing

    Of samples of different lengths counts cannot be compared, shares can.
    """
    nan = np.nan
    for expected, actual, right in (
        ([1, 2, 3, 4], [nan, 2], 1 / 2),
        ([1, nan, 3, 4], [5, 6], -1 / 4),
        ([nan, 1, nan, 2, 3, 4, 5, 6], [nan, 7], 1 / 4),
        ([nan, 1, 2], [3, nan, nan, nan, 4, 5], 1 / 6),
        ([1, 2], [1, 2, 3], 0),
    ):
        call = f"missing_shift({expected}, {actual})"
        close(solution.missing_shift(np.array(expected, dtype=float), np.array(actual, dtype=float)), right, call)


@points(1)
@given(pair=windows(missing=True, dressed=False))
@settings(max_examples=20)
def test_missing_shift_agrees_on_any_data(solution, pair):
    """missing_shift is right for any two samples

    The counterexample says where values are missing.
    """
    assert_agrees(solution, answer, "missing_shift", *pair.arguments, note=pair.edge, **NEAR)


@points(1)
def test_drift_report_by_hand(solution):
    """drift_report has the PSI, the KS statistic and the missing shift of every feature, each as an array

    The reference is what is expected, the window is what is seen. Each feature is judged by itself.
    """
    reference = np.column_stack(FEATURES[:3])
    window = np.array([[20.0, 0, 2], [30.0, 1, 2], [25.0, 0, np.nan], [40.0, 1, 2]])
    got = measures_of(solution.drift_report(reference, window), "drift_report(reference, window)")
    psi = [of_shares([1 / 10] * 10, [1e-4] * 9 + [1]), 0, of_shares([0.4, 0.3, 0.3], [1e-4, 1e-4, 1])]
    for name, right in (("psi", psi), ("ks", [1, 0, 0.7]), ("missing", [0, 0, 1 / 4])):
        close(got[name], right, f'"{name}" of drift_report(reference, window)', **NEAR)


@points(2)
@given(case=monitored())
@settings(max_examples=30)
def test_drift_report_agrees_on_any_data(solution, case):
    """drift_report is right for any number of features and rows

    The PSI has ten bins here, whatever the number of rows.
    """
    agrees_on_report(solution, case)


@points(2)
def test_rolling_alerts_once_in_a_run(solution):
    """rolling_alerts alerts once for a run of windows above the threshold, and again for the next run

    An alert for every window is switched off by whom it wakes; one that never comes again is no alert. What ends a run?
    """
    for shown, ends in (
        ((CALM, HIGH, HIGH, HIGH, CALM), [8]),
        ((HIGH, HIGH, CALM, HIGH, CALM, CALM, HIGH, HIGH), [4, 16, 28]),
        ((HIGH, CALM, HIGH, CALM, HIGH), [4, 12, 20]),
        ((CALM, CALM, CALM), []),
        ((HIGH, HIGH, HIGH, HIGH, HIGH, HIGH), [4]),
    ):
        now = rows("".join(shown))
        assert_alerts(solution, [(end, 0) for end in ends], TWO_VALUES, now, 4, 4, note=f"windows {' '.join(shown)}")


@points(2)
def test_rolling_alerts_takes_complete_windows_only(solution):
    """rolling_alerts judges windows of exactly `window` rows: the first ends there, and the last rows may be left over

    Six rows in windows of four: how many windows are there? None of them begins before the first row or ends behind the
    last one.
    """
    for shown, step, ends in (
        ("111", 4, []),
        ("1111", 4, [4]),
        ("0101 111", 4, []),
        ("0101 1111", 4, [8]),
        ("0101 0101 0", 1, []),
        ("1101 0101", 4, [4]),
        ("0101 0111 11", 2, [8]),
        ("11 0101", 2, [4]),
    ):
        assert_alerts(solution, [(end, 0) for end in ends], TWO_VALUES, rows(shown), 4, step, note=f"rows {shown}")


@points(1)
def test_rolling_alerts_steps_from_window_to_window(solution):
    """rolling_alerts goes on by step rows: windows overlap if it is shorter than they are, and leave rows out if longer

    Write down the ends for 12 rows, windows of 4 and steps of 1, 4, 6 and 7.
    """
    shown = "0101 1111 0101"
    for step, ends in ((1, [5]), (2, [6]), (3, [7]), (4, [8]), (5, [9]), (6, [10]), (7, []), (20, [])):
        assert_alerts(solution, [(end, 0) for end in ends], TWO_VALUES, rows(shown), 4, step, note=f"rows {shown}")
    # the drift lies between the windows
    assert_alerts(solution, [], TWO_VALUES, rows("0101 1111 0101 1111 01"), 4, 8)
    assert_alerts(solution, [(12, 0)], TWO_VALUES, rows("0101 0101 1111 1111 01"), 4, 8)


@points(2)
def test_rolling_alerts_waits_for_patience(solution):
    """rolling_alerts alerts at the patience-th window in a row above the threshold

    Windows in a row: one that is not above begins the count anew. And the windows after the alert are the same run.
    """
    for shown, patience, ends in (
        ((CALM, HIGH, HIGH, HIGH, CALM), 2, [12]),
        ((HIGH, HIGH, HIGH, HIGH, HIGH, HIGH), 2, [8]),
        ((HIGH, HIGH, HIGH, HIGH, HIGH, HIGH), 3, [12]),
        ((HIGH, CALM, HIGH, CALM, HIGH, HIGH), 2, [24]),
        ((HIGH, HIGH, CALM, HIGH, CALM, HIGH, HIGH), 2, [8, 28]),
        ((HIGH, HIGH, CALM, HIGH, HIGH, CALM, HIGH, HIGH, HIGH), 3, [36]),
        ((HIGH, HIGH, HIGH, CALM, HIGH, HIGH, HIGH), 3, [12, 28]),
        ((HIGH, HIGH, HIGH), 4, []),
    ):
        expected = [(end, 0) for end in ends]
        note = f"windows {' '.join(shown)}"
        assert_alerts(solution, expected, TWO_VALUES, rows("".join(shown)), 4, 4, note=note, patience=patience)


@points(2)
def test_rolling_alerts_keeps_features_apart(solution):
    """rolling_alerts counts for each feature by itself, and sorts by end, then by feature

    Two features may alert at the same end, and a later column may alert first. Whose run is it that you count?
    """
    reference = np.repeat(TWO_VALUES, 3, axis=1)
    for features, patience, expected in (
        ((CALM + HIGH + HIGH, HIGH + HIGH + CALM, CALM + CALM + HIGH), 1, [(4, 1), (8, 0), (12, 2)]),
        ((HIGH + CALM + HIGH, HIGH + HIGH + HIGH, HIGH + HIGH + CALM), 1, [(4, 0), (4, 1), (4, 2), (12, 0)]),
        ((HIGH + CALM + HIGH, CALM + HIGH + CALM, CALM + CALM + CALM), 2, []),
        ((CALM + HIGH + HIGH, CALM + CALM + CALM, HIGH + HIGH + HIGH), 2, [(8, 2), (12, 0)]),
    ):
        note = f"features {', '.join(features)}"
        assert_alerts(solution, expected, reference, rows(*features), 4, 4, note=note, patience=patience)


@points(1)
def test_rolling_alerts_compares_with_the_threshold(solution):
    """rolling_alerts takes PSI above the threshold, 0.2 unless another is given

    The threshold may be large, and it may be 0. Which windows are above 0, and which are not?
    """
    now = rows(MILD + HIGH + MILD)
    assert_alerts(solution, [(4, 0)], TWO_VALUES, now, 4, 4)
    assert_alerts(solution, [(8, 0)], TWO_VALUES, now, 4, 4, threshold=0.3)
    assert_alerts(solution, [], TWO_VALUES, now, 4, 4, threshold=5)
    slight = rows("01010111 01011110")  # five of eight: a PSI of 0.06
    assert_alerts(solution, [], TWO_VALUES, slight, 8, 8)
    assert_alerts(solution, [(8, 0)], TWO_VALUES, slight, 8, 8, threshold=0)
    # Shares of exactly one half make a PSI of exactly 0, by any formula.
    alike = rows(CALM + CALM + HIGH + CALM + HIGH)
    assert_alerts(solution, [(12, 0), (20, 0)], TWO_VALUES, alike, 4, 4, note="0101 is like the reference", threshold=0)
    assert_alerts(solution, [(16, 0)], TWO_VALUES, slight, 8, 8, threshold=0.05, patience=2)


@points(2)
def test_rolling_alerts_keeps_its_reference(solution):
    """rolling_alerts compares every window with the reference that was given, not with an earlier window

    Drift that creeps is small from each window to the next. And what has drifted and stays there is not calm again.
    """
    reference = np.arange(10.0)[:, None]
    creeping = np.concatenate([np.arange(10.0) + shift for shift in (0, 0, 1, 2, 3, 4, 5)])[:, None]
    note = "values that rise by 1 from window to window"
    for threshold, end in ((1, 40), (2, 50)):  # each window has a PSI of 0.76 against the one before it
        assert_alerts(solution, [(end, 0)], reference, creeping, 10, 10, note=note, threshold=threshold)
    assert_alerts(solution, [(4, 0)], TWO_VALUES, rows(HIGH * 3 + "0" * 8), 4, 4, note=f"rows {HIGH * 3 + '0' * 8}")


@points(2)
@given(case=monitored())
@settings(max_examples=40)
def test_rolling_alerts_agrees_on_any_data(solution, case):
    """rolling_alerts is right for any features, windows, steps, thresholds and patience

    The counterexample is small: write down the windows, the PSI of each, and who is above the threshold.
    """
    agrees_on_alerts(solution, case)


@points(1)
def test_time_weights_by_hand(solution):
    """time_weights is 1 for age 0 and halves with every half-life

    After one half-life a half, after two a quarter, and in between a curve without steps. The weights need not add up
    to anything.
    """
    for ages, half_life, right in (
        ([0, 30, 60], 30, [1, 1 / 2, 1 / 4]),
        ([7, 0, 14, 3.5], 7.0, [1 / 2, 1, 1 / 4, 0.5**0.5]),
        ([1, 2, 3], 0.5, [1 / 4, 1 / 16, 1 / 64]),
        ([10], 90, [0.5 ** (1 / 9)]),
    ):
        call = f"time_weights({ages}, {half_life})"
        close(solution.time_weights(np.array(ages, dtype=float), half_life), right, call, **NEAR)


@points(1)
def test_respond_by_hand(solution):
    """respond gives each of the six answers where it is due

    Go through the table from top to bottom, and stop at the first line that applies.
    """
    calm = [0.01, 0.05]
    response(solution, "fix_upstream", calm, changed=True)
    response(solution, "fix_upstream", calm, [0.0, 0.3])
    response(solution, "fallback", calm, drop=0.15)
    response(solution, "retrain", [0.01, 0.3], drop=0.05)
    response(solution, "investigate", [0.3, 0.01], [0.01, 0.0], drop=0.01)
    response(solution, "watch", [0.01, 0.15], drop=0.05)
    response(solution, "none", calm, [0.0, 0.01], drop=0.05)


@points(2)
def test_respond_takes_the_first_that_applies(solution):
    """respond takes the first line that applies: a broken pipeline before all else, a large fall before retraining

    Retraining on broken data learns the fault. Which question comes first?
    """
    for psi in ([0.9, 0.3], [0.0, 0.0], [0.15, 0.0]):
        for drop in (0.5, 0.05, 0.0):
            for changed, missing in ((True, [0.0, 0.0]), (False, [0.5, 0.0]), (True, [0.0, 0.5])):
                response(solution, "fix_upstream", psi, missing, changed=changed, drop=drop)
        response(solution, "fallback", psi, drop=0.5)
    response(solution, "retrain", [0.15, 0.25], drop=0.03)
    response(solution, "investigate", [0.15, 0.25])


@points(1)
def test_respond_looks_at_every_feature(solution):
    """respond asks whether any feature has drifted or lost values: one of many is enough, wherever it is

    A mean over fifty features hides the one that broke, and so does a look at the first.
    """
    for place in (0, 3, 7):
        one = (np.arange(8) == place) * 1.0
        response(solution, "retrain", 0.3 * one, 0 * one, drop=0.05)
        response(solution, "investigate", 0.3 * one, 0 * one)
        response(solution, "watch", 0.15 * one, 0 * one, drop=0.05)
        response(solution, "fix_upstream", 0 * one, 0.06 * one)
    response(solution, "none", np.full(8, 0.09), np.full(8, 0.04))
    response(solution, "watch", np.full(8, 0.19), np.full(8, -0.04), drop=0.05)
