"""What may come out of train: the params after every order of samples, and how often one was alone in a batch."""

import itertools

import numpy as np

from pytest_mlkata.checks import numbers, require

from . import reference as answer
from .answers import WEIGHTS, pairs
from .problems import Network, steepness

ALONE_LR = 1e-6
"""So small that many epochs leave the probabilities as they are: the steps of all batches just add up."""


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
    call = f"train(params, X, y, {ALONE_LR}, {n_epochs}, {batch_size}, {seed}), {n} samples"
    got = solution.train(network.params, network.X, network.y, ALONE_LR, n_epochs, batch_size, seed)
    ((label, (W, _)),) = pairs(got, call, 1, WEIGHTS)
    # Each probability is 1/2, so a sample moves the weight of its class by lr / 2 over the size of its batch.
    return numbers(W, f"W of {label}", (n, 2))[np.arange(n), network.y] / (ALONE_LR / 2)


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
