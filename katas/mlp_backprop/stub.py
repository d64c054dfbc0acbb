"""A multilayer perceptron with ReLU and softmax, trained by backpropagation, in NumPy.

n samples, d features, C classes: X is (n, d), y (n,) holds whole numbers from 0 to C - 1. params is a list with a pair
for each layer, the first layer first: (W (d_in, d_out), b (d_out,)).
"""

import numpy as np


def init_params(sizes, seed):
    """Return params for layers of these sizes, the d features first and the C classes last: a list of pairs (W, b).

    W (d_in, d_out) is drawn from a normal distribution of mean 0 and variance 2 / d_in, for each layer anew; b (d_out,)
    is zero. The same seed, a whole number, gives the same params.
    """
    raise NotImplementedError


def forward(params, X):
    """Return the logits (n, C): ReLU between layers, none after the last.

    Raises ValueError if shapes do not chain: those of neighbouring layers, of W and b in a layer, of X and the first W.
    """
    raise NotImplementedError


def softmax(logits):
    """Return for each row of logits (n, C) the probabilities of the classes: (n, C). Stable for logits up to 1e4."""
    raise NotImplementedError


def loss(params, X, y, l2=0.0):
    """Return the mean cross-entropy plus l2 / 2 times the sum of all squared weights: one number.

    The biases b are not penalised. Right for every logit up to 1e4.

    Raises ValueError where forward does, and if there are no samples, if X and y differ in length, or if a label is
    not one of 0 to C - 1.
    """
    raise NotImplementedError


def gradients(params, X, y, l2=0.0):
    """Return the derivative of loss by all params: a list with a pair (dW, db) for each layer, shaped as params are.

    Raises ValueError for the same input as loss.
    """
    raise NotImplementedError


def train(params, X, y, lr, n_epochs, batch_size, seed):
    """Return the params after n_epochs of minibatch gradient descent on the mean cross-entropy, shaped as they came in.

    Every epoch goes through all samples once, in a new random order, batch_size at a time; the last batch may be
    shorter. The params passed in stay as they are.

    Raises ValueError for the same input as loss, and if batch_size is below 1.
    """
    raise NotImplementedError


def predict(params, X):
    """Return the class of the largest logit for each row of X: (n,).

    Raises ValueError where forward does.
    """
    raise NotImplementedError
