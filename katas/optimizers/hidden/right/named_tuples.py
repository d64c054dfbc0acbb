"""Named tuples for states and results, the decays as running products."""
from typing import NamedTuple, Optional

import numpy as np


class Momentum(NamedTuple):
    velocity: Optional[np.ndarray] = None


class Moments(NamedTuple):
    first: np.ndarray
    second: np.ndarray
    decay1: float = 1.0
    decay2: float = 1.0


class Step(NamedTuple):
    w: np.ndarray
    state: object


def _validate(w, grad, lr, *betas):
    if not lr > 0:
        raise ValueError(f"lr={lr}")
    if any(not 0.0 <= b < 1.0 for b in betas):
        raise ValueError(f"decays {betas}")
    if np.shape(w) != np.shape(grad):
        raise ValueError(f"{np.shape(w)} != {np.shape(grad)}")
    if not np.isfinite(grad).all():
        raise ValueError("nan or inf")


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    _validate(w, grad, lr, momentum)
    state = state or Momentum()
    v = np.multiply(1, grad) if state.velocity is None else np.add(momentum * state.velocity, grad)
    direction = np.add(grad, momentum * v) if nesterov else v
    return Step(np.subtract(w, lr * direction), state._replace(velocity=v))


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    _validate(w, grad, lr, beta1, beta2)
    if state is None:
        state = Moments(np.zeros_like(grad, dtype=float), np.zeros_like(grad, dtype=float))
    new = Moments(
        first=state.first + (1 - beta1) * (grad - state.first),
        second=state.second + (1 - beta2) * (np.square(grad, dtype=float) - state.second),
        decay1=state.decay1 * beta1,
        decay2=state.decay2 * beta2,
    )
    update = (new.first / (1 - new.decay1)) / (np.sqrt(new.second / (1 - new.decay2)) + eps)
    return Step(w - lr * (update + weight_decay * w), new)


def clip_by_global_norm(grads, max_norm):
    if not max_norm > 0:
        raise ValueError(f"max_norm={max_norm}")
    flat = np.concatenate([np.ravel(g) for g in grads]).astype(float)
    if not np.isfinite(flat).all():
        raise ValueError("nan or inf")
    norm = np.sqrt(flat @ flat)
    factor = 1.0 if norm <= max_norm else max_norm / norm
    return tuple(np.multiply(g, factor) for g in grads)


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if not lr > 0:
        raise ValueError(f"lr={lr}")
    warm = lr * (step + 1) / max(warmup_steps, 1)
    share = (step - warmup_steps) / (total_steps - warmup_steps)
    cool = lr_min + (lr - lr_min) * np.cos(np.pi / 2 * share) ** 2  # half of 1 + cos is the square of half the angle
    return np.where(step < warmup_steps, warm, cool)
