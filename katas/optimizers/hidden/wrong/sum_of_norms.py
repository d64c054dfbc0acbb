"""The norms of the arrays are added up.

The global norm is the root of the sum of all squares: 3 and 4 make 5, and not 7.
"""

caught_by = ("test_clip_by_global_norm_has_one_norm_for_all",)

import numpy as np


def validate(w, g, lr, **rates):
    """Raise ValueError for what no optimiser can step from."""
    if lr <= 0:
        raise ValueError(f"lr = {lr}")
    for name, rate in rates.items():
        if rate < 0 or rate >= 1:
            raise ValueError(f"{name} = {rate}")
    if w.shape != g.shape:
        raise ValueError(f"shapes {w.shape} and {g.shape}")
    if np.isnan(g).any() or np.isinf(g).any():
        raise ValueError("gradient is not finite")


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    validate(w, grad, lr, momentum=momentum)
    w = np.array(w, dtype=np.float64)
    g = np.array(grad, dtype=np.float64)
    if state is None:
        state = {"velocity": np.zeros_like(g)}
    velocity = momentum * state["velocity"] + g
    update = g + momentum * velocity if nesterov else velocity
    return w - lr * update, {"velocity": velocity}


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    validate(w, grad, lr, beta1=beta1, beta2=beta2)
    w = np.array(w, dtype=np.float64)
    g = np.array(grad, dtype=np.float64)
    if state is None:
        state = {"t": 0, "m": np.zeros_like(g), "v": np.zeros_like(g)}
    t = state["t"] + 1
    m = beta1 * state["m"] + (1 - beta1) * g
    v = beta2 * state["v"] + (1 - beta2) * g * g
    bias1, bias2 = 1 - beta1**t, 1 - beta2**t
    decayed = w * (1 - lr * weight_decay)
    w = decayed - lr * (m / bias1) / (np.sqrt(v / bias2) + eps)
    return w, {"t": t, "m": m, "v": v}


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError(f"max_norm = {max_norm}")
    if not all(np.isfinite(g).all() for g in grads):
        raise ValueError("gradient is not finite")
    total = sum(np.linalg.norm(g) for g in grads)
    scale = max_norm / total if total > max_norm else 1.0
    return [g * scale for g in grads]


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError(f"lr = {lr}")
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    t = step - warmup_steps
    length = total_steps - warmup_steps
    return float(lr_min + (lr - lr_min) * (1 + np.cos(np.pi * t / length)) / 2)
