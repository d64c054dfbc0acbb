"""the faults are gone, and so are the docstrings and the layout.

Who reads the change has to find five lines among all of them. Leave as it is what is not at fault.
"""

caught_by = ("test_most_of_the_program_is_kept",)

import numpy as np
TINY = 1e-12

def sigmoid(z):
  z = np.asarray(z, dtype=float)
  falling = np.exp(-z)
  rising = np.exp(z)
  return np.where(z >= 0, 1.0 / (1.0 + falling), rising / (1.0 + rising))

def predict_proba(X, w, b):
  X = _features(X)
  return sigmoid(X @ w + b)

def bce_loss(y, p):
  p = np.asarray(p, dtype=float)
  y = _labels(y, len(p))
  p = np.clip(p, TINY, 1.0 - TINY)
  costs = -np.where(y == 1, np.log(p), np.log(1.0 - p))
  return np.mean(costs)

def loss(X, y, w, b, l2=0.0):
  X, y = _samples(X, y)
  z = X @ w + b
  costs = np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))
  penalty = l2 / 2 * np.sum(np.square(w))
  return np.mean(costs) + penalty

def gradient(X, y, w, b, l2=0.0):
  X, y = _samples(X, y)
  dw = _weight_gradient(X, y, w, b, l2)
  db = _intercept_gradient(X, y, w, b)
  return (dw, db)

def fit(X, y, lr=0.1, n_iter=1000, l2=0.0):
  X, y = _samples(X, y)
  w, b = (np.zeros(X.shape[1]), 0.0)
  for _ in range(n_iter):
    old_w, old_b = (w.copy(), b)
    w -= lr * _weight_gradient(X, y, old_w, old_b, l2)
    b -= lr * _intercept_gradient(X, y, old_w, old_b)
  return (w, b)

def _weight_gradient(X, y, w, b, l2):
  n = X.shape[0]
  error = sigmoid(X @ w + b) - y
  return X.T @ error / n + l2 * w

def _intercept_gradient(X, y, w, b):
  error = sigmoid(X @ w + b) - y
  return np.mean(error)

def _samples(X, y):
  X = _features(X)
  return (X, _labels(y, len(X)))

def _features(X):
  X = np.asarray(X, dtype=float)
  if not np.all(np.isfinite(X)):
    raise ValueError('X holds nan or inf')
  return X

def _labels(y, n):
  y = np.asarray(y, dtype=float)
  if n == 0:
    raise ValueError('there are no samples')
  if len(y) != n:
    raise ValueError(f'{n} samples with {len(y)} labels')
  if not np.all((y == 0) | (y == 1)):
    raise ValueError('labels must be 0 or 1')
  return y
