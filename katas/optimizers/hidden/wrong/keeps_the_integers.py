"""Weights that came as integers are integers after the step.

A step is much shorter than 1, and is cut off: 3 - 0.1 becomes 2. The result is float, whatever w was.
"""

caught_by = ("test_adam_step_takes_input_of_any_form", "test_sgd_step_takes_input_of_any_form")

from math import cos, pi

import numpy as np


class Momentum:
    """The state of one run of SGD."""

    def __init__(self, velocity):
        self.velocity = velocity


class Adam:
    """The state of one run of Adam."""

    def __init__(self, m, v, t):
        self.m = m
        self.v = v
        self.t = t

    def corrected(self, beta1, beta2):
        return self.m / (1 - beta1**self.t), self.v / (1 - beta2**self.t)


def _prepare(w, grad, lr, decays):
    w, grad = np.asarray(w), np.asarray(grad)
    if w.shape != grad.shape:
        raise ValueError("different shapes")
    if not np.all(np.isfinite(grad)):
        raise ValueError("nan or inf in the gradient")
    if lr <= 0:
        raise ValueError("lr <= 0")
    if min(decays) < 0 or max(decays) >= 1:
        raise ValueError("decay rate outside [0, 1)")
    return w.astype(float), grad.astype(float)


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    dtype = w.dtype
    w, g = _prepare(w, grad, lr, [momentum])
    velocity = g if state is None else momentum * state.velocity + g
    direction = velocity
    if nesterov:
        direction = g + momentum * velocity
    return (w - lr * direction).astype(dtype), Momentum(velocity)


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    dtype = w.dtype
    w, g = _prepare(w, grad, lr, [beta1, beta2])
    old = Adam(0.0, 0.0, 0) if state is None else state
    new = Adam(beta1 * old.m + (1 - beta1) * g, beta2 * old.v + (1 - beta2) * g**2, old.t + 1)
    m_hat, v_hat = new.corrected(beta1, beta2)
    step = m_hat / (np.sqrt(v_hat) + eps)
    return (w - lr * (step + weight_decay * w)).astype(dtype), new


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm <= 0")
    everything = np.concatenate([np.ravel(g) for g in grads]).astype(float)
    if not np.all(np.isfinite(everything)):
        raise ValueError("nan or inf in a gradient")
    norm = np.linalg.norm(everything)
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [np.asarray(g) * factor for g in grads]


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError("lr <= 0")
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    share = (step - warmup_steps) / (total_steps - warmup_steps)
    return lr_min + (lr - lr_min) * (0.5 + 0.5 * cos(pi * share))
