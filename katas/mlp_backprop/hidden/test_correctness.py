import itertools

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_derivative,
    assert_follows_order,
    assert_gaussian,
    assert_share,
    close,
    has_shape,
    number,
    numbers,
    points,
    require,
)

from . import reference as answer
from .answers import EXACT, NEAR, SLOPES, WEIGHTS, agrees, flat, pairs, same_layers, written
from .orders import is_smooth, left_of_blocks, orders_of_two_epochs, outcomes, steps_of_samples, times_alone
from .problems import EXAMPLE, FEW_SIZES, IDENTITY, PENALTIES, PLAIN_EDGES, SMALL, Network, networks

PLAIN = {"edges": PLAIN_EDGES, "dressed": False}
WIDE = (60, 80, 80, 25, 80, 3)
"""Two layers of one shape, layers with more and with fewer inputs than outputs."""


def drawn(solution, sizes, seed):
    """The calls and pairs of init_params."""
    call = f"init_params({list(sizes)}, {seed})"
    return pairs(solution.init_params(list(sizes), seed), call, len(sizes) - 1, WEIGHTS)


@points(1)
def test_init_params_has_the_shapes(solution):
    """init_params gives a pair (W, b) for each layer: W (d_in, d_out), b (d_out,)

    Of three sizes come two layers, of two sizes one. The first layer has a row for each feature, the last a column for
    each class.
    """
    for sizes in ((4, 5, 3), (2, 3), (1, 1), (3, 1, 2, 6, 2)):
        for (label, (W, b)), d_in, d_out in zip(drawn(solution, sizes, 0), sizes[:-1], sizes[1:], strict=True):
            has_shape(W, (d_in, d_out), f"W of {label}")
            has_shape(b, (d_out,), f"b of {label}")


@points(1)
def test_init_params_starts_biases_at_zero(solution):
    """init_params starts all biases at zero

    The weights break the symmetry between units; the biases need not.
    """
    for sizes in ((4, 5, 3), (2, 3)):
        for (label, (_, b)), d_out in zip(drawn(solution, sizes, 1), sizes[1:], strict=True):
            close(b, np.zeros(d_out), f"b of {label}")


@points(2)
def test_init_params_draws_weights_as_he_did(solution):
    """init_params draws each W from a normal distribution of variance 2 / d_in

    The variance or the standard deviation? The units that go in or those that come out? Is the last layer drawn as the
    others are? And normal, not uniform.
    """
    for sizes in (WIDE, (1, 3000), (500, 80), (40, 5, 40), (30, 40, 50)):
        for (label, (W, _)), *shape in zip(drawn(solution, sizes, 2), sizes[:-1], sizes[1:], strict=True):
            drawn_numbers = numbers(W, f"W of {label}", tuple(shape))
            if drawn_numbers.size >= 1000:
                assert_gaussian(drawn_numbers, np.sqrt(2 / shape[0]), f"W of {label}")
            # Distinct ones: no row or column is there twice.
            require(
                len(np.unique(drawn_numbers)) > 0.9 * drawn_numbers.size,
                f"W of {label}: of {drawn_numbers.size} numbers only {len(np.unique(drawn_numbers))} differ; each "
                "should be drawn by itself",
            )


@points(1)
def test_init_params_draws_every_layer_anew(solution):
    """init_params draws every layer anew, and for another seed otherwise

    Two layers of one shape must not be equal, nor one the other in other units. What does a generator give that is
    started twice with the same seed?
    """
    rows = [
        (seed, i, f"W of {label}", row - row.mean())
        for seed in (3, 1003)
        for i, (label, (W, _)) in enumerate(drawn(solution, WIDE, seed))
        for drawn_numbers in [numbers(W, f"W of {label}")]
        if drawn_numbers.size >= 1000
        for row in (drawn_numbers.ravel(), drawn_numbers.T.ravel())
    ]
    for (seed, i, label, mine), (another, j, other, its) in itertools.combinations(rows, 2):
        if (seed == another) == (i == j):  # layers of one seed, or one layer of two seeds: seed + i for layer i will do
            continue
        n = min(len(mine), len(its))
        alike = mine[:n] @ its[:n] / np.sqrt((mine[:n] @ mine[:n]) * (its[:n] @ its[:n]))
        # Of 1000 independent pairs, chance reaches 0.5 with a probability below exp(-100).
        require(
            abs(alike) < 0.5,
            f"{other} repeats {label}, perhaps in other units (correlation {alike:.2f}); each should be drawn anew",
        )


@points(1)
def test_forward_has_known_values(solution):
    """forward passes each layer on through a ReLU, and gives the last one out as it is

    With one layer there is no ReLU at all: logits may be negative. With two, what is negative in between does not
    arrive.
    """
    X = np.array([[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]])
    close(solution.forward(IDENTITY, X), X, "forward of one layer, W the unit matrix, b = 0", **NEAR)
    close(
        solution.forward(IDENTITY * 2, X),
        [[1, 0, 3], [0, 5, 0]],
        "forward of two layers, W unit matrices, b = 0",
        **NEAR,
    )
    got = solution.forward(EXAMPLE.params, EXAMPLE.X)
    close(got, [[3.85, 1.5], [1.6, -1.5]], "forward(params, X) of the example in the spec", **NEAR)
    for bias in (-7.0, 7.0):
        params = [(np.eye(3), np.full(3, bias)), (-np.eye(3), np.arange(3.0))]
        call = f"forward of two layers, W the unit matrix and minus it, b = {bias:g} and [0, 1, 2]"
        close(solution.forward(params, X), -np.maximum(X + bias, 0) + np.arange(3.0), call, **NEAR)


@points(2)
@given(network=networks(**PLAIN))
@settings(max_examples=30)
def test_forward_agrees_on_any_network(solution, network):
    """forward agrees with the definition on generated networks of one to four layers

    Is every W and every b used once? Does each bias belong to a column?
    """
    agrees(solution, "forward", network)


@points(1)
def test_softmax_has_known_values(solution):
    """softmax gives each row its probabilities

    Equal logits share equally, ln 3 beside 0 makes 3 to 1. What is summed, a row or a column?
    """
    logits = np.array([[0.0, 0.0, 0.0], [np.log(2), 0.0, 0.0], [0.0, np.log(3), np.log(4)]])
    right = [[1 / 3, 1 / 3, 1 / 3], [0.5, 0.25, 0.25], [0.125, 0.375, 0.5]]
    close(solution.softmax(logits), right, "softmax([[0, 0, 0], [ln 2, 0, 0], [0, ln 3, ln 4]])", **NEAR)
    close(
        solution.softmax(logits[:, :2]), [[1 / 2, 1 / 2], [2 / 3, 1 / 3], [1 / 4, 3 / 4]], "softmax, 2 classes", **NEAR
    )


@points(1)
@given(
    rows=st.lists(st.lists(st.floats(-50, 50), min_size=3, max_size=3), min_size=1, max_size=5),
    shift=st.sampled_from([-30.0, 1.0, 500.0]),
)
@settings(max_examples=30)
def test_softmax_agrees_on_any_logits(solution, rows, shift):
    """softmax is right row by row, and a number added to a row changes nothing

    Every row stands for itself, and adds up to 1.
    """
    logits = np.array(rows)
    got = numbers(solution.softmax(logits), "softmax(logits)", logits.shape)
    close(got, answer.softmax(logits), "softmax(logits)", **NEAR)
    close(got.sum(axis=1), np.ones(len(rows)), "the sum of each row of softmax(logits)", rtol=0, atol=1e-9)
    assert_follows_order(solution.softmax, logits, call="softmax(logits)", **NEAR)
    moved = logits + shift * np.arange(len(rows))[:, None]
    close(solution.softmax(moved), got, "softmax of logits with another number added to each row", **NEAR)


@points(1)
def test_loss_of_equal_logits_is_known(solution):
    """loss is ln C where all logits are equal, and the mean of minus the log-probability elsewhere

    The value does not depend on how many samples there are. Natural logarithms; a mean, not a sum.
    """
    for classes, y in ((2, [0, 1, 1]), (3, [0, 2, 1, 2]), (5, [4])):
        params = [(np.zeros((2, classes)), np.full(classes, 0.5))]
        call = f"loss of {len(y)} samples of {classes} classes with equal logits"
        close(solution.loss(params, np.ones((len(y), 2)), np.array(y)), np.log(classes), call, **EXACT)
    logits = np.log([[0.5, 0.25, 0.25], [0.125, 0.375, 0.5], [0.2, 0.2, 0.6]])
    right = -np.log(0.25 * 0.125 * 0.6) / 3
    close(solution.loss(IDENTITY, logits, np.array([1, 0, 2])), right, "loss of probabilities 1/4, 1/8, 0.6", **EXACT)


@points(1)
def test_loss_penalises_the_weights_only(solution):
    """loss adds l2 / 2 times the sum of the squared weights of all layers, and nothing for the biases

    Half of l2, not averaged over samples, for the first layer as for the last.
    """
    plain = number(solution.loss(EXAMPLE.params, EXAMPLE.X, EXAMPLE.y), "loss(params, X, y)")
    close(plain, 1.2425777044167077, "loss(params, X, y) of the example in the spec", **EXACT)
    for l2 in (0.2, 3.0):
        call = f"loss(params, X, y, l2={l2:g}) of the example in the spec, whose squared weights add up to 9.5"
        close(solution.loss(EXAMPLE.params, EXAMPLE.X, EXAMPLE.y, l2=l2), plain + l2 / 2 * 9.5, call, rtol=1e-6)


@points(2)
@given(network=networks(**PLAIN), l2=st.sampled_from(PENALTIES))
@settings(max_examples=30)
def test_loss_agrees_on_any_network(solution, network, l2):
    """loss agrees with the definition on generated networks

    If forward and small cases are right and this is not: which number of each row is picked, and what is averaged?
    """
    agrees(solution, "loss", network, l2=l2, tolerance=EXACT)


@points(1)
def test_gradients_has_known_values(solution):
    """gradients gives a pair (dW, db) for each layer, the first layer first

    Work the example out by hand. For the logits it is the probabilities minus the one-hot labels, over n; the sum of
    that over the samples is db of the last layer.
    """
    got = solution.gradients(IDENTITY, np.eye(3), np.array([0, 1, 2]))
    e = np.e / (np.e + 2)
    right = [((np.full((3, 3), (1 - e) / 2) + np.eye(3) * (1.5 * e - 1.5)) / 3, np.zeros(3))]
    same_layers(got, right, "gradients of one layer, W and X the unit matrix, y = [0, 1, 2]", SLOPES, **NEAR)
    agrees(solution, "gradients", EXAMPLE, note="the example in the spec")


@points(1)
def test_gradients_of_the_penalty(solution):
    """gradients adds l2 times W to each dW, and nothing to db

    Differentiate l2 / 2 times the sum of squared weights: which factor, and does n appear? Every layer has its share.
    """
    call = written("gradients", SMALL)
    plain = pairs(solution.gradients(SMALL.params, SMALL.X, SMALL.y), call, 2, SLOPES)
    expected = [
        (numbers(dW, f"dW of {label}", W.shape) + 4 * W, numbers(db, f"db of {label}", b.shape))
        for (label, (dW, db)), (W, b) in zip(plain, SMALL.params, strict=True)
    ]
    penalised = solution.gradients(SMALL.params, SMALL.X, SMALL.y, l2=4.0)
    same_layers(penalised, expected, written("gradients", SMALL, kwargs={"l2": 4.0}), SLOPES, **NEAR)


@points(2)
@given(network=networks(**PLAIN, sizes=FEW_SIZES, samples=(2, 4)), l2=st.sampled_from(PENALTIES))
@settings(max_examples=20)
def test_gradients_is_the_derivative_of_the_loss(solution, network, l2):
    """gradients agrees with finite differences of the loss

    Check your own in the same way: move one number by 1e-6 up and down, and look at your loss. The first layer that is
    wrong, counted from the last, is where to look.
    """
    got = solution.gradients(network.params, network.X, network.y, l2)
    call = written("gradients", network, kwargs={"l2": l2})
    for i, (label, slopes) in reversed(list(enumerate(pairs(got, call, len(network.params), SLOPES)))):
        for part, mine in enumerate(slopes):

            def moved(point, i=i, part=part):
                params = list(network.params)
                W, b = params[i]
                params[i] = (W, point) if part else (point, b)
                return answer.loss(params, network.X, network.y, l2)

            which = f"{SLOPES.split(', ')[part]} of {label}"
            assert_derivative(mine, moved, network.params[i][part], which)


@points(2)
@given(network=networks(**PLAIN), l2=st.sampled_from(PENALTIES))
@settings(max_examples=30)
def test_gradients_agrees_on_any_network(solution, network, l2):
    """gradients is right for generated networks of one to four layers

    If one layer is right and two are not: which array tells where the ReLU was open, that of the layer itself or of
    another? If two are right and three are not, what is passed down?
    """
    agrees(solution, "gradients", network, l2=l2)


@points(1)
def test_train_makes_the_first_steps_right(solution):
    """train makes one step an epoch where all samples are in one batch

    Minus lr times the gradient. Upper layers must not move before the gradients of lower ones are computed.
    """
    for n_epochs, batch_size in ((1, 2), (2, 2), (3, 2), (2, 5)):
        note = "the example in the spec"
        agrees(solution, "train", EXAMPLE, 0.1, n_epochs, batch_size, 0, note=note)


@points(2)
@given(
    network=networks(**PLAIN, sizes=FEW_SIZES),
    lr=st.sampled_from([0.05, 0.1, 0.25]),
    n_epochs=st.integers(1, 4),
    more=st.sampled_from([0, 1, 50]),
)
@settings(max_examples=30)
def test_train_follows_the_path_of_full_batches(solution, network, lr, n_epochs, more):
    """train follows the path of gradient descent where batch_size is n or more, for any network

    If gradients is not right yet, start there. Which order the samples are in does not matter here, as long as features
    stay with their labels.
    """
    assume(is_smooth(network, lr, n_epochs))
    agrees(solution, "train", network, lr, n_epochs, len(network.y) + more, 0)


@points(2)
@given(
    network=networks(edges=("equal rows",), sizes=FEW_SIZES, dressed=False),
    n=st.integers(3, 7),
    batch_size=st.integers(1, 4),
    n_epochs=st.integers(1, 2),
)
@settings(max_examples=20)
def test_train_steps_for_every_batch(solution, network, n, batch_size, n_epochs):
    """train makes a step for every batch, the last short one too, by the mean over its own samples

    All samples are equal here, so their order does not matter. How many batches has an epoch if batch_size does not
    divide n? By what is the sum over the last one divided?
    """
    same = network.other(X=np.tile(network.X[:1], (n, 1)), y=np.repeat(network.y[:1], n))
    assume(is_smooth(same, 0.1, n_epochs * -(-n // batch_size)))
    agrees(solution, "train", same, 0.1, n_epochs, batch_size, 0, note=f"{n} equal samples")


@points(2)
def test_train_sees_every_sample_once_an_epoch(solution):
    """train goes through every sample exactly once an epoch, in batches of batch_size and one of what is left

    Each sample counts by one over the size of its batch. Drawing batches at random, each by itself, leaves samples out
    and takes others twice.
    """
    for n, batch_size in ((7, 3), (6, 2), (5, 4), (5, 1), (4, 4), (3, 8), (1, 1), (9, 5)):
        for seed in (0, 1):
            sizes = [min(batch_size, n - start) for start in range(0, n, batch_size)]
            expected = np.sort(np.repeat(1 / np.array(sizes), sizes))
            counted = np.sort(steps_of_samples(solution, n, 1, batch_size, seed))
            call = (
                f"by how much the samples count, in one epoch of train with {n} samples, batch_size={batch_size}, "
                f"seed={seed}, sorted"
            )
            close(counted, expected, call, rtol=1e-3, atol=1e-3)


@points(2)
@given(
    network=networks(sizes=((2, 3), (2, 3, 2), (1, 2, 3)), edges=("any samples",), samples=(3, 4), dressed=False),
    size=st.integers(1, 3),
    n_epochs=st.integers(1, 2),
    seed=st.integers(0, 99),
)
@settings(max_examples=15)
def test_train_is_one_of_the_possible_paths(solution, network, size, n_epochs, seed):
    """train comes out where one of the possible orders of the samples leads

    Whatever the order, each batch starts where the one before has ended, and features stay with their labels.
    """
    n_epochs = n_epochs if len(network.y) == 3 else 1
    call = written("train", network, (0.1, n_epochs, size, seed))
    got = solution.train(network.params, network.X, network.y, 0.1, n_epochs, size, seed)
    mine = flat(got, call, network.params, WEIGHTS)
    ends = [
        np.concatenate([part.ravel() for layer in end for part in layer])
        for end in outcomes(network, 0.1, n_epochs, size)
    ]
    off = min(np.abs(mine - end).max() / (1 + np.abs(end).max()) for end in ends)
    require(
        off <= 1e-6,
        f"{call}, {len(network.y)} samples: none of the {len(ends)} paths that there are leads to this answer; the "
        f"nearest is off by {off:.3g}",
    )


@points(1)
def test_train_draws_a_new_order_for_every_epoch(solution):
    """train puts the samples in a new random order for every epoch

    Shuffling once, or with a generator that is started anew in every epoch, gives the same batches again and again. And
    if you sort by random numbers: can two of them be equal, and which sample comes first then?
    """
    for (n, n_epochs), seed in itertools.product(((5, 300), (3, 600)), (0, 1)):
        for i, count in enumerate(times_alone(solution, n, n_epochs, seed)):
            what = (
                f"train, {n_epochs} epochs of {n} samples with batch_size={n - 1}, seed={seed}: sample {i} is left "
                "for the last batch"
            )
            assert_share(int(count), n_epochs, 1 / n, what)


@points(1)
def test_train_draws_an_order_by_the_seed(solution):
    """train draws any order of the samples with the same probability, in the first epoch too, as the seed decides

    Data often come sorted, so that every sample must be able to stand at every place, whatever stands beside it. That
    is not so if samples are only moved round like a wheel, or mixed with a few neighbours.
    """
    runs = 120
    found = np.array([orders_of_two_epochs(solution, seed) for seed in range(runs)])
    what = f"train, two epochs of 4 samples with batch_size=1, seeds 0 to {runs - 1}: "
    assert_share(int((found[:, 0] == found[:, 1]).all(axis=1).sum()), runs, 1 / 24, f"{what}both orders are the same")
    for epoch, orders in zip(("first", "second"), found.swapaxes(0, 1), strict=True):
        for place, sample in itertools.product(range(4), range(4)):
            count = int((orders[:, place] == sample).sum())
            assert_share(count, runs, 1 / 4, f"{what}in the {epoch} epoch, sample {sample} comes at place {place}")
        wheels = int((np.diff(orders, axis=1) % 4 == 1).all(axis=1).sum())
        assert_share(wheels, runs, 4 / 24, f"{what}the {epoch} order is the given one, moved round like a wheel,")


@points(1)
def test_train_mixes_all_samples(solution):
    """train mixes all samples, also where there are a thousand

    In data that come sorted, what stands far apart must be able to meet in a batch. Which samples can be last, and does
    that depend on how many there are?
    """
    # By section 6 of [Hoeffding], the bound holds for what is drawn without replacement, too.
    for seed, counts in enumerate([left_of_blocks(solution, seed) for seed in range(3)]):
        for i, count in enumerate(counts):
            what = (
                f"train, an epoch of 1000 samples with batch_size=750, seed={seed}: one of rows {200 * i} to "
                f"{200 * i + 199} is left for the last batch"
            )
            assert_share(int(count), 200, 1 / 4, what)


@points(1)
def test_train_makes_every_step(solution):
    """train makes all its steps, also where the loss is small already or goes up

    n_epochs says when it ends, and what it returns are the params after the last step, good or bad. Steps are as long
    as lr and the gradient make them.
    """
    X, y = SMALL.X, SMALL.y
    sure = [(np.array([[-4.0, 4.0], [-2.0, 2.0]]), np.zeros(2))]
    certain = (X @ np.array([1.0, 0.5]) > 0).astype(int)
    for note, network, lr in (
        ("one layer that is right already, with a loss of 0.0005", Network(sure, X, certain), 0.5),
        ("one layer, steps so long that the loss goes up", Network([(np.zeros((2, 2)), np.zeros(2))], X, y), 6.0),
        ("one layer that is wrong with certainty", Network(sure, X, 1 - certain), 0.1),
    ):
        for n_epochs in (1, 2, 5):
            agrees(solution, "train", network, lr, n_epochs, len(y), 0, note=note)


@points(1)
def test_predict_has_known_values(solution):
    """predict gives the class of the largest logit

    The largest of each row, by its place. Are the largest of all negative, too?
    """
    logits = np.array([[1.0, 3.0, 2.0], [-1.0, -3.0, -2.0], [0.1, 0.0, 0.2], [-7.0, -6.0, -5.5]])
    close(solution.predict(IDENTITY, logits), [1, 0, 2, 2], "predict of logits that are X", **NEAR)
    close(solution.predict(EXAMPLE.params, EXAMPLE.X), [0, 0], "predict(params, X) of the example in the spec", **NEAR)


@points(1)
@given(network=networks(**PLAIN))
@settings(max_examples=30)
def test_predict_agrees_on_any_network(solution, network):
    """predict is right for generated networks

    A probability need not be above one half to be the largest.
    """
    logits = np.sort(answer.forward(network.params, network.X), axis=1)
    assume(network.params[-1][1].size == 1 or np.diff(logits, axis=1)[:, -1].min() > 1e-3)
    agrees(solution, "predict", network)
