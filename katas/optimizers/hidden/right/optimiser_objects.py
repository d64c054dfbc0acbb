"""Optimiser objects with buffers written in place, of which every step takes a deep copy."""
import copy

import numpy as np


class _Optimiser:
    def __init__(self, shape):
        self.shape = shape
        self.steps = 0
        self.buffers = {}

    def buffer(self, name):
        if name not in self.buffers:
            self.buffers[name] = np.zeros(self.shape)
        return self.buffers[name]


class _Sgd(_Optimiser):
    def step(self, w, g, lr, momentum, nesterov):
        v = self.buffer("v")
        v *= momentum
        v += g
        w -= lr * (g + momentum * v) if nesterov else lr * v


class _Adam(_Optimiser):
    def step(self, w, g, lr, beta1, beta2, eps, weight_decay):
        self.steps += 1
        m, v = self.buffer("m"), self.buffer("v")
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        v += (1 - beta2) * g * g
        w *= 1 - lr * weight_decay
        w -= lr * (m / (1 - beta1 ** self.steps)) / (np.sqrt(v / (1 - beta2 ** self.steps)) + eps)


def _step(kind, w, grad, state, lr, betas, *hyper):
    if lr <= 0:
        raise ValueError("lr")
    if min(betas) < 0 or max(betas) >= 1:
        raise ValueError("betas")
    if w.ndim != grad.ndim or w.shape != grad.shape:
        raise ValueError("shapes")
    w, grad = np.array(w, dtype=np.float64), np.array(grad, dtype=np.float64)
    if not np.isfinite(grad).all():
        raise ValueError("gradient")
    optimiser = kind(w.shape) if state is None else copy.deepcopy(state)
    assert isinstance(optimiser, kind)
    optimiser.step(w, grad, lr, *hyper)
    return w, optimiser


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    return _step(_Sgd, w, grad, state, lr, [momentum], momentum, nesterov)


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    return _step(_Adam, w, grad, state, lr, [beta1, beta2], beta1, beta2, eps, weight_decay)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm")
    total = 0.0
    for g in grads:
        if not np.isfinite(g).all():
            raise ValueError("gradient")
        total += float((np.asarray(g, dtype=np.float64) ** 2).sum())
    out = [np.array(g, dtype=np.float64) for g in grads]
    if total > max_norm ** 2:
        for g in out:
            g *= max_norm / total ** 0.5
    return out


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError("lr")
    step = int(step)
    rates = lr * np.arange(1, warmup_steps + 1) / max(warmup_steps, 1)
    rest = np.arange(total_steps - warmup_steps) / (total_steps - warmup_steps)
    cosine = lr_min + (lr - lr_min) / 2 * (1 + np.cos(np.pi * rest))
    return np.concatenate([rates, cosine])[step]
