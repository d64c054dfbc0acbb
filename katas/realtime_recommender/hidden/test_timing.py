import numpy as np

from pytest_mlkata.checks import Made, assert_fast, assert_growth, points

from .problems import busy_rules, large_shop


@points(1)
def test_top_candidates_is_fast(solution, reference):
    """top_candidates takes at most ten times as long as scoring a batch at once and sorting each row

    How often is the score of one user and one item computed?
    """
    rng = np.random.default_rng(0)
    args = rng.normal(size=(500, 64)), rng.normal(size=(700, 64)), 10, 16
    assert_fast(solution, reference, "top_candidates", args)


@points(2, function="Recommender")
def test_recommend_does_not_grow_with_the_catalogue(solution, reference):
    """recommend takes about as long with 200,000 items as with 20,000, if the user has 500 candidates

    What in your request touches every item: scores, a copy, a sort, a set of all that is left? Prepare it when the
    catalogue changes, or put it off until the pool has run dry.
    """

    def arguments(n):
        catalogue, (users, tastes, pools, now) = large_shop(n)
        model = Made("Recommender", *catalogue).then("refresh", users, tastes, pools, now)
        return model, 7, np.zeros(catalogue[0].shape[1]), 20, 10.0, *busy_rules(pools)

    # 10 ** 0.7 is 5
    assert_growth(solution, reference, "Recommender.recommend", arguments, sizes=(20_000, 200_000), excess=0.7)


@points(1, function="Recommender")
def test_recommend_is_fast(solution, reference):
    """recommend takes at most forty times as long as scoring the candidates at once, with 200,000 items

    A plain loop over 500 candidates is fast enough. What else is done for each of them, and how often is it done?
    """
    catalogue, refreshed = large_shop(200_000, d=16)
    model = Made("Recommender", *catalogue).then("refresh", *refreshed)
    args = model, 7, np.zeros(16), 20, 10.0, *busy_rules(refreshed[2])
    assert_fast(solution, reference, "Recommender.recommend", args, limit=40)
