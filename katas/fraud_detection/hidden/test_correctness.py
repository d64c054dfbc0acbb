import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_share,
    assert_unchanged_by_duplication,
    assert_unchanged_by_increasing,
    assert_unchanged_by_order,
    binary_scores,
    close,
    points,
    require,
)

from . import reference as answer
from .answers import NEAR, assert_best, assert_between, assert_drawn, kept
from .problems import BETAS, COSTS, THRESHOLDS, large, minority, priced_scores, rare, rows


@points(1)
def test_weighted_bce_has_known_values(solution):
    """weighted_bce weighs the log-probability of the positives, and divides by n

    A positive costs -pos_weight ln p, a negative -ln(1 - p). Which of the two is rare? What is the loss of negatives
    alone, whatever the weight?
    """
    for y, p, pos_weight, expected in (
        ([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5], 1, np.log(2)),
        ([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5], 3, 6 / 4 * np.log(2)),
        ([1, 1, 0], [0.8, 0.4, 0.1], 5.0, -(5 * np.log(0.32) + np.log(0.9)) / 3),
        ([0, 0], [0.25, 0.5], 100, -np.log(0.375) / 2),
        ([1, 1], [0.25, 0.5], 100, -100 * np.log(0.125) / 2),
        ([1, 0], [0.25, 0.9], 0.5, -(0.5 * np.log(0.25) + np.log(0.1)) / 2),
    ):
        got = solution.weighted_bce(np.array(y), np.array(p), pos_weight)
        close(got, expected, f"weighted_bce({y}, {p}, {pos_weight})", rtol=1e-3)


@points(2)
@given(
    samples=st.lists(st.tuples(st.integers(0, 1), st.floats(0.001, 0.999)), min_size=1, max_size=8),
    pos_weight=st.sampled_from((2, 999, 0.25, 1.0, 20.5)),
)
@settings(max_examples=30)
def test_weighted_bce_agrees_on_any_data(solution, samples, pos_weight):
    """weighted_bce is right to 0.1 % for probabilities from 0.001 to 0.999 and any weight

    Whatever keeps ln 0 away must not be felt here. The weight may be below 1, too.
    """
    # Twice that is let pass: with ln(p + 1e-6) the loss of a positive at p = 0.999 is off by 0.1001 %.
    y = np.array([label for label, _ in samples])
    p = np.array([chance for _, chance in samples])
    call = f"weighted_bce({y.tolist()}, {p.tolist()}, {pos_weight})"
    close(solution.weighted_bce(y, p, pos_weight), answer.weighted_bce(y, p, pos_weight), call, rtol=2e-3, atol=0)


@points(1)
def test_weighted_bce_is_a_mean_over_samples(solution):
    """weighted_bce does not change when the samples are reordered or doubled

    It is a mean over samples: a sum, or one that counts each positive as many samples, is something else.
    """
    y, p = np.array([1, 0, 0, 1, 0]), np.array([0.75, 0.5, 0.125, 0.25, 0.875])
    call = "weighted_bce(y, p, 7)"
    for unchanged in (assert_unchanged_by_order, assert_unchanged_by_duplication):
        unchanged(lambda y, p: solution.weighted_bce(y, p, 7), y, p, call=call, **NEAR)


@points(1)
def test_balanced_pos_weight_has_known_values(solution):
    """balanced_pos_weight is the number of negatives divided by the number of positives

    With it, both classes together weigh the same in the loss. Is the rare class made heavier by it, or lighter?
    """
    for y, expected in (
        ([0, 0, 0, 1], 3.0),
        ([1, 1, 1, 0], 1 / 3),
        ([0, 1], 1.0),
        ([1, 0, 0, 1, 0, 0, 0], 2.5),
    ):
        close(solution.balanced_pos_weight(np.array(y)), expected, f"balanced_pos_weight({y})", **NEAR)


@points(1)
def test_balanced_pos_weight_counts_rare_positives(solution):
    """balanced_pos_weight is right for one positive in thousands

    Counts may be large, and the quotient need not be whole.
    """
    for n, positives in ((1000, 1), (2999, 2), (5000, 7), (1000, 999)):
        got = solution.balanced_pos_weight(rare(n, positives))
        close(got, (n - positives) / positives, f"balanced_pos_weight(y) with {positives} ones among {n}", **NEAR)


@points(1)
def test_average_precision_by_hand(solution):
    """average_precision adds up precision at each step, times how much recall rises there

    Lower the threshold score by score. Where a negative turns positive recall does not rise, so that the step counts
    for nothing; where a positive does, what is the precision by then?
    """
    y_true = np.array([1, 0, 1, 0])
    for y_score, expected in (
        ([4.0, 2.0, 3.0, 1.0], 1.0),
        ([4.0, 3.0, 2.0, 1.0], (1 + 2 / 3) / 2),
        ([3.0, 4.0, 1.0, 2.0], (1 / 2 + 2 / 4) / 2),
        ([1.0, 4.0, 2.0, 3.0], (1 / 3 + 2 / 4) / 2),
        ([-1.5, 0.25, 812.0, -40.0], (1 + 2 / 3) / 2),
    ):
        got = solution.average_precision(y_true, np.array(y_score))
        close(got, expected, f"average_precision([1, 0, 1, 0], {y_score})", **NEAR)


@points(2)
def test_average_precision_of_constant_scores_is_the_base_rate(solution):
    """average_precision of a model that gives everyone the same score is the share of positives

    One step from recall 0 to recall 1, all of it at the precision of predicting everyone. Trapezoids start from a
    precision of 1 that no threshold has, and make one half of nothing known.
    """
    for n, positives in ((4, 1), (5, 4), (10, 1), (1000, 1), (1000, 10)):
        y_true = rare(n, positives)
        for score in (0.5, 0.0, -3.0):
            call = f"average_precision(y_true, y_score) with {positives} ones among {n}, all scores {score}"
            close(solution.average_precision(y_true, np.full(n, score)), positives / n, call, **NEAR)


@points(2)
def test_average_precision_takes_ties_as_one_step(solution):
    """average_precision turns samples with equal scores positive together

    No threshold can separate them, whatever their order in the data. Where do runs of equal scores begin and end,
    also at the top and at the bottom?
    """
    for y_true in ([1, 0, 1, 0, 0, 1], [0, 1, 0, 1, 1, 0], [1, 1, 0, 0, 1, 0], [0, 0, 0, 1, 0, 0]):
        for y_score in ([0.5, 0.5, 0.5, 0.5, 0.25, 0.25], [0.25, 0.25, 0.75, 0.5, 0.5, 0.75], [4.0, 3, 3, 2, 1, 1]):
            assert_agrees(solution, answer, "average_precision", np.array(y_true), np.array(y_score), **NEAR)


@points(2)
@given(problem=binary_scores(both_classes=True, dressed=False))
@settings(max_examples=40)
def test_average_precision_agrees_on_any_data(solution, problem):
    """average_precision is right for any scores: logits, ties, sorted and unsorted, nearly equal

    Two scores are equal or they are not: nothing is rounded.
    """
    assert_agrees(solution, answer, "average_precision", *problem.arguments, **NEAR)


@points(1)
def test_average_precision_takes_every_step(solution):
    """average_precision is right for thousands of distinct scores

    Each of them is a step. A grid of thresholds, or every tenth, gives another area.
    """
    for n in (1000, 3000):
        y_true, y_score = large(n)
        for scores in (y_score, -3 * y_score):
            assert_agrees(solution, answer, "average_precision", y_true, scores, **NEAR)


@points(1)
@given(problem=binary_scores(both_classes=True, dressed=False))
@settings(max_examples=25)
def test_average_precision_sees_the_order_only(solution, problem):
    """average_precision does not change when scores keep their order, or the samples are reordered or doubled

    Only the order of the scores counts, and the order of the samples does not.
    """
    y_true, y_score = problem.arguments
    call = "average_precision(y_true, y_score)"
    assert_unchanged_by_order(solution.average_precision, y_true, y_score, call=call, **NEAR)
    assert_unchanged_by_duplication(solution.average_precision, y_true, y_score, call=call, **NEAR)
    assert_unchanged_by_increasing(
        lambda scores: solution.average_precision(y_true, scores), y_score, call=call, **NEAR
    )


@points(1)
def test_f_beta_by_hand(solution):
    """f_beta weighs recall beta squared times as much as precision

    At beta 1 it is F1. Of two models, one with high precision and one with high recall: which one wins at beta 2?
    """
    y_true, y_score = np.array([1, 1, 1, 1, 0, 0]), np.array([0.9, 0.7, 0.4, 0.2, 0.6, 0.1])
    for threshold, beta, expected in (
        (0.5, 1, 4 / 7),  # P = 2/3, R = 1/2
        (0.5, 2, 10 / 19),
        (0.5, 0.5, 2.5 / 4),
        (0.65, 2.0, 10 / 18),  # P = 1, R = 1/2
        (0.65, 0.5, 2.5 / 3),
        (0.05, 3, 40 / 42),  # P = 2/3, R = 1
        (0.05, 0.25, 4.25 / 6.25),
    ):
        got = solution.f_beta(y_true, y_score, threshold, beta)
        close(got, expected, f"f_beta({y_true.tolist()}, {y_score.tolist()}, {threshold}, {beta})", **NEAR)


@points(1)
def test_f_beta_includes_the_threshold(solution):
    """f_beta predicts positive for a score that equals the threshold

    "At least" is not "more than". And the threshold is an argument, which may lie anywhere.
    """
    y_true = np.array([1, 0, 1, 1])
    for threshold in (0.5, 0.0, 0.1, 0.3, 0.7, -3.0, 12.0):  # no binary fractions: rounding would move them
        y_score = np.array([threshold, threshold, threshold + 1, threshold - 1])
        call = f"f_beta([1, 0, 1, 1], {y_score.tolist()}, {threshold}, 2)"
        close(solution.f_beta(y_true, y_score, threshold, 2), 10 / 15, call, **NEAR)


@points(2)
@given(problem=binary_scores(thresholds=THRESHOLDS, both_classes=True, dressed=False), beta=st.sampled_from(BETAS))
@settings(max_examples=40)
def test_f_beta_agrees_on_any_data(solution, problem, beta):
    """f_beta is right for any scores, any threshold and any beta

    Scores need not be probabilities. On which side of the fraction does beta squared stand beside the 1?
    """
    y_true, y_score = problem.arguments
    assume(((y_true == 1) & (y_score >= problem.threshold)).any())  # without a hit it is an edge case
    assert_agrees(solution, answer, "f_beta", y_true, y_score, problem.threshold, beta, **NEAR)


@points(1)
def test_best_threshold_by_hand(solution):
    """best_threshold finds the threshold at which alarms and misses together cost least

    Write down both counts for every threshold. With a miss dear the threshold falls, with a false alarm dear it rises.
    """
    y_true, y_score = np.array([0, 1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.5, 0.4, 0.3, 0.1])
    for cost_fp, cost_fn in ((1, 1), (1, 5), (3, 1), (1, 1.5), (1, 100), (100, 1), (3, 200), (0.3, 0.1)):
        assert_best(solution, y_true, y_score, cost_fp, cost_fn)
    assert_best(solution, np.array([1, 1, 0, 0]), np.array([0.9, 0.6, 0.4, 0.2]), 1, 1)
    assert_best(solution, np.array([1, 1, 0, 1]), np.array([2.0, 12.0, -3.0, -40.0]), 10, 3)


@points(1)
def test_best_threshold_splits_no_ties(solution):
    """best_threshold counts samples with equal scores on one side

    A split of the sorted samples between two equal scores looks cheap, and no threshold can make it.
    """
    for y_true in ([1, 0, 1, 0, 0, 1], [0, 1, 0, 1, 1, 0], [1, 1, 0, 0, 1, 0], [0, 0, 0, 1, 1, 1]):
        for y_score in ([0.5, 0.5, 0.5, 0.5, 0.25, 0.25], [0.25, 0.25, 0.75, 0.5, 0.5, 0.75], [0.5] * 6):
            for costs in ((1, 1), (1, 3), (2.5, 1)):
                assert_best(solution, np.array(y_true), np.array(y_score), *costs)


@points(2)
@given(problem=priced_scores(both_classes=True, dressed=False), costs=st.sampled_from(COSTS))
@settings(max_examples=40)
def test_best_threshold_agrees_on_any_data(solution, problem, costs):
    """best_threshold gives the least cost and a threshold that has it, for any scores and costs

    Count once more, at the threshold that you return, with score >= threshold: is it the cost that you return?
    """
    assert_best(solution, *problem.arguments, *costs)


@points(1)
def test_best_threshold_searches_among_thousands(solution):
    """best_threshold finds the least cost among thousands of distinct scores

    It may lie at any of them. A grid of thresholds, or every tenth, misses it.
    """
    for n in (1000, 3000):
        for costs in ((1, 1), (1, 3), (2, 5.5)):
            assert_best(solution, *large(n), *costs, note=f"{n} distinct scores")


@points(1)
def test_undersample_keeps_every_positive_once(solution):
    """undersample returns all positives, the right number of negatives, and for each row its own label

    X and y must be reordered alike. Every row of X is there at most once.
    """
    for n, positives, ratio in ((12, 3, 2), (12, 3, 1), (9, 1, 5), (40, 4, 3), (300, 20, 10), (10, 4, 1)):
        y = rare(n, positives)
        for seed in (0, 1, 12345):
            kept(solution, rows(y, 3), y, ratio, seed)


@points(1)
def test_undersample_draws_each_negative_for_some_seed(solution):
    """undersample draws anew for another seed, and any negative may be drawn

    Does the seed reach the generator? The first and the last negative are negatives like any other.
    """
    y = np.array([0, 0, 1, 0])
    drawn = {int(which[y[which] == 0][0]) for which in (kept(solution, rows(y), y, 1, seed) for seed in range(60))}
    require(
        drawn == {0, 1, 3},
        f"undersample(X, [0, 0, 1, 0], 1, seed) with 60 seeds drew only the negatives {sorted(drawn)} of [0, 1, 3]",
    )


@points(2)
def test_undersample_draws_negatives_evenly(solution):
    """undersample draws every negative with the same chance, independently for each seed

    Data come sorted, by time for instance: the first negatives do not stand for all. A shuffle that is followed by a
    cut must shuffle before it.
    """
    y = rare(4100, 100)
    X, negatives, earlier = rows(y), np.flatnonzero(y == 0), None
    for seed in (0, 1, 2):
        which = kept(solution, X, y, 10, seed)
        place = np.searchsorted(negatives, which[y[which] == 0])
        for quarter in range(4):
            what = f"undersample(X, y, 10, {seed}) drew a negative from quarter {quarter + 1} of the 4000 negatives"
            assert_share(int(np.sum(place // 1000 == quarter)), 1000, 0.25, what)
        what = f"undersample(X, y, 10, {seed}) drew a negative that stands at an even place among the negatives"
        assert_share(int(np.sum(place % 2 == 0)), 1000, 0.5, what)
        if earlier is not None:
            what = f"undersample(X, y, 10, {seed}) drew a negative that the seed {seed - 1} drew, too,"
            assert_share(int(np.isin(place, earlier).sum()), 1000, 0.25, what)
        earlier = place


@points(1)
def test_corrected_probability_has_known_values(solution):
    """corrected_probability lowers what a model says that saw too few negatives

    With a hundredth of the negatives, even odds become odds of 1 to 100. Positives were all kept, so
    that the truth lies below what the model says.
    """
    for p, kept_fraction, expected in (
        ([0.5, 0.9], 0.01, [1 / 101, 9 / 109]),
        ([0.5, 0.25, 0.75], 0.5, [1 / 3, 1 / 7, 3 / 5]),
        ([0.2], 0.1, [1 / 41]),
        ([0.1, 0.5, 0.99], 1, [0.1, 0.5, 0.99]),
    ):
        got = solution.corrected_probability(np.array(p), kept_fraction)
        close(got, expected, f"corrected_probability({p}, {kept_fraction})", **NEAR)


@points(2)
@given(
    p=st.lists(st.floats(0.001, 0.999), min_size=1, max_size=6),
    kept_fraction=st.sampled_from((0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 1.0)),
)
@settings(max_examples=30)
def test_corrected_probability_multiplies_the_odds(solution, p, kept_fraction):
    """corrected_probability multiplies the odds p / (1 - p) by the fraction of negatives that was kept

    Which class was thinned out? A rule that only rescales p would leave 1 at less than 1.
    """
    p = np.array(p)
    odds = kept_fraction * p / (1 - p)
    call = f"corrected_probability({p.tolist()}, {kept_fraction})"
    close(solution.corrected_probability(p, kept_fraction), odds / (1 + odds), call, rtol=1e-6)


@points(1)
def test_corrected_probability_gives_back_what_counting_says(solution):
    """corrected_probability turns the rate among what was kept into the rate among all

    Of 10 positives and 990 negatives keep a tenth of the negatives. What does the model say then, what is the truth?
    """
    for positives, negatives, kept_fraction in ((10, 990, 0.1), (1, 1000, 0.002), (30, 60, 0.5), (7, 1, 1.0)):
        p = positives / (positives + kept_fraction * negatives)
        got = solution.corrected_probability(np.full(2, p), kept_fraction)
        expected = np.full(2, positives / (positives + negatives))
        close(got, expected, f"corrected_probability([{p:.6g}] * 2, {kept_fraction})", **NEAR)


@points(2)
def test_smote_lies_between_near_neighbours(solution):
    """smote puts each new point on a segment between a point and one of its k nearest

    One random number for a new point, not one for each coordinate: otherwise it lies in a box and not on a line. Is the
    distance Euclidean, and are the nearest the ones with the smallest of it?
    """
    for n, d, k in ((12, 2, 1), (12, 2, 3), (12, 3, 2), (20, 2, 5), (9, 4, 2)):
        assert_between(solution, minority(n, d, k), 80, k, 0)


@points(2)
def test_smote_takes_no_point_for_its_own_neighbour(solution):
    """smote makes points of its own: between, not upon the old ones

    Nobody is nearer to a point than the point itself, at distance 0. What do your new points look like at k = 1?
    """
    for n, k in ((12, 1), (12, 2), (20, 4)):
        assert_between(solution, minority(n, 2, k, seed=1), 100, k, 3)


@points(1)
def test_smote_makes_as_many_as_asked_for(solution):
    """smote makes n_new points, be they fewer or more than there are

    A point may be the start of several new ones.
    """
    for n_new in (1, 2, 5, 6, 7, 50):
        assert_between(solution, minority(6, 3, 2), n_new, 2, 1)


@points(1)
def test_smote_draws_anew_for_another_seed(solution):
    """smote makes other points with another seed

    Does the seed reach the generator?
    """
    X = minority(10, 2, 3)
    first, second = (assert_between(solution, X, 30, 3, seed) for seed in (0, 1))
    require(not np.array_equal(first, second), "smote(X, 30, 3, seed) returned the same points for seed 0 and seed 1")


@points(1)
def test_smote_leaves_out_no_point_and_no_neighbour(solution):
    """smote starts from any point, goes to any of its k nearest, and stops anywhere between

    Three draws for each new point: which point, which of its neighbours, and how far. Are they all drawn, and anew for
    each?
    """
    assert_drawn(solution, minority(8, 2, 3), 1000, 3, 0)
