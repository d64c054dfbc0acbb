"""sgd_step refuses nesterov where there is no momentum.

Some libraries do. Here it is not among what is bad input: looking ahead by nothing is a step like any other.
"""

caught_by = ("test_sgd_step_follows_the_path",)

import math

import numpy as np


def checked(w, grad, lr, *rates):
    if lr <= 0:
        raise ValueError("lr must be positive")
    for rate in rates:
        if rate < 0 or rate >= 1:
            raise ValueError("momentum and betas lie in [0, 1)")
    if np.shape(w) != np.shape(grad):
        raise ValueError("w and grad differ in shape")
    if not np.isfinite(grad).all():
        raise ValueError("grad is not finite")
    return np.array(w, dtype=float), np.array(grad, dtype=float)


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    if nesterov and momentum <= 0:
        raise ValueError("nesterov needs a momentum")
    w, grad = checked(w, grad, lr, momentum)
    velocity = grad if state is None else momentum * state["velocity"] + grad
    update = grad + momentum * velocity if nesterov else velocity
    return w - lr * update, {"velocity": velocity}


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    w, grad = checked(w, grad, lr, beta1, beta2)
    state = state or {"t": 0, "mean": np.zeros(w.shape), "square": np.zeros(w.shape)}
    t = state["t"] + 1
    mean = beta1 * state["mean"] + (1 - beta1) * grad
    square = beta2 * state["square"] + (1 - beta2) * grad**2
    update = mean / (1 - beta1**t) / (np.sqrt(square / (1 - beta2**t)) + eps)
    return w - lr * update - lr * weight_decay * w, {"t": t, "mean": mean, "square": square}


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be positive")
    if not all(np.isfinite(g).all() for g in grads):
        raise ValueError("the gradients must be finite")
    norm = np.linalg.norm([np.linalg.norm(g.ravel()) for g in grads])
    scale = max_norm / norm if norm > max_norm else 1.0
    return [scale * g for g in grads]


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError("lr must be positive")
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    angle = math.pi * (step - warmup_steps) / (total_steps - warmup_steps)
    return lr_min + (lr - lr_min) / 2 * (1 + math.cos(angle))
