from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_unchanged_by_duplication,
    assert_unchanged_by_order,
    close,
    every_array_dress,
    finite,
    numbers,
    points,
    raises,
    within,
)

from . import reference as answer
from .answers import EXACT, NEAR, SLOPES, agrees, flat, written
from .orders import is_smooth
from .problems import FEW_SIZES, IDENTITY, PENALTIES, SMALL, bad_samples, bad_shapes, forms, many_classes, networks

HUGE = (20.0, 40.0, 90.0, 710.0, 746.0, 1e3, 1e4)


@points(1)
def test_init_params_takes_any_widths(solution):
    """init_params takes two sizes as well as many, one unit, and any seed, large ones and 0 included

    Nothing but the sizes decides how many layers there are.
    """
    for sizes in ((3, 2), (1, 1, 1), (2, 1, 3, 1, 2, 4)):
        for seed in (0, 7, 2**31 - 1):
            call = f"init_params({list(sizes)}, {seed})"
            params = [(np.zeros(shape), np.zeros(shape[1])) for shape in pairwise(sizes)]
            finite(flat(solution.init_params(list(sizes), seed), call, params, "W, b"), call)


@points(1)
def test_forward_takes_input_of_any_form(solution):
    """forward takes single samples, features and classes and arrays of any form, and leaves them alone

    The line above says which form it was. Is an activation written over an array of the caller? With one of an axis,
    squeezing drops it.
    """
    for note, network in forms():
        agrees(solution, "forward", network, note=note)


@points(1)
@given(network=networks())
@settings(max_examples=30)
def test_forward_takes_any_network(solution, network):
    """forward is right for closed units, huge logits, single samples and arrays of any form

    The counterexample says what the arrays are.
    """
    agrees(solution, "forward", network)


@points(1)
def test_forward_refuses_shapes_that_do_not_chain(solution):
    """forward raises ValueError where X, W and b do not fit one another

    NumPy refuses most of it by itself. But one bias goes with any number of units, and many biases with one unit.
    """
    solution.forward(SMALL.params, SMALL.X)  # a refusal must not be a matter of the first call
    for what, network in bad_shapes():
        raises(ValueError, solution.forward, network.params, network.X, because=what)


@points(2)
def test_softmax_is_stable(solution):
    """softmax is right for logits up to ±1e4, in float64 and float32

    exp(710) is infinite, and of exp(-750) nothing is left, so that a row may add up to 0. What may be subtracted from
    a row without changing its softmax? Is what you subtract that row's own?
    """
    for dtype in (np.float64, np.float32):
        for size in HUGE:
            logits = np.array(
                [[size, size, -size], [-size, -size, -size], [-size, -size - 1, -size], [size, 0, 1], [0, 1, 2]],
                dtype=dtype,
            )
            call = f"softmax of {dtype.__name__} logits up to ±{size:g}"
            got = solution.softmax(logits)
            within(got, 0, 1 + 1e-6, call)
            close(got, answer.softmax(logits), call, inputs=(logits,), **NEAR)
            for i in range(5):
                call = f"softmax of the {dtype.__name__} row {logits[i].tolist()}"
                close(
                    solution.softmax(logits[i : i + 1]),
                    answer.softmax(logits[i : i + 1]),
                    call,
                    inputs=(logits,),
                    **NEAR,
                )


@points(1)
def test_softmax_takes_arrays_of_any_form(solution):
    """softmax takes one row, one class, float32, slices and read-only arrays, and leaves them as they are

    Is the maximum subtracted from logits itself, or the result written there?
    """
    logits = np.array([[-2.0, 1.0, 0.5], [3.0, -1.0, 0.0]])
    for how, dressed in every_array_dress(logits):
        call = f"softmax(logits), {how}"
        close(solution.softmax(dressed), answer.softmax(logits), call, inputs=(dressed,), **NEAR)
    for shape in ((1, 3), (3, 1), (1, 1), (4, 2), (2, 7), (3, 3)):
        some = np.linspace(-2, 3, int(np.prod(shape))).reshape(shape)
        close(solution.softmax(some), answer.softmax(some), f"softmax of logits of shape {shape}", **NEAR)


@points(2)
def test_loss_is_right_for_huge_logits(solution):
    """loss is right for every logit up to ±1e4

    The cost of a sample that is wrong by 800 is 800; its probability has been rounded to 0. So do not go through the
    probability: put the softmax into the logarithm and simplify on paper.
    """
    for size in HUGE:
        for row in (
            [size, 0.0, 1.0],
            [-size, 0.0, 1.0],
            [size, size, -size],
            [-size, -size, -size],
            [-size, 1.0, size],
        ):
            for label in range(3):
                top = max(row)
                right = top - row[label] + np.log(sum(np.exp(z - top) for z in row))
                call = f"loss of the logits {row} with the label {label}"
                close(solution.loss(IDENTITY, np.array([row]), np.array([label])), right, call, **EXACT)
    for size in (100.0, 200.0):
        X = np.array([[size, 0, -size], [-size, size, size], [0, 1, 2]], dtype=np.float32)
        params = [(np.eye(3, dtype=np.float32), np.zeros(3, dtype=np.float32))]
        call = f"loss of float32 logits up to ±{size:g}"
        y = np.array([2, 1, 0])
        close(solution.loss(params, X, y), answer.loss(params, X, y), call, inputs=(X,))


@points(1)
@given(network=networks(), l2=st.sampled_from(PENALTIES))
@settings(max_examples=40)
def test_loss_takes_any_network(solution, network, l2):
    """loss is right for huge logits, closed units, one sample, one class and arrays of any form

    The counterexample says what the arrays are.
    """
    agrees(solution, "loss", network, l2, tolerance=EXACT)


@points(1)
def test_loss_takes_input_of_any_form(solution):
    """loss takes one sample, one class, labels of any integer dtype and arrays of any form, and leaves them alone

    The line above says which form it was. Labels of 8 bits can count neither 300 samples nor 256 classes: what do you
    compute in their dtype?
    """
    for note, network in (*forms(), *many_classes()):
        agrees(solution, "loss", network, 0.5, note=note, tolerance=EXACT)


@points(1)
@given(network=networks(dressed=False))
@settings(max_examples=20)
def test_loss_is_a_mean_over_samples(solution, network):
    """loss does not change when samples are reordered or doubled

    It is a mean over samples, and the penalty does not know how many there are.
    """
    call = written("loss", network, kwargs={"l2": 0.5})
    given_arrays = (lambda X, y: solution.loss(network.params, X, y, 0.5), network.X, network.y)
    assert_unchanged_by_order(*given_arrays, call=call, **EXACT)
    assert_unchanged_by_duplication(*given_arrays, call=call, **EXACT)


@points(1)
def test_loss_refuses_bad_input(solution):
    """loss raises ValueError for shapes that do not fit, no samples and labels out of range

    The line above says what was wrong. A label of -1 counts from the end without a word, one label goes with any number
    of samples, one bias with any number of units, and the mean of nothing is only a warning.
    """
    solution.loss(SMALL.params, SMALL.X, SMALL.y)  # a refusal must not be a matter of the first call
    for what, network in (*bad_shapes(), *bad_samples()):
        raises(ValueError, solution.loss, network.params, network.X, network.y, because=what)


@points(1)
@given(network=networks(), l2=st.sampled_from(PENALTIES))
@settings(max_examples=40)
def test_gradients_takes_any_network(solution, network, l2):
    """gradients is right for huge logits, closed units, one sample, one class and arrays of any form

    The counterexample says what the arrays are. Through a closed ReLU nothing is passed down.
    """
    agrees(solution, "gradients", network, l2)


@points(1)
def test_gradients_takes_input_of_any_form(solution):
    """gradients takes one sample, one class, labels of any integer dtype and arrays of any form, and leaves them alone

    The line above says which form it was. Labels of 8 bits can count neither 300 samples nor 256 classes: what do you
    compute in their dtype?
    """
    for note, network in (*forms(), *many_classes()):
        agrees(solution, "gradients", network, 0.5, note=note)


@points(1)
@given(network=networks(dressed=False))
@settings(max_examples=20)
def test_gradients_is_a_mean_over_samples(solution, network):
    """gradients does not change when samples are reordered or doubled

    It is a mean over samples, as the loss is, and the penalty does not know how many there are.
    """

    def row(X, y):
        return flat(solution.gradients(network.params, X, y, 0.5), call, network.params, SLOPES)

    call = written("gradients", network, kwargs={"l2": 0.5})
    assert_unchanged_by_order(row, network.X, network.y, call=call, **NEAR)
    assert_unchanged_by_duplication(row, network.X, network.y, call=call, **NEAR)


@points(1)
def test_gradients_refuses_bad_input(solution):
    """gradients raises ValueError for shapes that do not fit, no samples and labels out of range

    The line above says what was wrong. A label of -1 counts from the end without a word, one label goes with any number
    of samples, one bias with any number of units, and the mean of nothing is only a warning.
    """
    solution.gradients(SMALL.params, SMALL.X, SMALL.y)  # a refusal must not be a matter of the first call
    for what, network in (*bad_shapes(), *bad_samples()):
        raises(ValueError, solution.gradients, network.params, network.X, network.y, because=what)


@points(1)
@given(
    network=networks(
        edges=("any samples", "one sample", "one label", "a unit closed", "a layer closed"), sizes=FEW_SIZES
    )
)
@settings(max_examples=30)
def test_train_takes_any_network(solution, network):
    """train is right for closed units, one sample, one label and arrays of any form, and leaves params as they are

    The counterexample says what the arrays are. A copy of a list still holds the same arrays.
    """
    assume(is_smooth(network, 0.1, 3, least=1e-2))
    agrees(solution, "train", network, 0.1, 3, len(network.y), 0)


@points(1)
def test_train_takes_input_of_any_form(solution):
    """train takes one sample, one class, labels of any integer dtype and arrays of any form, and leaves them alone

    The line above says which form it was. Are samples shuffled in the caller's arrays, or steps made in the caller's
    params? Copying a list does not copy what is in it.
    """
    for note, network in (*forms(), *many_classes()):
        agrees(solution, "train", network, 0.1, 2, len(network.y), 0, note=note)


@points(1)
def test_train_with_batches_leaves_its_arguments_alone(solution):
    """train with several batches leaves params, X and y as they are, and gives the same answer for the same seed

    Is something shuffled in place? Does the random order come from the seed, and from nothing else?
    """
    for batch_size in (1, 2, 3):
        call = written("train", SMALL, (0.1, 2, batch_size, 3))
        first = flat(solution.train(*SMALL.given("train"), 0.1, 2, batch_size, 3), call, SMALL.params, "W, b")
        solution.train(*SMALL.given("train"), 0.1, 1, 2, 4)
        again = flat(solution.train(*SMALL.given("train"), 0.1, 2, batch_size, 3), call, SMALL.params, "W, b")
        close(again, first, f"{call}, called again", **NEAR)


@points(1)
def test_train_refuses_bad_input(solution):
    """train raises ValueError for shapes that do not fit, no samples and labels out of range

    The line above says what was wrong. A label of -1 counts from the end without a word, and where there are no samples
    there is no batch that could complain. Look at the data once, before the first epoch.
    """
    solution.train(*SMALL.given("train"), 0.1, 1, 2, 0)  # a refusal must not be a matter of the first call
    for what, network in (*bad_shapes(), *bad_samples()):
        for batch_size in (2, 100):
            raises(ValueError, solution.train, *network.given("train"), 0.1, 1, batch_size, 0, because=what)


@points(1)
def test_train_refuses_a_batch_size_below_1(solution):
    """train raises ValueError for a batch_size of 0 or below

    A range with a negative step is empty: no batch, no step and no complaint.
    """
    solution.train(*SMALL.given("train"), 0.1, 1, 1, 0)
    for batch_size in (0, -1, -5):
        raises(
            ValueError, solution.train, *SMALL.given("train"), 0.1, 1, batch_size, 0, because=f"batch_size={batch_size}"
        )


@points(1)
def test_predict_takes_input_of_any_form(solution):
    """predict takes single samples, features and classes and arrays of any form, and leaves them alone

    The line above says which form it was. There is one label for each row, also if there is one row.
    """
    for note, network in (*forms(), *many_classes()):
        top = np.sort(answer.forward(network.params, network.X), axis=1)[:, -2:]
        if np.ptp(top, axis=1).min() > 1e-3 or len(network.params[-1][1]) == 1:
            agrees(solution, "predict", network, note=note)


@points(1)
@given(network=networks())
@settings(max_examples=30)
def test_predict_takes_any_network(solution, network):
    """predict is right for closed units, huge logits, single samples and arrays of any form

    Probabilities of huge logits may be rounded to 0 and 1; the logits themselves still tell which is largest.
    """
    logits = np.sort(numbers(answer.forward(network.params, network.X), "logits"), axis=1)
    assume(logits.shape[1] == 1 or np.diff(logits, axis=1)[:, -1].min() > 1e-3)
    agrees(solution, "predict", network)


@points(1)
def test_predict_compares_any_logits(solution):
    """predict is right where all exponentials of the logits are infinite or 0, and for hundreds of classes

    The logits themselves tell which is largest. And how many classes can 8 bits number?
    """
    logits = [[800, 900, 1000], [-1000, -900, -800], [9e3, 1e4, -1e4], [1e4 - 1, 0, 1e4], [-1e4, -9999, -1e4]]
    for row, label in zip(logits, [2, 2, 1, 2, 1], strict=True):
        got = solution.predict(IDENTITY, np.array([row], dtype=float))
        close(got, [label], f"predict of the logits {row}", rtol=0, atol=0)
    labels = [299, 128, 255, 256, 127, 0]
    got = solution.predict([(np.eye(300), np.zeros(300))], np.eye(300)[labels])
    close(got, labels, "predict of 300 classes, W the unit matrix, b = 0", rtol=0, atol=0)


@points(1)
def test_predict_refuses_shapes_that_do_not_chain(solution):
    """predict raises ValueError where X, W and b do not fit one another

    NumPy refuses most of it by itself. But one bias goes with any number of units, and many biases with one unit.
    """
    solution.predict(SMALL.params, SMALL.X)  # a refusal must not be a matter of the first call
    for what, network in bad_shapes():
        raises(ValueError, solution.predict, network.params, network.X, because=what)
