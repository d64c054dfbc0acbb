"""Optimisers in NumPy: pure functions on arrays of any shape.

A step takes weights, their gradient and a state, and returns new weights and a new state. The state is None before the
first step; what it is afterwards is up to you.
"""

import numpy as np


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    """Return the pair (w, state) after one step of gradient descent with momentum; w keeps its shape (...).

    Raises ValueError if lr <= 0, if momentum is outside [0, 1), if w and grad differ in shape, or if grad holds
    nan or inf.
    """
    raise NotImplementedError


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    """Return the pair (w, state) after one step of Adam with decoupled weight decay; w keeps its shape (...).

    Raises ValueError if lr <= 0, if beta1 or beta2 is outside [0, 1), if w and grad differ in shape, or if grad
    holds nan or inf.
    """
    raise NotImplementedError


def clip_by_global_norm(grads, max_norm):
    """Return the list of arrays, each in its shape (...), scaled such that their common norm is at most max_norm.

    Raises ValueError if max_norm <= 0, or if any of the arrays holds nan or inf.
    """
    raise NotImplementedError


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    """Return the learning rate of a step, 0 <= step < total_steps: one number.

    Raises ValueError if lr <= 0.
    """
    raise NotImplementedError
