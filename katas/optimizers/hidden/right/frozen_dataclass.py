"""Frozen dataclasses that know their next step; float32 stays float32."""
from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np


@dataclass(frozen=True)
class Velocity:
    v: np.ndarray | float = 0.0

    def next(self, g, momentum):
        return Velocity(momentum * self.v + g)


@dataclass(frozen=True)
class AdamState:
    m: np.ndarray | float = 0.0
    v: np.ndarray | float = 0.0
    t: int = 0

    def next(self, g, b1, b2):
        return replace(self, m=b1 * self.m + (1 - b1) * g, v=b2 * self.v + (1 - b2) * g ** 2, t=self.t + 1)

    def direction(self, b1, b2, eps):
        return self.m / (1 - b1 ** self.t) / (np.sqrt(self.v / (1 - b2 ** self.t)) + eps)


def _floating(a):
    a = np.asarray(a)
    return a if a.dtype.kind == "f" else a.astype(np.float64)


def _require(condition, what):
    if not condition:
        raise ValueError(what)


def _inputs(w, g, lr, *decays):
    _require(lr > 0, "lr has to be positive")
    for decay in decays:
        _require(0 <= decay < 1, "decay has to be in [0, 1)")
    _require(w.shape == g.shape, "shapes differ")
    _require(np.all(np.isfinite(g)), "gradient has to be finite")
    return _floating(w), _floating(g)


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    w, g = _inputs(w, grad, lr, momentum)
    state = (state or Velocity()).next(g, momentum)
    if nesterov:
        return w - lr * (g + momentum * state.v), state
    return w - lr * state.v, state


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    w, g = _inputs(w, grad, lr, beta1, beta2)
    state = (state or AdamState()).next(g, beta1, beta2)
    return (1 - lr * weight_decay) * w - lr * state.direction(beta1, beta2, eps), state


def clip_by_global_norm(grads, max_norm):
    _require(max_norm > 0, "max_norm has to be positive")
    grads = [_floating(g) for g in grads]
    for g in grads:
        _require(np.all(np.isfinite(g)), "gradient has to be finite")
    norm = reduce(math.hypot, (np.linalg.norm(g) for g in grads))
    return grads if norm <= max_norm else [g * (max_norm / norm) for g in grads]


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    _require(lr > 0, "lr has to be positive")
    if warmup_steps and step < warmup_steps:
        return lr / warmup_steps * (step + 1)
    angle = math.pi * (step - warmup_steps) / (total_steps - warmup_steps)
    return lr * (1 + math.cos(angle)) / 2 + lr_min * (1 - math.cos(angle)) / 2
