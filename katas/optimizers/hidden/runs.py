"""Runs of several steps: the solution's beside the reference's, each with states of its own."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pytest_mlkata.checks import close, numbers, pair

from . import reference as answer

TOLERANCE = {"rtol": 1e-6, "atol": 1e-15}


@dataclass
class Run:
    """One parameter that is trained: where the solution is, and where it should be.

    A run can be left where it is, and gone on with later, more than once: `after` gives a new one.
    """

    solution: Any
    name: str
    w: Any
    options: dict[str, Any]
    note: str = ""
    state: Any = None
    steps: int = 0
    right: tuple[Any, Any] = (None, None)
    largest: Any = 0.0
    few_digits: tuple[Any, ...] = field(default=())

    @classmethod
    def begin(cls, solution, name, w, note="", **options):
        """Begin with weights and no state."""
        return cls(solution, name, w, options, note, right=(w, None), largest=np.abs(w), few_digits=(w,))

    def after(self, grad):
        """Make a step, and require that its weights are right."""
        steps = self.steps + 1
        options = "".join(f", {key}={value}" for key, value in self.options.items())
        call = f"{self.name}(w, grad, {'state' if steps > 1 else None}{options})"
        where = f"{call}, step {steps}{f', {self.note}' if self.note else ''}"
        got = self.solution.call_keeping(1, self.name, self.w, grad, self.state, **self.options)
        w, state = pair(got, where, "w, state")
        w, w_where = numbers(w, f"w of {where}", np.shape(self.w)), f"w of {where}"
        right = getattr(answer, self.name)(self.right[0], grad, self.right[1], **self.options)
        largest, inputs = np.maximum(self.largest, np.abs(right[0])), (*self.few_digits, grad)
        close(w, right[0], w_where, inputs=inputs, magnitude=largest, **TOLERANCE)
        if self.w.dtype == np.float32:
            w = w.astype(np.float32)
        return Run(self.solution, self.name, w, self.options, self.note, state, steps, right, largest, self.few_digits)


def follow(solution, name, w, grads, note="", **options):
    """Make a step with each gradient, and require that the weights are right after each."""
    run = Run.begin(solution, name, w, note, **options)
    for grad in grads:
        run = run.after(grad)
    return run


def first_step(solution, name, w, grad, **options):
    """Return the weights after one step from no state, and how the call is written."""
    call = f"{name}({w.tolist()}, {grad.tolist()}, None{''.join(f', {key}={value}' for key, value in options.items())})"
    got = solution.call_keeping(1, name, w, grad, None, **options)
    return pair(got, call, "w, state")[0], f"w of {call}"
