"""Optimisers, half solved: two functions are not written yet, and one is wrong."""

import numpy as np


def refuse(w, grad, lr, *rates):
    if lr <= 0:
        raise ValueError(f"lr must be above 0, not {lr}")
    if not all(0 <= rate < 1 for rate in rates):
        raise ValueError(f"momentum and betas lie in [0, 1), not {rates}")
    if np.shape(w) != np.shape(grad):
        raise ValueError(f"w has the shape {np.shape(w)}, and grad {np.shape(grad)}")
    if not np.isfinite(grad).all():
        raise ValueError("the gradient is not finite")


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    refuse(w, grad, lr, momentum)
    velocity = grad if state is None else momentum * state + grad
    step = grad + momentum * velocity if nesterov else velocity
    return w - lr * step, velocity


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    refuse(w, grad, lr, beta1, beta2)
    m, v = (0.0, 0.0) if state is None else state
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * np.square(grad)
    step = m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps)
    return w - lr * step - lr * weight_decay * w, (m, v)


def clip_by_global_norm(grads, max_norm):
    raise NotImplementedError


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    raise NotImplementedError
