"""the faults are gone, and so are the docstrings and the layout.

Who reads the change has to find five lines among all of them. Leave as it is what is not at fault.
"""

caught_by = ("test_most_of_the_program_is_kept",)

from itertools import pairwise
import numpy as np

def init_params(sizes, seed):
  rng = np.random.default_rng(seed)
  params = []
  for d_in, d_out in pairwise(sizes):
    W = rng.standard_normal((d_in, d_out))
    W *= np.sqrt(2.0 / W.shape[0])
    b = np.zeros(d_out)
    params.append((W, b))
  return params

def forward(params, X):
  params, X = _checked(params, X)
  return _activations(params, X)[-1]

def softmax(logits):
  logits = np.asarray(logits, dtype=float)
  shifted = logits - logits.max(axis=1, keepdims=True)
  powers = np.exp(shifted)
  return powers / powers.sum(axis=1, keepdims=True)

def loss(params, X, y, l2=0.0):
  params, X = _checked(params, X)
  y = _labels(y, params, X)
  logits = _activations(params, X)[-1]
  top = logits.max(axis=1)
  log_sums = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
  costs = log_sums - logits[np.arange(len(y)), y]
  penalty = l2 / 2 * sum((np.sum(np.square(W)) for W, _ in params))
  return np.mean(costs) + penalty

def gradients(params, X, y, l2=0.0):
  params, X = _checked(params, X)
  y = _labels(y, params, X)
  return _backward(params, X, y, l2)

def train(params, X, y, lr, n_epochs, batch_size, seed):
  params, X = _checked(params, X)
  y = _labels(y, params, X)
  if batch_size < 1:
    raise ValueError(f'batch_size must be at least 1, got {batch_size}')
  rng = np.random.default_rng(seed)
  for _ in range(n_epochs):
    order = rng.permutation(len(y))
    for start in range(0, len(y), batch_size):
      rows = order[start:start + batch_size]
      slopes = _backward(params, X[rows], y[rows], 0.0)
      for i, (dW, db) in enumerate(slopes):
        W, b = params[i]
        W -= lr * dW
        b -= lr * db
  return params

def predict(params, X):
  return np.argmax(forward(params, X), axis=1)

def _activations(params, X):
  passed = [X]
  for W, b in params[:-1]:
    passed.append(np.maximum(passed[-1] @ W + b, 0.0))
  W, b = params[-1]
  passed.append(passed[-1] @ W + b)
  return passed

def _backward(params, X, y, l2):
  *entered, logits = _activations(params, X)
  n = len(y)
  delta = softmax(logits)
  delta[np.arange(n), y] -= 1.0
  delta /= n
  slopes = []
  for (W, _), h in zip(reversed(params), reversed(entered), strict=True):
    slopes.append((h.T @ delta + l2 * W, delta.sum(axis=0)))
    delta = delta @ W.T
    delta = np.where(h > 0, delta, 0.0)
  return slopes[::-1]

def _checked(params, X):
  params = [(np.array(W, dtype=float), np.array(b, dtype=float)) for W, b in params]
  X = np.asarray(X, dtype=float)
  width = X.shape[1]
  for W, b in params:
    if W.shape[0] != width or b.shape != (W.shape[1],):
      raise ValueError(f'W of shape {W.shape} with b of shape {b.shape}, after a layer of {width}')
    width = W.shape[1]
  return (params, X)

def _labels(y, params, X):
  y = np.asarray(y)
  if len(y) == 0 or len(y) != len(X):
    raise ValueError(f'{len(X)} samples with {len(y)} labels')
  classes = len(params[-1][1])
  if y.min() < 0 or y.max() >= classes:
    raise ValueError(f'labels must be 0 to {classes - 1}, got {y.min()} to {y.max()}')
  return y
