"""How values and calls are written in a message to a learner."""

from __future__ import annotations

from typing import Any

import numpy as np

MAX_LENGTH = 160
_SHORT = (type(None), bool, int, float, complex, str, np.generic)
"""What is better written out than named."""


def shown(value: Any) -> str:
    """Write a value in one short line.

    Parameters
    ----------
    value
        Anything that a solution may return.

    Returns
    -------
    str
        A text of at most `MAX_LENGTH` characters.
    """
    text = _written(value)
    text = " ".join(text.split())
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


def _written(value: Any) -> str:
    """Write a value as a person would: numbers without the names of their types, also inside lists and tuples."""
    if isinstance(value, np.ndarray) and value.ndim:
        return np.array2string(value, threshold=12, edgeitems=3, separator=", ", max_line_width=10_000)
    if isinstance(value, np.ndarray | np.generic):
        return repr(value.item())
    if type(value) is list:
        return f"[{', '.join(map(_written, value[:MAX_LENGTH]))}]"
    if type(value) is tuple:
        return f"({', '.join(map(_written, value[:MAX_LENGTH]))}{',' * (len(value) == 1)})"
    return repr(value)


def kind(value: Any) -> str:
    """Say what an argument is: dtype and shape for an array, the value for anything small.

    Parameters
    ----------
    value
        An argument of a call.

    Returns
    -------
    str
        For example ``float64 (3, 2)``.
    """
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    return shown(value)


def called(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], parameters: tuple[str, ...] = ()) -> str:
    """Write a call by what its arguments are.

    Parameters
    ----------
    name
        The function.
    args, kwargs
        Its arguments.
    parameters
        What the stub calls them: given that, arrays go by their names, and only the rest is written out.

    Returns
    -------
    str
        For example ``fit(float64 (3, 2), int64 (3,), lr=0.1)``, or ``fit(X, y, lr=0.1)``.
    """
    parts = []
    for position, value in enumerate(args):
        known = parameters[position] if position < len(parameters) else ""
        parts.append(known if known and not isinstance(value, _SHORT) else kind(value))
    for key, value in kwargs.items():
        parts.append(f"{key}={key if parameters and not isinstance(value, _SHORT) else kind(value)}")
    return f"{name}({', '.join(parts)})"


def place(index: tuple[int, ...]) -> str:
    """Write the place of an element.

    Parameters
    ----------
    index
        Its index along each axis; empty for a single number.

    Returns
    -------
    str
        For example ``[0, 2]``, or nothing.
    """
    return f"[{', '.join(str(i) for i in index)}]" if index else ""
