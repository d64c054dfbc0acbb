"""No state where nothing is to be remembered, linked closures elsewhere; errors of a class of its own."""
from itertools import repeat

import numpy as np


class InvalidInput(ValueError):
    def __str__(self):
        return "invalid: " + super().__str__()


def need(**facts):
    wrong = [name for name, fact in facts.items() if not fact]
    if wrong:
        raise InvalidInput(", ".join(wrong))


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    need(lr=lr > 0, momentum=0 <= momentum < 1, shape=np.shape(w) == np.shape(grad))
    need(finite=np.isfinite(grad).all())
    if momentum == 0:
        return w - lr * grad, None
    v = grad if state is None else np.add(np.multiply(momentum, state), grad)
    return w - lr * np.add(grad, np.multiply(momentum, v)) if nesterov else w - lr * v, v


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    need(lr=lr > 0, beta1=0 <= beta1 < 1, beta2=0 <= beta2 < 1, shape=np.shape(w) == np.shape(grad))
    need(finite=np.isfinite(grad).all(), eps=eps > 0, weight_decay=weight_decay >= 0)
    before = state or (lambda: (0.0, 0.0, 0))
    g = np.float64(grad)
    kept = []

    def after():
        if not kept:
            m, v, t = before()
            kept.append((m + (g - m) * (1 - beta1), v + (g**2 - v) * (1 - beta2), t + 1))
        return kept[0]

    m, v, t = after()
    scale = (1 - beta2**t) ** 0.5
    step = m * scale / ((1 - beta1**t) * (np.sqrt(v) + eps * scale))
    return w - lr * step - lr * weight_decay * w, after


def clip_by_global_norm(grads, max_norm):
    need(max_norm=max_norm > 0, finite=all(map(np.all, map(np.isfinite, grads))))
    norm = np.linalg.norm([np.linalg.norm(np.ravel(g)) for g in grads])
    return list(map(np.multiply, grads, repeat(1.0 if norm <= max_norm else max_norm / norm)))


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    need(lr=lr > 0)
    pieces = [(warmup_steps, lambda: lr * (step + 1) / warmup_steps),
              (total_steps, lambda: lr_min + (lr - lr_min) * np.cos(np.pi * (step - warmup_steps) / (total_steps - warmup_steps) / 2) ** 2)]
    return next(rate() for end, rate in pieces if step < end)
