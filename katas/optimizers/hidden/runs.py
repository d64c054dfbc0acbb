"""Runs of several steps: the solution's beside the reference's, each with states of its own."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pytest_mlkata.checks import close, numbers, pair

from . import reference as answer

TOLERANCE = {"rtol": 1e-6, "atol": 1e-15}
FEW = 3
"""A run of so many numbers and steps is written out."""


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
    right: tuple[Any, Any] = (None, None)
    largest: Any = 0.0
    begun: Any = None
    grads: tuple[Any, ...] = ()

    @classmethod
    def begin(cls, solution, name, w, note="", **options):
        """Begin with weights and no state."""
        return cls(solution, name, w, options, note, right=(w, None), largest=np.abs(w), begun=w)

    def after(self, grad):
        """Make a step, and require that its weights are right."""
        grads = (*self.grads, grad)
        where = self._where(grads)
        got = self.solution.call_keeping(1, self.name, self.w, grad, self.state, **self.options)
        w, state = pair(got, where, "w, state")
        w, w_where = numbers(w, f"w of {where}", np.shape(self.w)), f"w of {where}"
        right = getattr(answer, self.name)(self.right[0], grad, self.right[1], **self.options)
        largest = np.maximum(self.largest, np.abs(right[0]))
        close(w, right[0], w_where, inputs=(self.begun, grad), magnitude=largest, **TOLERANCE)
        if self.w.dtype == np.float32:
            w = w.astype(np.float32)
        return replace(self, w=w, state=state, grads=grads, right=right, largest=largest)

    def _where(self, grads):
        """Say which step it is, and how the run came there if that is short."""
        state = "None" if len(grads) == 1 else "state"
        options = "".join(f", {key}={value}" for key, value in self.options.items())
        came = ""
        if np.size(self.begun) <= FEW and len(grads) <= FEW:
            came = f" from w = {self.begun.tolist()} with grad = {', then '.join(str(each.tolist()) for each in grads)}"
        note = f", {self.note}" if self.note else ""
        return f"{self.name}(w, grad, {state}{options}), step {len(grads)}{came}{note}"


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
