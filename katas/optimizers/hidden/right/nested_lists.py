"""Nested lists with None and counts as states, lists as results, lr inside of the velocity."""
import numpy as np


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    w = np.asarray(w)
    if lr <= 0 or momentum < 0 or momentum >= 1 or w.shape != grad.shape or not np.isfinite(grad).all():
        raise ValueError("bad input")
    last, count = [None, 0] if state is None else state
    move = lr * grad if last is None else momentum * last + lr * grad
    ahead = lr * grad + momentum * move if nesterov else move
    return [(w - ahead).tolist(), [move if momentum else None, count + 1]]


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    w = np.asarray(w)
    if lr <= 0 or w.shape != grad.shape or not np.isfinite(grad).all():
        raise ValueError("bad input")
    if not (0 <= beta1 < 1 and 0 <= beta2 < 1):
        raise ValueError("bad betas")
    if state is None:
        state = [[None, None], {"t": 0, "history": ()}]
    (m, v), info = state
    g = np.asarray(grad, dtype=float)
    m = (1 - beta1) * g if m is None else beta1 * m + (1 - beta1) * g
    v = (1 - beta2) * g * g if v is None else beta2 * v + (1 - beta2) * g * g
    t = info["t"] + 1
    c1, c2 = 1 - beta1 ** t, np.sqrt(1 - beta2 ** t)
    # numerator and denominator times the root of the correction
    moved = w - lr * c2 / c1 * m / (np.sqrt(v) + eps * c2) - lr * weight_decay * w
    return [moved.tolist(), [[m, v], {"t": t, "history": info["history"] + (t,)}]]


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("bad max_norm")
    if not all(np.isfinite(g).all() for g in grads):
        raise ValueError("bad gradient")
    norm = sum(float(np.vdot(g, g)) for g in grads) ** 0.5
    scale = min(1.0, max_norm / norm) if norm else 1.0
    return [(g * scale).tolist() for g in grads]


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError("bad lr")
    if step < warmup_steps:
        return np.float64(lr * (step + 1) / warmup_steps)
    decay = 0.5 * (1 + np.cos(np.pi * (step - warmup_steps) / (total_steps - warmup_steps)))
    return (1 - decay) * lr_min + decay * lr
