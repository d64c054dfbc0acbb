"""clip_by_global_norm changes the gradients of its caller.

What was passed is scaled afterwards, be it that something is written into the arrays or into the list of them. Make new
arrays, and a new list.
"""

caught_by = ("test_clip_by_global_norm_takes_input_of_any_form",)

import math

import numpy as np


def _check(w, grad, lr, *decays):
    if lr <= 0:
        raise ValueError("lr must be positive")
    for decay in decays:
        if not 0 <= decay < 1:
            raise ValueError("momentum and betas must be in [0, 1)")
    if np.shape(w) != np.shape(grad):
        raise ValueError("w and grad differ in shape")
    if not np.isfinite(grad).all():
        raise ValueError("grad must be finite")


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    _check(w, grad, lr, momentum)
    v = grad if state is None else momentum * state + grad
    if nesterov:
        return w - lr * (grad + momentum * v), v
    return w - lr * v, v


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    _check(w, grad, lr, beta1, beta2)
    if state is None:
        state = (np.zeros(np.shape(w)), np.zeros(np.shape(w)), 0)
    m, v, t = state
    t = t + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    new_w = w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * weight_decay * w
    return new_w, (m, v, t)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be positive")
    for g in grads:
        if not np.isfinite(g).all():
            raise ValueError("gradients must be finite")
    norm = math.sqrt(sum(np.sum(g**2) for g in grads))
    if norm > max_norm:
        for g in grads:
            g *= max_norm / norm
    return list(grads)


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError("lr must be positive")
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    return lr_min + 0.5 * (lr - lr_min) * (1 + math.cos(math.pi * progress))
