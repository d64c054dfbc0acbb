"""A dict of buffers as in PyTorch: bias corrections by step size and denominator."""
import math

import numpy as np


def _check(w, grad, lr, **rates):
    if lr <= 0:
        raise ValueError("lr must be positive")
    for name, rate in rates.items():
        if rate < 0 or rate >= 1:
            raise ValueError(f"{name} must be in [0, 1)")
    if w.shape != grad.shape:
        raise ValueError("w and grad must have the same shape")
    if np.isnan(grad).any() or np.isinf(grad).any():
        raise ValueError("gradient is not finite")


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    _check(w, grad, lr, momentum=momentum)
    buf = None if state is None else state["momentum_buffer"]
    d_p = grad
    if momentum != 0:
        buf = grad.copy() if buf is None else buf * momentum + grad
        d_p = grad + momentum * buf if nesterov else buf
    return w - lr * d_p, {"momentum_buffer": buf}


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    _check(w, grad, lr, beta1=beta1, beta2=beta2)
    if state is None:
        state = {"step": 0, "exp_avg": np.zeros(w.shape), "exp_avg_sq": np.zeros(w.shape)}
    step = state["step"] + 1
    exp_avg = state["exp_avg"] * beta1 + grad * (1 - beta1)
    exp_avg_sq = state["exp_avg_sq"] * beta2 + grad * grad * (1 - beta2)
    bias_correction1 = 1 - beta1 ** step
    bias_correction2 = 1 - beta2 ** step
    w = w * (1 - lr * weight_decay)
    denom = np.sqrt(exp_avg_sq) / math.sqrt(bias_correction2) + eps
    w = w - (lr / bias_correction1) * exp_avg / denom
    return w, {"step": step, "exp_avg": exp_avg, "exp_avg_sq": exp_avg_sq}


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm must be positive")
    norms = [np.linalg.norm(g.ravel()) for g in grads]
    total_norm = np.linalg.norm(norms)
    if not np.isfinite(total_norm):
        raise ValueError("gradient is not finite")
    coef = max_norm / total_norm if total_norm > max_norm else 1.0
    return [g * coef for g in grads]


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError("lr must be positive")
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    return lr_min + 0.5 * (lr - lr_min) * (1 + math.cos(math.pi * progress))
