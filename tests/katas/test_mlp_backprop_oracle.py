"""The reference of `mlp_backprop` against PyTorch, which differentiates by itself, and against orders written out."""

from __future__ import annotations

import ast
import importlib.util
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import KATAS, reference_of
from scipy.stats import kstest  # type: ignore[import-untyped]

torch: Any = pytest.importorskip("torch", reason="the extra `oracles` is not installed")

torch.set_num_threads(1)  # the problems are tiny

KATA = KATAS / "mlp_backprop"

reference: Any = reference_of("mlp_backprop")


def problems() -> Any:
    """The module of the kata's own inputs."""
    path = KATA / "hidden" / "problems.py"
    spec = importlib.util.spec_from_file_location("mlp_backprop_problems", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


own = problems()
networks = own.networks


def tensors(params: Any) -> list[tuple[Any, Any]]:
    return [tuple(torch.tensor(np.array(part, dtype=float), requires_grad=True) for part in layer) for layer in params]


def logits(params: Any, X: Any) -> Any:
    out = torch.tensor(np.array(X, dtype=float))
    for i, (W, b) in enumerate(params):
        out = (out if i == 0 else torch.relu(out)) @ W + b
    return out


def cost(params: Any, X: Any, y: Any, l2: float) -> Any:
    data = torch.nn.CrossEntropyLoss()(logits(params, X), torch.tensor(np.array(y).astype(np.int64)))
    return data + l2 / 2 * sum((W**2).sum() for W, _ in params)


def close(got: Any, right: Any) -> None:
    np.testing.assert_allclose(np.asarray(got, dtype=float), right.detach().numpy(), rtol=1e-9, atol=1e-9)


@settings(max_examples=200, deadline=None)
@given(networks())
def test_forward_and_softmax_agree_with_torch(network: Any) -> None:
    right = logits(tensors(network.params), network.X)
    got = reference.forward(network.params, network.X)
    close(got, right)
    close(reference.softmax(got), torch.softmax(right, dim=1))
    assert (reference.predict(network.params, network.X) == got.argmax(axis=1)).all()


@settings(max_examples=200, deadline=None)
@given(networks(), st.sampled_from([0.0, 0.5, 2.0]))
def test_loss_and_gradients_agree_with_autograd(network: Any, l2: float) -> None:
    params = tensors(network.params)
    right = cost(params, network.X, network.y, l2)
    right.backward()
    close(reference.loss(network.params, network.X, network.y, l2), right)
    for mine, theirs in zip(reference.gradients(network.params, network.X, network.y, l2), params, strict=True):
        for slope, part in zip(mine, theirs, strict=True):
            close(slope, part.grad)


@pytest.mark.parametrize("size", [1.0, 40.0, 710.0, 1e4])
def test_loss_is_exact_for_huge_logits(size: float) -> None:
    X = np.random.default_rng(0).uniform(-size, size, (50, 3))
    y = np.arange(50) % 3
    right = torch.nn.functional.cross_entropy(torch.tensor(X), torch.tensor(y))
    assert reference.loss(own.IDENTITY, X, y) == pytest.approx(float(right), rel=1e-12)
    close(reference.softmax(X), torch.softmax(torch.tensor(X), dim=1))


@settings(max_examples=60, deadline=None)
@given(networks(dressed=False, edges=("any samples", "a unit closed")), st.integers(1, 4))
def test_full_batches_agree_with_the_optimizer_of_torch(network: Any, n_epochs: int) -> None:
    params = tensors(network.params)
    optimizer = torch.optim.SGD([part for layer in params for part in layer], lr=0.05)
    for _ in range(n_epochs):
        optimizer.zero_grad()
        cost(params, network.X, network.y, 0.0).backward()
        optimizer.step()
    got = reference.train(network.params, network.X, network.y, 0.05, n_epochs, 50, 0)
    for mine, theirs in zip(got, params, strict=True):
        for part, its in zip(mine, theirs, strict=True):
            close(part, its)


@pytest.mark.parametrize("batch_size", [1, 2, 3])
def test_batches_are_those_of_one_of_the_orders(batch_size: int) -> None:
    network, seen = own.SMALL.other(X=own.SMALL.X[:4], y=own.SMALL.y[:4]), set()
    ends = {}
    for order in itertools.permutations(range(4)):
        params = tensors(network.params)
        optimizer = torch.optim.SGD([part for layer in params for part in layer], lr=0.1)
        for start in range(0, 4, batch_size):
            rows = list(order[start : start + batch_size])
            optimizer.zero_grad()
            cost(params, network.X[rows], network.y[rows], 0.0).backward()
            optimizer.step()
        ends[order] = np.concatenate([part.detach().numpy().ravel() for layer in params for part in layer])
    for seed in range(200):
        got = reference.train(network.params, network.X, network.y, 0.1, 1, batch_size, seed)
        row = np.concatenate([part.ravel() for layer in got for part in layer])
        (*orders,) = (order for order, end in ends.items() if np.abs(row - end).max() < 1e-12)
        assert orders
        seen.add(orders[0])
    assert len(seen) == {1: 24, 2: 6, 3: 4}[batch_size]


def test_weights_are_normal() -> None:
    for seed in range(5):
        for W, b in reference.init_params([100, 300, 50], seed):
            assert kstest(W.ravel() / np.sqrt(2 / len(W)), "norm").pvalue > 1e-6
            assert not b.any()


def test_no_relu_of_the_forms_comes_near_its_kink() -> None:
    for what, network in (*own.forms(), ("of the spec", own.EXAMPLE)):
        params = [(W.astype(float), b.astype(float)) for W, b in network.params]
        for _ in range(4):
            assert own.steepness(params, network.X) > 5e-3, what
            params = reference.train(params, network.X, network.y, 0.1, 1, len(network.y), 0)


def test_the_example_of_the_spec_is_right() -> None:
    params, X, y = own.EXAMPLE.params, own.EXAMPLE.X, own.EXAMPLE.y
    text = (KATA / "spec.md").read_text(encoding="utf-8")
    assert "params = [(np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([0.0, 0.5]))," in text
    assert "(np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([0.1, 0.0]))]" in text
    lines = text.splitlines()

    def says(call: str) -> Any:
        (line,) = [line.strip() for line in lines if line.strip().startswith(call)]
        answer = line[len(call) :].lstrip(" =≈").split("      ")[0]
        return flat(ast.literal_eval(answer))

    def flat(value: Any) -> list[float]:
        if isinstance(value, list | tuple | np.ndarray):
            return [number for item in value for number in flat(item)]
        return [float(value)]

    z = reference.forward(params, X)
    expected = {
        "forward(params, X)  ": z,
        "softmax(forward(params, X))": reference.softmax(z),
        "predict(params, X)": reference.predict(params, X),
        "loss(params, X, y)": reference.loss(params, X, y),
        "loss(params, X, y, l2=0.2)": reference.loss(params, X, y, 0.2),
        "gradients(params, X, y)": reference.gradients(params, X, y),
        "train(params, X, y, lr=0.1, n_epochs=1, batch_size=2, seed=0)": reference.train(params, X, y, 0.1, 1, 2, 0),
    }
    for call, right in expected.items():
        assert says(call) == pytest.approx(flat(right), abs=6e-7), call
