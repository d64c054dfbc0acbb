import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_derivative,
    binary_problems,
    close,
    has_shape,
    number,
    numbers,
    pair,
    points,
)

from . import reference as answer
from .problems import PENALTIES, SMALL, WHOLE, sorted_by_class

PLAIN = {"huge": False, "dressed": False}
NEAR = {"rtol": 1e-6, "atol": 1e-6}


@points(1)
def test_sigmoid_keeps_the_shape(solution):
    """sigmoid returns the shape it was given

    A single number, a row and a stack of tables are all legal. Which of your steps needs a certain number of axes?
    """
    for z in (0.5, 0, 2):
        assert_agrees(solution, answer, "sigmoid", z, **NEAR)
    for shape in ((), (1,), (3,), (2, 3), (3, 1), (2, 1, 2)):
        z = np.linspace(-2, 2, int(np.prod(shape))).reshape(shape)
        assert_agrees(solution, answer, "sigmoid", z, note=f"z of shape {shape}", **NEAR)


@points(1)
def test_sigmoid_has_known_values(solution):
    """sigmoid has the right value at points known by hand

    It is one half at 0, odds of 3 to 1 at ln 3, and rises from 0 to 1. What is added to keep a denominator away from
    zero, which here never gets there, spoils the symmetry.
    """
    z = np.array([0.0, np.log(3), -np.log(3), np.log(9), 20.0, -20.0])
    call = "sigmoid([0, ln 3, -ln 3, ln 9, 20, -20])"
    got = numbers(solution.sigmoid(z), call, z.shape)
    close(got, [0.5, 0.75, 0.25, 0.9, 1.0, 0.0], call, **NEAR)
    mirrored = numbers(solution.sigmoid(-z), "sigmoid(-z)", z.shape)
    close(got + mirrored, np.ones(6), f"{call} + sigmoid of the negatives", rtol=0, atol=1e-12)


@points(1)
def test_predict_proba_is_the_sigmoid_of_the_logits(solution):
    """predict_proba gives one probability a row: the sigmoid of Xw + b

    Write down the shape of every intermediate. The intercept belongs to each row.
    """
    got = solution.predict_proba(np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([0.5, -0.25]), 0.1)
    close(got, [0.5249791874789399, 0.8641271021200838], "predict_proba([[1, 2], [3, -1]], [0.5, -0.25], 0.1)", **NEAR)


@points(1)
def test_bce_loss_has_known_values(solution):
    """bce_loss is the mean of minus the log-probability of what happened

    A sample of class 1 costs -ln p, one of class 0 costs -ln(1 - p). Natural logarithms; a mean, not a sum.
    """
    half = np.full(4, 0.5)
    close(
        number(solution.bce_loss(np.array([0, 1, 1, 0]), half), "bce_loss([0, 1, 1, 0], [0.5, …])"),
        np.log(2),
        "bce_loss of p = 0.5 everywhere",
        rtol=1e-3,
    )
    got = solution.bce_loss(np.array([1, 0, 1]), np.array([0.9, 0.2, 0.6]))
    close(got, -np.log(0.9 * 0.8 * 0.6) / 3, "bce_loss([1, 0, 1], [0.9, 0.2, 0.6])", rtol=1e-3)


@points(1)
@given(samples=st.lists(st.tuples(st.integers(0, 1), st.floats(0.001, 0.999)), min_size=1, max_size=8))
@settings(max_examples=30)
def test_bce_loss_agrees_on_any_data(solution, samples):
    """bce_loss is right to 0.1 % for probabilities from 0.001 to 0.999

    Whatever keeps ln 0 away must not be felt here.
    """
    y = np.array([label for label, _ in samples])
    p = np.array([chance for _, chance in samples])
    close(solution.bce_loss(y, p), answer.bce_loss(y, p), f"bce_loss({y.tolist()}, {p.tolist()})", rtol=1e-3, atol=0)


@points(1)
def test_loss_of_zero_weights_is_ln_2(solution):
    """loss is ln 2 for weights of zero, and the mean cross-entropy for others

    With zeros every probability is one half. The value does not depend on how many samples there are.
    """
    close(solution.loss(SMALL.X, SMALL.y, np.zeros(2), 0.0), np.log(2), "loss(X, y, zeros, 0)")
    expected = (np.log1p(np.exp(-0.25)) + np.log1p(np.exp(2.0)) + np.log1p(np.exp(0.875))) / 3
    close(solution.loss(SMALL.X, SMALL.y, SMALL.w, 0.25), expected, "loss(X, y, [0.5, -0.25], 0.25)")


@points(1)
def test_loss_penalises_the_weights_only(solution):
    """loss adds l2 / 2 times the sum of squared weights, and nothing for the intercept

    The penalty is half of l2, is not averaged over samples, and does not see b.
    """
    plain = number(solution.loss(SMALL.X, SMALL.y, SMALL.w, 3.0), "loss(X, y, w, 3)")
    close(
        solution.loss(SMALL.X, SMALL.y, SMALL.w, 3, l2=4.0),
        plain + 2 * (0.25 + 0.0625),
        "loss(X, y, [0.5, -0.25], 3, l2=4)",
        rtol=1e-6,
    )


@points(2)
@given(problem=binary_problems(**PLAIN), l2=st.sampled_from(PENALTIES))
@settings(max_examples=40)
def test_loss_agrees_on_any_data(solution, problem, l2):
    """loss agrees with the definition on generated data

    If small cases are right and this is not, look at shapes: does (n,) meet (n, 1) anywhere?
    """
    assert_agrees(solution, answer, "loss", problem.X, problem.y, problem.w, problem.b, l2=l2, rtol=1e-6)


@points(1)
def test_gradient_has_known_values(solution):
    """gradient returns the pair (dw, db), right for weights of zero

    With zeros p - y is one half for class 0 and minus one half for class 1: both parts can be had by hand. They are
    means over samples, like the loss. dw has a number per feature, db is one number.
    """
    call = "gradient([[1, 2], [3, -1], [-2, 0.5]], [1, 0, 1], zeros, 0)"
    dw, db = pair(solution.gradient(SMALL.X, SMALL.y, np.zeros(2), 0.0), call, "dw, db")
    close(dw, [2.0 / 3, -1.75 / 3], f"dw of {call}")
    close(db, -0.5 / 3, f"db of {call}")


@points(1)
def test_gradient_of_the_penalty(solution):
    """gradient adds l2 times w for the penalty, and nothing for the intercept

    Differentiate l2 / 2 times the sum of w squared: which sign, which factor, and does n appear?
    """
    dw, db = pair(solution.gradient(SMALL.X, SMALL.y, SMALL.w, 3.0), "gradient(X, y, w, 3)", "dw, db")
    call = "gradient(X, y, [0.5, -0.25], 3, l2=4)"
    penalised_dw, penalised_db = pair(solution.gradient(SMALL.X, SMALL.y, SMALL.w, 3, l2=4.0), call, "dw, db")
    has_shape(dw, (2,), "dw of gradient(X, y, w, 3)")
    close(penalised_dw, np.asarray(dw) + 4 * SMALL.w, f"dw of {call}")
    close(penalised_db, number(db, "db of gradient(X, y, w, 3)"), f"db of {call}")


@points(2)
@given(problem=binary_problems(**PLAIN), l2=st.sampled_from(PENALTIES))
@settings(max_examples=30)
def test_gradient_is_the_derivative_of_the_loss(solution, problem, l2):
    """gradient agrees with finite differences of the loss

    Write the loss of one sample, differentiate by the logit, then use the chain rule; average at the end.
    """
    X, y, w, b = problem.X, problem.y, problem.w, problem.b
    call = f"gradient(X, y, w, b, l2={l2})"
    dw, db = pair(solution.gradient(X, y, w, b, l2), call, "dw, db")
    assert_derivative(dw, lambda v: answer.loss(X, y, v, b, l2), w, f"dw of {call}")
    assert_derivative(db, lambda c: answer.loss(X, y, w, float(c), l2), b, f"db of {call}")


@points(1)
def test_fit_makes_the_first_steps_right(solution):
    """fit starts at zeros and steps against the gradient, as often as it is told

    If gradient is not right yet, start there. One step from zero is minus lr times the gradient there; in every further
    step w and b must both come from the gradient at the point where the step starts.
    """
    steps = {
        1: ([-0.05, 0.075], 0.0),
        2: ([-0.0928468758, 0.1447013867], 0.0015517352),
        3: ([-0.1297320067, 0.2095704482], 0.0042778395),
    }
    for n_iter, (expected_w, expected_b) in steps.items():
        call = f"fit([[1, 2], [3, -1]], [1, 0], 0.1, {n_iter})"
        got = solution.fit(np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1, 0]), 0.1, n_iter)
        w, b = pair(got, call, "w, b")
        close(w, expected_w, f"w of {call}", **NEAR)
        close(b, expected_b, f"b of {call}", **NEAR)


@points(2)
@given(
    problem=binary_problems(**PLAIN),
    lr=st.sampled_from([0.01, 0.1, 0.3]),
    n_iter=st.integers(1, 12),
    l2=st.sampled_from(PENALTIES),
)
@settings(max_examples=30)
def test_fit_follows_the_path_on_any_data(solution, problem, lr, n_iter, l2):
    """fit follows the path of gradient descent on generated data, with and without a penalty

    If gradient is not right yet, start there. If one step is right and several are not: what is updated before it is
    used? Is lr or l2 forgotten somewhere?
    """
    assert_agrees(solution, answer, "fit", problem.X, problem.y, parts="w, b", lr=lr, n_iter=n_iter, l2=l2, **NEAR)


@points(1)
def test_fit_makes_plain_steps_on_all_samples(solution):
    """fit makes plain steps on all samples, however many, however long the step, whether or not the loss falls

    No batches, no clipping of long gradients, no best weights so far: the answer is the point of the last step.
    """
    wide = np.array([[60.0, -20.0], [-40.0, 30.0], [50.0, 10.0]])
    for note, X, y, lr in (
        ("20000 samples sorted by class", *sorted_by_class(20_000), 0.1),
        ("features up to 60", wide, SMALL.y, 0.001),
        ("a step so long that the loss rises", WHOLE.X, WHOLE.y, 8.0),
    ):
        assert_agrees(solution, answer, "fit", X, y, lr, 4, parts="w, b", note=note, **NEAR)
    # One step only: a second would enlarge the rounding error of any solution.
    X, y, note = (
        np.array([[10000.1, -9999.9], [9999.9, -10000.1]]),
        np.array([1, 0]),
        "large columns that nearly cancel",
    )
    assert_agrees(solution, answer, "fit", X, y, 1.0, 1, parts="w, b", note=note, **NEAR)


@points(1)
def test_fit_goes_all_the_way(solution):
    """fit makes 1000 steps of 0.1 without a penalty unless told otherwise, and never stops early

    However little a step changes, the next is made.
    """
    line, sides = np.array([[1.0], [2.0], [-1.0], [-2.0]]), np.array([1, 1, 0, 0])
    for note, X, y in (
        ("whole numbers", WHOLE.X, WHOLE.y),
        ("separable, so that w grows to the end", line, sides),
        ("X as small as 1e-5", line * 1e-5, sides),
    ):
        assert_agrees(solution, answer, "fit", X, y, parts="w, b", note=note, **NEAR)
    assert_agrees(solution, answer, "fit", line, sides, parts="w, b", n_iter=1500, **NEAR)


@points(1)
def test_fit_remembers_nothing(solution):
    """fit gives the same answer when it is called again

    Every call starts afresh: nothing may be left over from the data seen before.
    """
    first = pair(solution.fit(SMALL.X, SMALL.y, 0.1, 5), "fit(X, y, 0.1, 5)", "w, b")
    solution.fit(WHOLE.X, WHOLE.y, 0.3, 7)
    call = "fit(X, y, 0.1, 5), called again after other data"
    again = pair(solution.fit(SMALL.X, SMALL.y, 0.1, 5), call, "w, b")
    for part, before, after in zip(("w", "b"), first, again, strict=True):
        close(after, numbers(before, f"{part} of fit(X, y, 0.1, 5)"), f"{part} of {call}", **NEAR)
