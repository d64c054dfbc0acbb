"""How a call is named in a message: short, and without asking anything of the values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

MAX_VALUE: Final = 40
MAX_CALL: Final = 300


@dataclass(frozen=True)
class Call:
    """What was asked of a submission.

    Attributes
    ----------
    name
        The function, method or attribute.
    args, kwargs
        The arguments as the judge holds them.
    parameters
        What the stub calls the arguments, where it is known.
    """

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()

    def argument(self, key: int | str) -> str:
        """Return what a message calls the argument at a position, or of a name, that nobody has vouched for."""
        if isinstance(key, int) and 0 <= key < len(self.args):
            return self.parameters[key] if key < len(self.parameters) else f"argument {key + 1}"
        return key if key in self.kwargs else "an argument"

    def outline(self) -> str:
        """Return how the call passes its arguments, the same for all values: ``fit(X, y, lr=…)``."""
        names = [self.parameters[i] if i < len(self.parameters) else "…" for i in range(len(self.args))]
        return f"{self.name}({', '.join([*names, *(f'{name}=…' for name in self.kwargs)])})"

    def __str__(self) -> str:
        """Return something like ``fit(float64 (3, 2), lr=0.1)``."""
        if " " in self.name:  # no call, but an event in words
            return self.name
        arguments = [describe(value) for value in self.args]
        arguments += [f"{name}={describe(value)}" for name, value in self.kwargs.items()]
        text = f"{self.name}({', '.join(arguments)})"
        return text if len(text) <= MAX_CALL else f"{text[: MAX_CALL - 5]} ...)"


def describe(value: Any) -> str:
    """Return a value in a few characters: arrays by dtype and shape, long values by type and length."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    if isinstance(value, (list, tuple, dict, set, frozenset, str, bytes)) and len(value) > MAX_VALUE:
        return f"{type(value).__name__} of length {len(value)}"
    text = repr(value)
    if len(text) <= MAX_VALUE:
        return text
    length = f" of length {len(value)}" if hasattr(type(value), "__len__") else ""
    return f"{type(value).__name__}{length}"
