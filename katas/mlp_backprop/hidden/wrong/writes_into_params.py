"""train makes its steps in the caller's params.

W -= … changes the array itself, and params[i] = … the list. A new list of the same arrays is no copy of them.
"""

caught_by = ("test_train_takes_input_of_any_form", "test_train_with_batches_leaves_its_arguments_alone")

import numpy as np


def relu(z):
    return z * (z > 0)


def validate(params, X, y=None):
    X = np.asarray(X)
    sizes = [X.shape[1]] + [W.shape[1] for W, b in params]
    for (W, b), d_in, d_out in zip(params, sizes, sizes[1:]):
        if W.shape != (d_in, d_out) or len(b) != d_out:
            raise ValueError(f"layer of shape {W.shape} with {len(b)} biases does not fit {d_in} inputs")
    if y is not None:
        if not 0 < len(X) == len(y):
            raise ValueError("need samples, and as many labels")
        if np.min(y) < 0 or np.max(y) >= sizes[-1]:
            raise ValueError("labels must lie in 0..C-1")


def init_params(sizes, seed):
    rng = np.random.default_rng(seed)
    shapes = list(zip(sizes, sizes[1:]))
    weights = [rng.normal(0, np.sqrt(2 / shape[0]), size=shape) for shape in shapes]
    biases = [np.zeros(shape[1]) for shape in shapes]
    return list(zip(weights, biases))


def run(params, X):
    """Return the pre-activations of all layers."""
    zs, h = [], X
    for W, b in params:
        zs.append(np.dot(h, W) + b)
        h = relu(zs[-1])
    return zs


def forward(params, X):
    validate(params, X)
    return run(params, X)[-1]


def log_softmax(z):
    z = z - z.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))


def softmax(logits):
    return np.exp(log_softmax(logits))


def loss(params, X, y, l2=0.0):
    validate(params, X, y)
    logp = log_softmax(run(params, X)[-1])
    cost = -np.take_along_axis(logp, y[:, None].astype(np.int64), axis=1).sum() / len(y)
    for W, b in params:
        cost = cost + l2 * (W ** 2).sum() / 2
    return cost


def backprop(params, X, y, l2):
    zs = run(params, X)
    classes = np.arange(zs[-1].shape[1])
    delta = (softmax(zs[-1]) - (y[:, None] == classes)) / len(y)
    grads = []
    for i in reversed(range(len(params))):
        W, b = params[i]
        below = relu(zs[i - 1]) if i else X
        grads.insert(0, (np.dot(below.T, delta) + l2 * W, delta.sum(0)))
        if i:
            delta = np.dot(delta, W.T)
            delta = delta * (zs[i - 1] > 0)
    return grads


def gradients(params, X, y, l2=0.0):
    validate(params, X, y)
    return backprop(params, X, y, l2)


def train(params, X, y, lr, n_epochs, batch_size, seed):
    validate(params, X, y)
    if batch_size < 1:
        raise ValueError("batch_size")
    rng = np.random.default_rng(seed)
    weights = [W for W, b in params]
    biases = [b for W, b in params]
    indices = np.arange(len(X))
    for _ in range(n_epochs):
        rng.shuffle(indices)
        for start in range(0, len(X), batch_size):
            rows = indices[start:start + batch_size]
            grads = backprop(list(zip(weights, biases)), X[rows], y[rows], 0.0)
            for i, (dW, db) in enumerate(grads):
                weights[i] -= lr * dW
                biases[i] -= lr * db
    return list(zip(weights, biases))


def predict(params, X):
    return np.argmax(forward(params, X), axis=-1)
