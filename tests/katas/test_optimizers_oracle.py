"""The reference of `optimizers` against PyTorch, and against exact fractions."""

from __future__ import annotations

import math
import re
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import reference_of

from pytest_mlkata.checks import gradient_sequences, gradients

torch: Any = pytest.importorskip("torch", reason="the extra `oracles` is not installed")

KATA = Path(__file__).parents[2] / "katas" / "optimizers"
reference: Any = reference_of("optimizers")

SGD: tuple[dict[str, Any], ...] = (
    {"lr": 0.1},
    {"lr": 0.1, "momentum": 0.9},
    {"lr": 0.01, "momentum": 0.5, "nesterov": True},
    {"lr": 1.0, "momentum": 0.99},
)
ADAM: tuple[dict[str, Any], ...] = (
    {},
    {"lr": 0.1},
    {"lr": 0.01, "beta1": 0.8, "beta2": 0.95},
    {"lr": 0.1, "eps": 1.0},
    {"lr": 0.1, "weight_decay": 0.1},
    {"lr": 0.1, "beta1": 0.0},
    {"lr": 0.1, "beta2": 0.0},
)


def path_of(step: Any, grads: tuple[Any, ...], start: float, options: dict[str, Any]) -> list[Any]:
    w, state, path = np.full(grads[0].shape, start), None, []
    for grad in grads:
        w, state = step(w, grad, state, **options)
        path.append(w)
    return path


def path_of_torch(optimiser: Any, grads: tuple[Any, ...], start: float, options: dict[str, Any]) -> list[Any]:
    w = torch.full(grads[0].shape, start, dtype=torch.float64, requires_grad=True)
    made = optimiser([w], **options)
    path = []
    for grad in grads:
        w.grad = torch.tensor(np.array(grad, dtype=float))
        made.step()
        path.append(w.detach().numpy().copy())
    return path


def agree(mine: list[Any], right: list[Any]) -> None:
    size = np.max(np.abs(right), axis=0)
    for got, expected in zip(mine, right, strict=True):
        assert np.all(np.abs(got - expected) <= 1e-11 * size + 1e-18)


@settings(max_examples=100, deadline=None)
@given(gradient_sequences(), st.sampled_from((0.0, 1.0, -3.5)), st.sampled_from(SGD))
def test_sgd_agrees_with_torch(grads: tuple[Any, ...], start: float, options: dict[str, Any]) -> None:
    right = path_of_torch(torch.optim.SGD, grads, start, options)
    agree(path_of(reference.sgd_step, grads, start, options), right)


@settings(max_examples=100, deadline=None)
@given(gradient_sequences(), st.sampled_from((0.0, 1.0, -3.5)), st.sampled_from(ADAM))
def test_adam_agrees_with_torch(grads: tuple[Any, ...], start: float, options: dict[str, Any]) -> None:
    betas = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    theirs = {key: value for key, value in options.items() if not key.startswith("beta")}
    right = path_of_torch(torch.optim.AdamW, grads, start, {"weight_decay": 0.0, **theirs, "betas": betas})
    agree(path_of(reference.adam_step, grads, start, options), right)


@settings(max_examples=100, deadline=None)
@given(st.lists(gradients(), min_size=1, max_size=4), st.sampled_from((1e-8, 1e-3, 1.0, 2.0, 1e3)))
def test_clipping_agrees_with_torch_and_with_forty_digits(grads: list[Any], max_norm: float) -> None:
    with localcontext(prec=40):
        squares = sum((Decimal(float(x)) ** 2 for grad in grads for x in grad.ravel()), Decimal(0))
        norm = squares.sqrt()
        factor = float(Decimal(max_norm) / norm) if norm > Decimal(max_norm) else 1.0
    for got, grad in zip(reference.clip_by_global_norm(grads, max_norm), grads, strict=True):
        np.testing.assert_allclose(got, grad.astype(float) * factor, rtol=1e-13, atol=0)
    if norm > 100:  # PyTorch adds 1e-6 to the norm
        parameters = [torch.zeros(grad.shape, dtype=torch.float64, requires_grad=True) for grad in grads]
        for parameter, grad in zip(parameters, grads, strict=True):
            parameter.grad = torch.tensor(np.array(grad, dtype=float))
        torch.nn.utils.clip_grad_norm_(parameters, max_norm)
        for got, parameter in zip(reference.clip_by_global_norm(grads, max_norm), parameters, strict=True):
            np.testing.assert_allclose(got, parameter.grad.numpy(), rtol=2e-8, atol=0)


@pytest.mark.parametrize(("total", "warmup"), [(1, 0), (2, 1), (5, 4), (7, 0), (12, 3), (100, 10)])
@pytest.mark.parametrize("low", [0.0, 0.1])
def test_the_schedule_agrees_with_torch(total: int, warmup: int, low: float) -> None:
    def after_warmup() -> list[float]:
        optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=total - warmup, eta_min=low)
        rates = []
        for _ in range(total - warmup):
            rates.append(optimiser.param_groups[0]["lr"])
            optimiser.step()
            schedule.step()
        return rates

    right = [0.5 * count / warmup for count in range(1, warmup + 1)] + after_warmup()
    got = [reference.warmup_cosine(step, total, 0.5, warmup, low) for step in range(total)]
    np.testing.assert_allclose(got, right, rtol=1e-12)


def test_the_schedule_at_known_cosines() -> None:
    rates = [reference.warmup_cosine(step, 6, 1.0, 0, 0.2) for step in range(6)]
    root = math.sqrt(3) / 2
    np.testing.assert_allclose(rates, [0.2 + 0.4 * (1 + c) for c in (1, root, 0.5, 0, -0.5, -root)], rtol=1e-12)


def test_the_example_of_the_spec_is_right() -> None:
    lines = [line.strip() for line in (KATA / "spec.md").read_text(encoding="utf-8").splitlines() if line[:4] == "    "]
    names = {**vars(reference), "np": np}
    checked = 0
    for line in lines:
        parts = re.fullmatch(r"(?P<call>.*?)\s+(?P<w>w[12] )?≈ (?P<says>.*?)(\s{3,}.*)?", line)
        if parts is None:
            exec(line, names)
            continue
        if parts["w"]:
            exec(parts["call"], names)
            got = names[parts["w"].strip()]
        else:
            got = eval(parts["call"], names)
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", parts["says"])]
        np.testing.assert_allclose(np.concatenate([np.ravel(part) for part in got]), numbers, rtol=0, atol=6e-7)
        checked += 1
    assert checked == 8
