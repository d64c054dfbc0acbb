"""What is remembered is brought up to date by a comprehension, from the second step on.

The first step has nothing to remember and shows no loop. Python does work for each element in all the others.
"""

caught_by = ("test_sgd_step_is_vectorized", "test_adam_step_is_vectorized")

import math

import numpy as np


def blend(old, keep, new, take):
    if old is None:
        return take * new
    return np.array([keep * a + take * b for a, b in zip(old.flat, new.flat)]).reshape(new.shape)


def inspect(w, grad, lr, *rates):
    if not lr > 0 or not all(0 <= rate < 1 for rate in rates):
        raise ValueError("a hyperparameter is out of range")
    w, grad = np.asarray(w), np.asarray(grad)
    if w.shape != grad.shape:
        raise ValueError("w and grad differ in shape")
    if not np.isfinite(grad).all():
        raise ValueError("grad is not finite")
    return w, grad


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    w, grad = inspect(w, grad, lr, momentum)
    v = blend(state, momentum, grad, 1.0)
    return w - lr * (grad + momentum * v if nesterov else v), v


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    w, grad = inspect(w, grad, lr, beta1, beta2)
    m, v, t = (None, None, 0) if state is None else state
    m, v, t = blend(m, beta1, grad, 1 - beta1), blend(v, beta2, grad**2, 1 - beta2), t + 1
    ratio = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w - lr * (ratio + weight_decay * w), (m, v, t)


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError("max_norm must be positive")
    norm = math.sqrt(sum(float(np.sum(np.square(g))) for g in grads))
    if not math.isfinite(norm):
        raise ValueError("the gradients are not finite")
    return [g * (max_norm / norm) if norm > max_norm else g for g in grads]


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if not lr > 0:
        raise ValueError("lr must be positive")
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    done = (step - warmup_steps) / (total_steps - warmup_steps)
    return lr_min + (lr - lr_min) * math.cos(math.pi / 2 * done) ** 2
