"""Optimisers in NumPy.

Everything that a run has to remember is in its state, which is replaced and never written into: so runs do not meet,
and any state can be resumed from. Polyak's momentum is in the form that PyTorch has it; Adam is algorithm 1 of Kingma
and Ba (2015), and its weight decay that of Loshchilov and Hutter (2019), which does not go through the moments.
"""

import math

import numpy as np


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    grad = _gradient_of(w, grad, lr, momentum)
    velocity = grad if state is None else momentum * state + grad
    step = grad + momentum * velocity if nesterov else velocity
    return w - lr * step, velocity


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    grad = _gradient_of(w, grad, lr, beta1, beta2)
    m, v, t = (0.0, 0.0, 0) if state is None else state
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    t += 1
    # The weights of the gradients so far add up to 1 - beta^t only: the moments began at zero.
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps) - lr * weight_decay * w, (m, v, t)


def clip_by_global_norm(grads, max_norm):
    _require_positive(max_norm, "max_norm")
    grads = [_gradient(grad) for grad in grads]
    norm = math.sqrt(sum(np.sum(grad**2) for grad in grads))
    return [grad * (max_norm / norm) for grad in grads] if norm > max_norm else grads


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    _require_positive(lr, "lr")
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    done = (step - warmup_steps) / (total_steps - warmup_steps)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * done)) / 2


def _gradient_of(w, grad, lr, *rates):
    _require_positive(lr, "lr")
    if not all(0 <= rate < 1 for rate in rates):
        raise ValueError(f"momentum and betas must be in [0, 1), not {rates}")
    if np.shape(w) != np.shape(grad):
        raise ValueError(f"weights have shape {np.shape(w)} and their gradient {np.shape(grad)}")
    return _gradient(grad)


def _gradient(grad):
    grad = np.array(grad, dtype=float)  # a copy: a velocity shall not change when the caller's array does
    if not np.isfinite(grad).all():
        raise ValueError("a gradient holds nan or inf")
    return grad


def _require_positive(number, name):
    if number <= 0:
        raise ValueError(f"{name} must be positive, not {number}")
