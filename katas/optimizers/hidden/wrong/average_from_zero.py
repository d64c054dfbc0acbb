"""The velocity is an average from zero on: even the first gradient has the factor 1 - momentum.

The first velocity is the gradient itself, and later ones take it in full.
"""

caught_by = ("test_sgd_step_goes_against_the_gradient", "test_sgd_step_gathers_speed")

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
    w, g = _prepare(w, grad, lr, [momentum])
    velocity = momentum * (0 if state is None else state.velocity) + (1 - momentum) * g
    direction = velocity
    if nesterov:
        direction = g + momentum * velocity
    return w - lr * direction, Momentum(velocity)


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    w, g = _prepare(w, grad, lr, [beta1, beta2])
    old = Adam(0.0, 0.0, 0) if state is None else state
    new = Adam(beta1 * old.m + (1 - beta1) * g, beta2 * old.v + (1 - beta2) * g**2, old.t + 1)
    m_hat, v_hat = new.corrected(beta1, beta2)
    step = m_hat / (np.sqrt(v_hat) + eps)
    return w - lr * (step + weight_decay * w), new


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
