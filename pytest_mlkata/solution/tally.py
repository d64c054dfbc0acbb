"""Counts what C code goes through object by object: `sum`, `sorted`, `map`, `list` and the like show in no event.

The submission is compiled once more, with each of its calls led through `Tally.call`, which looks at what is called and
not at how it is named. A call of what goes through Python objects counts with the number of them, at its line. So do
unpacking, displays with a star and `in`. Making an array of a list or a list of an array does nothing with the objects,
and is not counted; what is done with them is.

This module is loaded by the worker too: the standard library, NumPy and what is loaded beside it.
"""

from __future__ import annotations

import ast
import functools
import operator
import types
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

CALL: Final = "_mlkata_call"
SPREAD: Final = "_mlkata_spread"
SEARCH: Final = "_mlkata_search"

_UNTOUCHED: Final = frozenset({"super", "locals", "globals", "vars", "dir", "eval", "exec"})
"""Functions that look at the frame they are called from."""

_MODULES: Final = frozenset(
    {
        *("builtins", "itertools", "functools", "_functools", "operator", "_operator", "math", "cmath", "collections"),
        *("_collections", "heapq", "_heapq", "array", "_struct", "struct", "statistics", "_statistics", "json", "re"),
    }
)
"""Where the functions and types come from that may go through Python objects."""

_AT_ONCE: Final = frozenset(
    {
        *("len", "isinstance", "issubclass", "iter", "next", "id", "hash", "type", "getattr", "hasattr", "setattr"),
        *("delattr", "callable", "print", "repr", "ascii", "format", "slice", "property", "classmethod"),
        *("staticmethod", "object", "range", "float", "int", "complex", "bool", "str", "abs", "round", "pow", "divmod"),
        *(
            "reversed",
            "open",
            "input",
            "chr",
            "ord",
            "memoryview",
            "bytes",
            "bytearray",
            "partial",
            "cmp_to_key",
            "namedtuple",
        ),
        # of operator
        *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "neg", "pos", "invert", "eq", "ne", "lt", "le"),
        *("gt", "ge", "and_", "or_", "xor", "lshift", "rshift", "not_", "truth", "is_", "is_not", "index", "getitem"),
        *("setitem", "length_hint", "attrgetter", "itemgetter", "methodcaller", "iadd", "isub", "imul", "itruediv"),
    }
)
"""Functions and types among them that take what they are given as a whole."""

_METHODS: Final = frozenset(
    {
        *("extend", "extendleft", "sort", "index", "count", "remove", "reverse", "join", "update", "fromkeys", "union"),
        *("intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint", "tolist"),
        *("fromlist", "findall", "split", "splitlines", "unpack", "unpack_from", "elements", "most_common", "subtract"),
        *("__contains__", "total", "intersection_update", "difference_update"),
    }
)
"""Methods of theirs that do not."""

_KEYWORDS: Final = frozenset({"iterable", "iter", "data"})
"""How what is gone through is called where it has a name."""

_PYTHON: Final = (types.FunctionType, types.MethodType)
_SIZED: Final = frozenset({"builtins", "numpy", "collections", "itertools", "array"})


class Tally:
    """Counts objects gone through in C, by line and by what goes through them."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, str]] = Counter()
        self._names = {CALL: self.call, SPREAD: self.spread, SEARCH: self.search}

    def compile(self, source: str, filename: str) -> tuple[types.CodeType, dict[str, Callable[..., Any]]]:
        """Compile a source such that its calls are seen, and return with it the names that it needs."""
        tree = _Rewriter().visit(ast.parse(source, filename))
        code = compile(ast.fix_missing_locations(tree), filename, "exec", dont_inherit=True)
        return code, self._names

    def is_installed(self, namespace: dict[str, Any]) -> bool:
        """Tell whether the compiled source still calls what it was given."""
        return all(namespace.get(name) == function for name, function in self._names.items())

    def start(self) -> None:
        """Begin anew."""
        self._counts.clear()

    def places(self) -> dict[str, int]:
        """Return the number of objects gone through at each place, which is called ``line 5 (sum)``."""
        return {f"line {line} ({name})": count for (line, name), count in self._counts.items()}

    def call(self, line: int, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Make a call, and count what it goes through."""
        callee = function
        while isinstance(callee, functools.partial):
            callee = callee.func
        name = _driver(callee, args)
        # Before the call: it uses iterators up.
        size = _given(callee, name, args, kwargs) if name else 0
        result = function(*args, **kwargs)
        if name:
            # `sum` of arrays is an array, which nothing went through.
            made = 0 if isinstance(result, np.ndarray) and callee is not np.fromiter else _size(result)
            self._counts[line, name] += max(size, made)
        elif type(result) is np.ndarray and result.dtype.hasobject:
            # Whatever is done with these is done object by object.
            self._counts[line, _name_of(callee)] += result.size
        return result

    def spread(self, line: int, value: Any, /) -> Any:
        """Let something be unpacked."""
        self._counts[line, "unpacking"] += _size(value)
        return value

    def search(self, line: int, value: Any, /) -> Any:
        """Let something be searched by ``in``."""
        if type(value) in _SEARCHED:
            self._counts[line, "in"] += len(value)
        return value


_SEARCHED: Final[tuple[type, ...]] = (list, tuple, deque, type({}.values()))


def _driver(callee: Any, args: tuple[Any, ...]) -> str:
    """Return the name of what goes through Python objects; nothing if it does not."""
    if isinstance(callee, np.vectorize):
        return "vectorize"
    if isinstance(callee, np.ufunc):
        return callee.__name__ if all(set(each) <= set("O->") for each in callee.types) else ""
    if isinstance(callee, operator.itemgetter | operator.methodcaller):
        return type(callee).__name__
    name, owner = _name_of(callee), _owner(callee, args)
    if owner is not None:
        kind = owner if isinstance(owner, type) else type(owner)
        counts = _module_of(kind) in _MODULES and name in _METHODS
    elif (callee is list or callee is tuple) and args:
        counts = type(args[0]) not in _CONVERTED
    elif callee is min or callee is max:
        counts = len(args) == 1
    else:
        counts = callee is np.fromiter or (_module_of(callee) in _MODULES and name not in _AT_ONCE)
    return name if counts else ""


_CONVERTED: Final = (list, tuple, np.ndarray)
"""To make a list of an array, or to copy one, does nothing yet; what is done with the list is seen."""


def _given(callee: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
    """Return the number of objects in the largest thing that a call is given to go through."""
    if isinstance(callee, operator.itemgetter | operator.methodcaller):
        return 0
    owner = _owner(callee, args) if name != "join" else None
    given = (owner, *args, *(value for key, value in kwargs.items() if key in _KEYWORDS))
    return max(map(_size, given))


def _owner(callee: Any, args: tuple[Any, ...]) -> Any:
    """Return the object that a method of C code belongs to."""
    if isinstance(callee, types.BuiltinMethodType | types.MethodWrapperType):
        owner = callee.__self__
        return None if isinstance(owner, types.ModuleType) else owner
    if isinstance(callee, types.MethodDescriptorType | types.WrapperDescriptorType) and args:
        return args[0]
    return None


def _module_of(callee: Any) -> str:
    module = getattr(callee, "__module__", None)
    return module if type(module) is str else ""


def _name_of(callee: Any) -> str:
    name = getattr(callee, "__name__", None)
    return name if type(name) is str else type(callee).__name__


def _size(value: Any) -> int:
    """Return how many objects there are to go through, as far as that can be told without running the submission."""
    if isinstance(value, np.ndarray):
        return len(value) if value.ndim else 0
    if isinstance(value, type) or type(value) in _TEXTS or type(value).__module__ not in _SIZED:
        return 0
    return operator.length_hint(value, 0)


_TEXTS: Final = (str, bytes, bytearray)


class _Rewriter(ast.NodeTransformer):
    """Leads calls, stars and searches through the functions of a `Tally`."""

    def visit_Starred(self, node: ast.Starred) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load):
            node.value = _through(SPREAD, node.value)
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        self.generic_visit(node)
        pairs = zip(node.keys, node.values, strict=True)
        node.values = [_through(SPREAD, value) if key is None else value for key, value in pairs]
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if any(isinstance(each, ast.Starred) for target in node.targets for each in ast.walk(target)):
            node.value = _through(SPREAD, node.value)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        pairs = zip(node.ops, node.comparators, strict=True)
        node.comparators = [
            _through(SEARCH, value) if isinstance(kind, ast.In | ast.NotIn) else value for kind, value in pairs
        ]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        for keyword in node.keywords:
            if keyword.arg is None:
                keyword.value = _through(SPREAD, keyword.value)
        if isinstance(node.func, ast.Name) and node.func.id in _UNTOUCHED:
            return node
        line = ast.copy_location(ast.Constant(node.lineno), node.func)
        name = ast.copy_location(ast.Name(CALL, ast.Load()), node.func)
        return ast.copy_location(ast.Call(name, [line, node.func, *node.args], node.keywords), node)


def _through(name: str, value: ast.expr) -> ast.expr:
    call = ast.Call(ast.Name(name, ast.Load()), [ast.Constant(value.lineno), value], [])
    return ast.fix_missing_locations(ast.copy_location(call, value))
