"""All gradients as the state, of which every step takes weighted sums and averages anew; long doubles in the clip."""
import numpy as np


def _history(w, grad, state, lr, *rates):
    if lr <= 0:
        raise ValueError("lr")
    for rate in rates:
        if not 0 <= rate < 1:
            raise ValueError("rate outside [0, 1)")
    if np.shape(w) != np.shape(grad):
        raise ValueError("shapes differ")
    if not np.isfinite(grad).all():
        raise ValueError("gradient not finite")
    return (*(state or ()), np.array(grad, dtype=float))


def _weights(rate, count):
    return np.power(float(rate), np.arange(count - 1, -1, -1))


def sgd_step(w, grad, state, lr, momentum=0.0, nesterov=False):
    history = _history(w, grad, state, lr, momentum)

    def velocity(k):
        return history[0] if k == 0 else momentum * velocity(k - 1) + history[k]

    v = velocity(len(history) - 1)
    if nesterov:
        return np.asarray(w) - lr * (history[-1] + momentum * v), history
    return np.asarray(w) - lr * v, history


def adam_step(w, grad, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    history = _history(w, grad, state, lr, beta1, beta2)
    stack = np.stack(history)
    mean = np.average(stack, axis=0, weights=_weights(beta1, len(history)))
    square = np.average(stack**2, axis=0, weights=_weights(beta2, len(history)))
    w = np.asarray(w)
    return w - lr * (mean / (np.sqrt(square) + eps) + weight_decay * w), history


def clip_by_global_norm(grads, max_norm):
    if max_norm <= 0:
        raise ValueError("max_norm")
    wide = [np.asarray(g, dtype=np.longdouble) for g in grads]
    if not all(np.isfinite(g).all() for g in wide):
        raise ValueError("not finite")
    norm = np.sqrt(sum(np.sum(g**2) for g in wide))
    if norm > max_norm:
        wide = [g * (max_norm / norm) for g in wide]
    return wide


def warmup_cosine(step, total_steps, lr, warmup_steps=0, lr_min=0.0):
    if lr <= 0:
        raise ValueError("lr")
    step = int(step)
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    middle, radius = (lr + lr_min) / 2, (lr - lr_min) / 2
    turn = np.exp(1j * np.pi * (step - warmup_steps) / (total_steps - warmup_steps))
    return middle + radius * turn.real
