"""Names that NumPy has given up: half of what is written about NumPy still uses them.

NumPy itself says only that there is no such attribute, or says it in a paragraph; here it is one sentence.
"""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = {
    **dict.fromkeys(("bool", "int", "float", "complex", "object", "str"), ("1.24", "Python's own {name}")),
    "long": ("1.24", "int"),
    "unicode": ("1.24", "str"),
    "alltrue": ("2.0", "np.all"),
    "asfarray": ("2.0", "np.asarray(x, dtype=float)"),
    "asscalar": ("1.23", "a.item()"),
    "bool8": ("2.0", "np.bool_"),
    "cast": ("2.0", "np.asarray(x, dtype)"),
    "cfloat": ("2.0", "np.complex128"),
    "complex_": ("2.0", "np.complex128"),
    "cumproduct": ("2.0", "np.cumprod"),
    "find_common_type": ("2.0", "np.result_type"),
    "float_": ("2.0", "np.float64"),
    "in1d": ("2.4", "np.isin"),
    "Inf": ("2.0", "np.inf"),
    "Infinity": ("2.0", "np.inf"),
    "infty": ("2.0", "np.inf"),
    "longfloat": ("2.0", "np.longdouble"),
    "mat": ("2.0", "np.asarray"),
    "math": ("2.0", "Python's own module math"),
    "msort": ("2.0", "np.sort(x, axis=0)"),
    "NaN": ("2.0", "np.nan"),
    "NAN": ("2.0", "np.nan"),
    "NINF": ("2.0", "-np.inf"),
    "PINF": ("2.0", "np.inf"),
    "product": ("2.0", "np.prod"),
    "round_": ("2.0", "np.round"),
    "sometrue": ("2.0", "np.any"),
    "string_": ("2.0", "np.bytes_"),
    "trapz": ("2.4", "np.trapezoid (before NumPy 2.0: scipy.integrate.trapezoid), or write the sum out"),
    "unicode_": ("2.0", "np.str_"),
}
_METHODS: Final = {
    "itemset": ("2.0", "a[index] = value"),
    "newbyteorder": ("2.0", "a.view(a.dtype.newbyteorder(order))"),
    "ptp": ("2.0", "np.ptp(a)"),
    "tostring": ("2.3", "a.tobytes()"),
}
_NAME_IS_GONE: Final = (
    re.compile(r"module 'numpy' has no attribute '(\w+)'"),
    re.compile(r"`np\.(\w+)` was removed in the NumPy"),
    re.compile(r"cannot import name '(\w+)' from 'numpy' "),
)
_METHOD_IS_GONE: Final = re.compile(
    r"`?(\w+)` was removed from the ndarray class|'numpy\.ndarray' object has no attribute '(\w+)'"
)
_NO_SCALAR: Final = "only 0-dimensional arrays can be converted to Python scalars"


def successor(text: str) -> str:
    """Say what to write instead of a NumPy name that is gone.

    Parameters
    ----------
    text
        What an exception of the submission says.

    Returns
    -------
    str
        A sentence; empty where the text is about anything else.
    """
    for pattern in _NAME_IS_GONE:
        if (found := pattern.match(text)) and found[1] in _NAMES:
            version, instead = _NAMES[found[1]]
            return f"np.{found[1]} is gone since NumPy {version}; use {instead.format(name=found[1])}"
    if (found := _METHOD_IS_GONE.match(text)) and (name := found[1] or found[2]) in _METHODS:
        version, instead = _METHODS[name]
        return f"arrays have no method {name} since NumPy {version}; use {instead}"
    if text.startswith(_NO_SCALAR):
        return (
            f"{text}: since NumPy 2.4 not even an array of one number becomes a number by itself; use a[0] or a.item()"
        )
    return ""
