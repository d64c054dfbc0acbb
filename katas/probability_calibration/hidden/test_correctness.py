import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_follows_order,
    assert_unchanged_by_duplication,
    assert_unchanged_by_order,
    close,
    number,
    numbers,
    pair,
    points,
    require,
)

from . import reference as answer
from .answers import CURVE, NEAR, is_isotonic_fit, is_minimal
from .problems import QUERIES, THRESHOLDS, VALUES, forecasts, hard_scores, large, logits, moved_scores, staircases


@points(1)
def test_platt_scale_has_the_right_sign(solution):
    """platt_scale gives a negative a where a higher score speaks for class 1, a positive one where for class 0

    p is 1 / (1 + exp(a·s + b)), with a plus in front of a. What must a be, so that p rises with s?
    """
    scores = np.array([-2.0, -1.0, 0.5, 1.0, 3.0])
    for y, sign in ((np.array([0, 0, 1, 1, 1]), -1), (np.array([1, 1, 0, 0, 0]), 1)):
        call = f"platt_scale({scores.tolist()}, {y.tolist()})"
        a, _ = pair(solution.platt_scale(scores, y), call, "a, b")
        a = number(a, f"a of {call}")
        require(a * sign > 0, f"a of {call} must be {'positive' if sign > 0 else 'negative'}, got {a:.6g}")


@points(2)
def test_platt_scale_by_hand(solution):
    """platt_scale fits to (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2), not to 1 and 0

    With two distinct scores the curve can go through the mean target of each: the answer can be had by hand. Which of
    the two counts belongs to which class?
    """
    ln2, ln3 = np.log(2), np.log(3)
    for scores, y, a, b in (
        ([-1.0, 1.0], [0, 1], -ln2, 0.0),
        ([0.0, 1.0], [0, 1], -2 * ln2, ln2),
        ([2.0, 1.0], [0, 1], 2 * ln2, -3 * ln2),
        ([1.0, 1.0, 1.0, 2.0], [0, 0, 1, 1], -ln3 - np.log(1.4), ln3 + 2 * np.log(1.4)),
        ([1.0, 0.0, 0.0, 0.0, 0.0], [1, 0, 0, 0, 0], -ln2 - np.log(5), np.log(5)),
    ):
        call = f"platt_scale({scores}, {y})"
        got = pair(solution.platt_scale(np.array(scores), np.array(y)), call, "a, b")
        for part, mine, right in zip("ab", got, (a, b), strict=True):
            close(mine, right, f"{part} of {call}", rtol=1e-4, atol=1e-4)


@points(2)
@given(problem=logits(dressed=False))
@settings(max_examples=40)
def test_platt_scale_reaches_the_minimum_on_any_data(solution, problem):
    """platt_scale gives the minimum of the mean cross-entropy, for any scores of two classes

    The line above says how steep it still is at your answer. Is the slope of your loss that of the targets you fit to?
    """
    is_minimal(solution, problem.y_score, problem.y_true)


@points(2)
def test_platt_scale_goes_all_the_way(solution):
    """platt_scale does not stop before the minimum, on separable data and where one class is rare

    A fixed number of short steps is enough for easy data only. Stop when the gradient says so; or take better steps:
    there are only two parameters, so the matrix of second derivatives is 2 by 2.
    """
    for note, scores, y in hard_scores():
        is_minimal(solution, scores, y, note)


@points(1)
def test_platt_scale_takes_scores_of_any_unit(solution):
    """platt_scale reaches the minimum also for scores far from 0, for tiny ones and for huge ones

    Standardise the scores first, fit, and translate the two numbers back. What becomes of the mean in b?
    """
    for note, scores, y in moved_scores():
        is_minimal(solution, scores, y, note)


@points(1)
def test_platt_scale_remembers_nothing(solution):
    """platt_scale gives the same answer after other data were fitted

    Every call starts afresh, from its own data.
    """
    (_, scores, y), *others = hard_scores()
    is_minimal(solution, scores, y, "called first")
    for _, other_scores, other_y in others[:3]:
        solution.platt_scale(other_scores, other_y)
    solution.platt_scale(*large(100))
    is_minimal(solution, scores, y, "called again after other data")


@points(1)
def test_isotonic_fit_pools_what_goes_down(solution):
    """isotonic_fit leaves what goes up as it is, and makes neighbours that go down equal to their mean

    A block has one value: the mean of everything in it.
    """
    x = np.array([1.0, 2.0, 3.0, 4.0])
    for y in (
        [1, 2, 3, 4],
        [1, 3, 2, 4],
        [1, 3.0001, 3, 4],
        [4, 3, 2, 1],
        [2, 1, 4, 3],
        [1, 1, 1, 1],
        [0, 1, 0, 1],
        [5, -1, -1, 5],
    ):
        is_isotonic_fit(solution, x, np.array(y, dtype=float))
    call = "isotonic_fit([1, 2, 3, 4], [1, 3, 2, 4])"
    thresholds, values = pair(solution.isotonic_fit(x, np.array([1.0, 3.0, 2.0, 4.0])), call, "thresholds, values")
    close(thresholds, x, f"thresholds of {call}", **NEAR)  # all x, or the ends of blocks: here they are the same
    close(values, [1, 2.5, 2.5, 4], f"values of {call}", **NEAR)


@points(2)
def test_isotonic_fit_goes_back(solution):
    """isotonic_fit goes back: a block that was pooled may now be lower than the one before it

    Take [2, 3, 1]: 3 and 1 become 2, which is not below 2. Then take [3, 4, 1]. When is a block really finished?
    """
    for y in ([3, 4, 1], [1, 2, 3, 4, -10], [4, 5, 6, 1, 2, 9], [2, 3, 3, 1], [1, 5, 4, 3, 8, 2], [0, 1, 1, 1, 0, 0]):
        is_isotonic_fit(solution, np.arange(float(len(y))), np.array(y, dtype=float))


@points(2)
def test_isotonic_fit_makes_one_point_of_equal_x(solution):
    """isotonic_fit gives samples of equal x one value: they are one point first, with the weight of all of them

    A function has one value at each x. Three samples at one x weigh three times as much as one when neighbours are
    pooled. Nearly equal is not equal.
    """
    for x, y in (
        ([1, 1, 2], [0, 1, 2]),
        ([1, 1, 2], [1, 0, 2]),
        ([1, 2, 2, 2, 3], [4, 0, 1, 2, 5]),
        ([1, 2, 2, 2, 3], [0, 9, 3, 6, 2]),
        ([2, 1, 2, 1], [0, 1, 2, 3]),
        ([5, 5, 5], [3, 1, 2]),
        ([1, 1 + 1e-9, 2], [0, 1, 2]),
        ([3, 3 - 1e-9, 3 + 1e-9], [1, 0, 2]),
        ([0.5, 0.5 + 1e-10, 1], [1, 3, 3]),
        ([1, np.nextafter(1, 2), 2], [0, 1, 2]),
    ):
        is_isotonic_fit(solution, np.array(x, dtype=float), np.array(y, dtype=float))


@points(2)
def test_isotonic_fit_weighs(solution):
    """isotonic_fit takes weighted means of equal x and of blocks, and a block weighs what is in it

    If two points are pooled and then a third: which weight has the block by then? Weights may be in any unit.
    """
    x = np.array([1.0, 2.0, 3.0, 4.0])
    for y, weight in (
        ([1, 3, 2, 4], [1, 1, 3, 1]),
        ([4, 3, 2, 1], [1, 2, 3, 4]),
        ([3, 4, 1, 9], [5, 1, 1, 1]),
        ([6, 5, 0, 3], [1, 10, 1, 1]),
    ):
        for unit in (1.0, 1e-9):
            is_isotonic_fit(solution, x, np.array(y, dtype=float), np.array(weight) * unit)
    ties = np.array([1.0, 1.0, 2.0, 2.0])
    is_isotonic_fit(solution, ties, np.array([0.0, 4.0, 1.0, 2.0]), np.array([1.0, 3.0, 1.0, 1.0]))
    is_isotonic_fit(solution, ties, np.array([0.0, 4.0, 5.0, 9.0]), np.array([1.0, 3.0, 1.0, 7.0]))


@points(2)
@given(data=staircases(weights="none", dressed=False))
@settings(max_examples=40)
def test_isotonic_fit_agrees_on_any_data(solution, data):
    """isotonic_fit is the best non-decreasing function for any points: in any order, with equal x, going up or down

    If small cases are right and this is not: is x sorted, and y along with it?
    """
    is_isotonic_fit(solution, *data.arguments)


@points(2)
@given(data=staircases(weights="positive", dressed=False))
@settings(max_examples=30)
def test_isotonic_fit_agrees_with_any_weights(solution, data):
    """isotonic_fit is the best non-decreasing function for any weights, also if one is a million times another

    If it is right without weights: are they sorted along with x, and summed where points are pooled?
    """
    is_isotonic_fit(solution, *data.arguments)


@points(1)
def test_isotonic_predict_by_hand(solution):
    """isotonic_predict goes straight from one threshold to the next, and is constant outside

    Between two thresholds: which share of the way has x gone? Below the first and above the last no line goes on.
    """
    for x, expected in (
        ([0.5, 4.0, -1.0], [0.25, 1.5, -2.0]),
        ([1.25, 3.25, 2.25, -0.25], [0.25, 1.25, 0.625, -0.875]),
        ([-1.5, -100.0, 4.5, 1000.0], [-2.0, -2.0, 1.5, 1.5]),
    ):
        call = f"isotonic_predict({THRESHOLDS.tolist()}, {VALUES.tolist()}, {x})"
        close(solution.isotonic_predict(THRESHOLDS, VALUES, np.array(x)), expected, call, **NEAR)


@points(1)
def test_isotonic_predict_answers_in_the_order_of_x(solution):
    """isotonic_predict gives an answer for each x, in the order of x

    x need not be sorted, and may be shorter or longer than the thresholds, or of the same length.
    """
    call = "isotonic_predict(thresholds, values, x)"
    for x in (QUERIES, QUERIES[:5], QUERIES[:1], np.append(QUERIES, QUERIES)):
        assert_follows_order(lambda x: solution.isotonic_predict(THRESHOLDS, VALUES, x), x, call=call, **NEAR)
        assert_agrees(solution, answer, "isotonic_predict", THRESHOLDS, VALUES, x, note=f"{len(x)} of x", **NEAR)


@points(2)
@given(steps=st.binary(min_size=1, max_size=8), where=st.binary(min_size=1, max_size=9))
@settings(max_examples=40)
def test_isotonic_predict_agrees_on_any_data(solution, steps, where):
    """isotonic_predict is right for any thresholds, on them, between them and outside

    Where is x a threshold itself? Where are two values equal? Is there a single threshold?
    """
    steps, where = (np.frombuffer(drawn, dtype=np.uint8).astype(int) for drawn in (steps, where))
    thresholds = np.cumsum(steps % 4 + 1) / 2 - 4
    values = np.cumsum(steps // 4 % 3) / 4
    x = np.where(where % 3 > 0, thresholds[where // 3 % len(thresholds)], where / 20 - 6)
    assert_agrees(solution, answer, "isotonic_predict", thresholds, values, x, **NEAR)


@points(1)
def test_reliability_curve_by_hand(solution):
    """reliability_curve gives mean probability, share of class 1 and number of samples for each bin

    Three arrays, the lowest bin first. A bin in which there is nothing has no entry.
    """
    y_true = np.array([0, 1, 0, 1, 1, 0, 1, 1])
    p = np.array([0.05, 0.07, 0.72, 0.32, 0.77, 0.38, 0.93, 0.34])
    agrees(solution, y_true, p, ([0.06, 1.04 / 3, 0.745, 0.93], [0.5, 2 / 3, 0.5, 1], [2, 3, 2, 1]))
    agrees(solution, y_true, p, ([1.16 / 5, 2.42 / 3], [3 / 5, 2 / 3], [5, 3]), 2)
    agrees(solution, y_true, p, ([3.58 / 8], [5 / 8], [8]), 1)


def agrees(solution, y_true, p, expected, *n_bins):
    """Compare a reliability curve with what was found by hand."""
    call = f"reliability_curve({', '.join(map(str, (y_true.tolist(), p.tolist(), *n_bins)))})"
    got = pair(solution.reliability_curve(y_true, p, *n_bins), call, CURVE)
    for part, mine, right in zip(CURVE.split(", "), got, expected, strict=True):
        close(mine, right, f"{part} of {call}", **NEAR)


@points(2)
def test_reliability_curve_has_0_and_1_in_its_bins(solution):
    """reliability_curve counts p = 0 in the first bin and p = 1 in the last

    No sample may be lost, and none gets a bin of its own. ⌊1 · n_bins⌋ is n_bins: is there a bin of that number?
    """
    y_true = np.array([0, 1, 0, 1])
    agrees(solution, y_true, np.array([0.0, 0.05, 0.95, 1.0]), ([0.025, 0.975], [0.5, 0.5], [2, 2]))
    agrees(solution, y_true, np.array([0.0, 0.0, 1.0, 1.0]), ([0, 1], [0.5, 0.5], [2, 2]))
    agrees(solution, y_true, np.array([1.0, 1.0, 1.0, 1.0]), ([1], [0.5], [4]), 5)
    agrees(solution, y_true, np.array([0.0, 0.0, 0.0, 0.0]), ([0], [0.5], [4]), 5)
    agrees(solution, y_true, np.array([0.0, 0.4, 0.6, 1.0]), ([0.5], [0.5], [4]), 1)


@points(2)
@given(forecast=forecasts(dressed=False))
@settings(max_examples=40)
def test_reliability_curve_agrees_on_any_data(solution, forecast):
    """reliability_curve is right for any probabilities and any number of bins, also more bins than samples

    The mean is that of the probabilities in the bin, which need not be its middle.
    """
    assert_agrees(solution, answer, "reliability_curve", *forecast.arguments, parts=CURVE, **NEAR)
    counts = pair(solution.reliability_curve(*forecast.arguments), "reliability_curve(y_true, p, n_bins)", CURVE)[2]
    close(numbers(counts, "count of reliability_curve(y_true, p, n_bins)").sum(), len(forecast.p), "the sum of count")


@points(1)
@given(forecast=forecasts(dressed=False))
@settings(max_examples=20)
def test_reliability_curve_does_not_see_the_order(solution, forecast):
    """reliability_curve does not depend on the order of the samples

    Which of your steps assumes that p is sorted?
    """
    assert_unchanged_by_order(
        lambda y, p: solution.reliability_curve(y, p, forecast.n_bins),
        forecast.y_true,
        forecast.p,
        call="reliability_curve(y_true, p, n_bins)",
        parts=CURVE,
        **NEAR,
    )


@points(1)
def test_expected_calibration_error_by_hand(solution):
    """expected_calibration_error is the mean gap between promise and outcome, each bin weighing as many as are in it

    A bin of a thousand samples says more than a bin of one. Gaps do not cancel: one is too high, one too low.
    """
    for y_true, p, n_bins, expected in (
        ([1, 0, 1, 1], [0.75, 0.75, 0.75, 0.75], 10, 0.0),
        ([1, 1, 0, 0], [0.9375, 0.9375, 0.0625, 0.0625], 2, 0.0625),
        ([0, 0, 0, 1], [0.25, 0.25, 0.25, 0.75], 2, 0.25),
        ([0, 0, 0, 0], [0.125, 0.25, 0.25, 0.75], 2, 1.375 / 4),
        ([1, 0], [0.25, 0.75], 2, 0.75),
        ([1, 0], [0.25, 0.75], 1, 0.0),
        ([1, 0], [1.0, 0.0], 10, 0.0),
        ([0, 1], [1.0, 0.0], 10, 1.0),
        ([1, 0], [0.33, 0.44], 2, 0.115),
        ([1, 0], [0.61, 0.92], 2, 0.265),
        ([0, 1], [0.62, 0.68], 20, 0.47),
        ([0, 1, 1], [0.12, 0.18, 0.84], 20, 1.1 / 3),
    ):
        call = f"expected_calibration_error({y_true}, {p}, {n_bins})"
        close(solution.expected_calibration_error(np.array(y_true), np.array(p), n_bins), expected, call, **NEAR)
    y_true, p = np.array([0, 1, 0]), np.array([0.22, 0.32, 0.38])
    call = "expected_calibration_error([0, 1, 0], [0.22, 0.32, 0.38])"
    close(solution.expected_calibration_error(y_true, p), (0.22 + 2 * 0.15) / 3, call, **NEAR)


@points(2)
@given(forecast=forecasts(dressed=False))
@settings(max_examples=40)
def test_expected_calibration_error_agrees_on_any_data(solution, forecast):
    """expected_calibration_error is right for any probabilities and any number of bins

    If reliability_curve is right, so are the gaps: what is each multiplied with? Shares of samples add up to 1.
    """
    assert_agrees(solution, answer, "expected_calibration_error", *forecast.arguments, **NEAR)


@points(1)
@given(forecast=forecasts(dressed=False))
@settings(max_examples=20)
def test_expected_calibration_error_is_a_mean(solution, forecast):
    """expected_calibration_error stays the same when every sample occurs twice, or in another order

    It is a mean over samples. Twice the samples make twice the counts, and the same shares.
    """
    arrays, call = (forecast.y_true, forecast.p), "expected_calibration_error(y_true, p, n_bins)"

    def error(y_true, p):
        return solution.expected_calibration_error(y_true, p, forecast.n_bins)

    assert_unchanged_by_duplication(error, *arrays, call=call, **NEAR)
    assert_unchanged_by_order(error, *arrays, call=call, **NEAR)


@points(1)
def test_brier_score_by_hand(solution):
    """brier_score is the mean squared difference of probability and outcome

    A certain and right forecast costs 0, a certain and wrong one 1, and one half costs a quarter whatever happens.
    """
    for y_true, p, expected in (
        ([1, 0], [1.0, 0.0], 0.0),
        ([1, 0], [0.0, 1.0], 1.0),
        ([1, 0, 0], [0.5, 0.5, 0.5], 0.25),
        ([1, 0, 0, 1], [0.75, 0.25, 0.5, 0.0], 1.375 / 4),
    ):
        call = f"brier_score({y_true}, {p})"
        close(solution.brier_score(np.array(y_true), np.array(p)), expected, call, **NEAR)


@points(1)
@given(forecast=forecasts(dressed=False))
@settings(max_examples=30)
def test_brier_score_agrees_on_any_data(solution, forecast):
    """brier_score is right for any probabilities

    A mean over samples, of squares: no root, no half, no bins.
    """
    assert_agrees(solution, answer, "brier_score", forecast.y_true, forecast.p, **NEAR)
