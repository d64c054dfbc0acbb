"""States are functions and bytes: what is to be remembered is closed over, or pickled."""
import pickle
from math import cos, pi, sqrt

import numpy as np


def _checked(w, grad, lr, decays):
    if np.shape(w) != np.shape(grad):
        raise ValueError("shapes")
    if lr <= 0 or any(decay < 0 or decay > 1 or decay == 1 for decay in decays):
        raise ValueError("hyperparameters")
    if np.isfinite(grad).sum() < np.size(grad):
        raise ValueError("gradient")
    return np.asarray(w, dtype=np.float64), np.asarray(grad, dtype=np.float64)


def _velocity(v, momentum):
    def after(g):
        return momentum * v + g

    return after


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    w, g = _checked(w, grad, lr, (momentum,))
    v = state(g) if state else g
    return w - lr * (g + momentum * v if nesterov else v), _velocity(v, momentum)


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    w, g = _checked(w, grad, lr, (beta1, beta2))
    gradients = [*(pickle.loads(state) if state else []), g]
    past = np.arange(len(gradients))[::-1]
    # weighted averages of all gradients so far, with weights that add up to 1
    def average(values, beta):
        weights = float(beta) ** past
        return np.tensordot(weights / weights.sum(), np.array(values), axes=1)

    m_hat = average(gradients, beta1)
    v_hat = average([each ** 2 for each in gradients], beta2)
    return w - lr * (m_hat / (v_hat ** 0.5 + eps) + weight_decay * w), pickle.dumps(gradients)


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0 or not np.isfinite(sum(np.abs(g).sum() for g in grads)):
        raise ValueError("max_norm or gradient")
    norm = sqrt(sum(np.sum(np.square(g, dtype=float)) for g in grads))
    return [np.asarray(g) / max(1.0, norm / max_norm) for g in grads]


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError("lr")

    def cosine(done):
        return lr_min + (lr - lr_min) * (1 + cos(pi * done)) / 2

    return min((step + 1) / warmup_steps, 1) * lr if step < warmup_steps else cosine(
        (step - warmup_steps) / (total_steps - warmup_steps)
    )
