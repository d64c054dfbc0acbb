"""What may come out of train: the params after every order of samples, and how often one was alone in a batch."""

import functools
import itertools

import numpy as np

from pytest_mlkata.checks import numbers, require

from . import reference as answer
from .answers import WEIGHTS, flat, pairs
from .problems import ORDERED, Network, steepness

ALONE_LR = 1e-4
"""For all epochs together so small that the probabilities stay as they are: the steps of all batches just add up."""

ORDERED_LR = 0.5
"""So large that every order of `ORDERED` ends elsewhere: the ends of two epochs are at least 0.004 apart."""


def outcomes(network, lr, n_epochs, batch_size):
    """Return the params that each possible order of the samples leads to, counting equal batches once."""
    n = len(network.y)
    cuts = {
        tuple(tuple(sorted(order[start : start + batch_size])) for start in range(0, n, batch_size))
        for order in itertools.permutations(range(n))
    }
    ends = [network.params]
    for _ in range(n_epochs):
        ends = [_epoch(params, network, cut, lr) for params in ends for cut in sorted(cuts)]
    return ends


def _epoch(params, network, batches, lr):
    for batch in batches:
        rows = list(batch)
        slopes = answer.gradients(params, network.X[rows], network.y[rows])
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, slopes, strict=True)]
    return params


def is_smooth(network, lr, n_steps, least=1e-3):
    """Whether no ReLU comes near 0 in so many steps on all samples, where rounding would decide on its slope."""
    params = [(W.astype(float), b.astype(float)) for W, b in network.params]
    for _ in range(n_steps):
        if steepness(params, network.X) < least:
            return False
        slopes = answer.gradients(params, network.X, network.y)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, slopes, strict=True)]
    return True


def apart(n):
    """A network of one layer of zeros, and samples with a feature each: a sample moves its own row of W alone."""
    return Network([(np.zeros((n, 2)), np.zeros(2))], np.eye(n), np.arange(n) % 2)


def steps_of_samples(solution, n, n_epochs, batch_size, seed):
    """Train with tiny steps, and return by how much each sample has counted: in a batch of three by 1/3."""
    network = apart(n)
    lr = ALONE_LR / n_epochs
    call = f"train(params, X, y, {lr:g}, {n_epochs}, {batch_size}, {seed}), {n} samples"
    got = solution.train(network.params, network.X, network.y, lr, n_epochs, batch_size, seed)
    ((label, (W, _)),) = pairs(got, call, 1, WEIGHTS)
    # Each probability is 1/2, so a sample moves the weight of its class by lr / 2 over the size of its batch.
    return numbers(W, f"W of {label}", (n, 2))[np.arange(n), network.y] / (lr / 2)


def times_alone(solution, n, n_epochs, seed):
    """Train with batches of n - 1, and return how often each of n samples was the one left over for the last batch."""
    counted = steps_of_samples(solution, n, n_epochs, n - 1, seed)
    alone = (counted - n_epochs / (n - 1)) / (1 - 1 / (n - 1))
    whole = np.round(alone).astype(int)
    require(
        np.abs(alone - whole).max() < 0.2 and whole.min() >= 0 and whole.sum() == n_epochs,
        f"train, {n_epochs} epochs of {n} samples with batch_size={n - 1}, seed={seed}: in each epoch one sample "
        f"should be alone in the last batch and count whole, and each of the others 1/{n - 1}. Over all epochs the "
        f"samples have counted {', '.join(f'{share:.3f}' for share in counted)}",
    )
    return whole


def left_of_blocks(solution, seed):
    """Train an epoch of 1000 samples in batches of 750 and 250; return how many of each 200 rows the last one has.

    Each block of 200 rows has a feature of its own, so that it moves its own row of W alone.
    """
    params, X, y = [(np.zeros((5, 2)), np.zeros(2))], np.repeat(np.eye(5), 200, axis=0), np.zeros(1000, dtype=int)
    call = f"train(params, X, y, {ALONE_LR}, 1, 750, {seed}), 1000 samples in five blocks"
    ((label, (W, _)),) = pairs(solution.train(params, X, y, ALONE_LR, 1, 750, seed), call, 1, WEIGHTS)
    counted = numbers(W, f"W of {label}", (5, 2))[:, 0] / (ALONE_LR / 2)
    left = (counted - 200 / 750) / (1 / 250 - 1 / 750)
    whole = np.round(left).astype(int)
    require(
        np.abs(left - whole).max() < 0.2 and whole.min() >= 0 and whole.sum() == 250,
        f"{call} of 200 rows: each sample should count 1/750 or, if left for the last batch, 1/250. The blocks have "
        f"counted {', '.join(f'{share:.4f}' for share in counted)}",
    )
    return whole


def orders_of_two_epochs(solution, seed):
    """Train with batches of one sample, and return in which order each epoch has gone through them."""
    call = f"train(params, X, y, {ORDERED_LR}, 2, 1, {seed}), layers of {ORDERED.sizes}, {len(ORDERED.y)} samples"
    got = solution.train(*ORDERED.given("train"), ORDERED_LR, 2, 1, seed)
    end = flat(got, call, ORDERED.params, WEIGHTS)
    paths, ends = _paths_of_two_epochs()
    off = np.abs(ends - end).max(axis=1)
    require(
        off.min() <= 1e-4,
        f"{call}: two epochs of one sample at a time can end at {len(paths)} places, and this is none of them; the "
        f"nearest is off by {off.min():.3g}",
    )
    return paths[off.argmin()]


@functools.cache
def _paths_of_two_epochs():
    """Return all orders of `ORDERED` in two epochs, and the params each ends with; all paths are gone at once."""
    n = len(ORDERED.y)
    epochs = np.array(list(itertools.permutations(range(n))))
    paths = np.array(list(itertools.product(epochs, repeat=2)))
    ((W, b),) = ORDERED.params
    W, b = np.tile(W, (len(paths), 1, 1)), np.tile(b, (len(paths), 1))
    for at in paths.reshape(len(paths), 2 * n).T:
        entered = ORDERED.X[at]
        slopes = answer.softmax(np.einsum("pd,pdc->pc", entered, W) + b) - np.eye(b.shape[1])[ORDERED.y[at]]
        W -= ORDERED_LR * entered[:, :, None] * slopes[:, None, :]
        b -= ORDERED_LR * slopes
    return paths, np.column_stack([W.reshape(len(paths), -1), b])
