"""Simple namespaces, deques and arrays with an axis more as states; 0-d arrays as numbers."""
from collections import defaultdict, deque
from types import SimpleNamespace

import numpy as np


def _bad(w, grad, lr, *decays):
    yield lr <= 0
    yield any(decay < 0 for decay in decays)
    yield any(decay >= 1 for decay in decays)
    yield w.shape != grad.shape
    yield not np.isfinite(grad).all()


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    if any(_bad(w, grad, lr, momentum)):
        raise ValueError("bad input")
    velocities = deque([0.0] if state is None else state, maxlen=2)
    velocities.append(momentum * velocities[-1] + grad)
    if nesterov:
        velocity = grad + momentum * velocities[-1]
    else:
        velocity = velocities[-1]
    return w - lr * velocity, velocities


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    if any(_bad(w, grad, lr, beta1, beta2)):
        raise ValueError("bad input")
    g = grad.astype(float)
    if state is None:
        state = SimpleNamespace(moments=np.zeros((2, *w.shape)), seen=defaultdict(int))
    betas = np.array([beta1, beta2]).reshape(2, *[1] * w.ndim)
    seen = state.seen.copy()
    seen["steps"] += 1
    moments = betas * state.moments + (1 - betas) * np.stack([g, g ** 2])
    m_hat, v_hat = moments / (1 - betas ** seen["steps"])
    new = w - lr * m_hat / (v_hat ** 0.5 + eps) - lr * weight_decay * w
    return np.asarray(new), SimpleNamespace(moments=moments, seen=seen)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("bad max_norm")
    if any(not np.isfinite(g).all() for g in grads):
        raise ValueError("bad gradients")
    squares = np.array([np.einsum("i,i->", g.ravel(), g.ravel()) for g in grads], dtype=float)
    norm = np.sqrt(squares.sum())
    return [g * np.array(max_norm / norm) for g in grads] if norm > max_norm else [g.copy() for g in grads]


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError("bad lr")
    if step >= warmup_steps:
        rest = np.float64(step - warmup_steps) / (total_steps - warmup_steps)
        return np.array(lr_min + (lr - lr_min) * 0.5 * (1.0 + np.cos(np.pi * rest)))
    return np.array(lr * (step + 1.0) / warmup_steps)
