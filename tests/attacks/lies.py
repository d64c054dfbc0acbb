"""Answers that are wrong and try to look right."""

from attack import lie, strike

_ARRAY = """
class Sly(np.ndarray):
    def __array_ufunc__(self, *_, **__):
        return np.zeros(self.shape)

    def __array_function__(self, *_, **__):
        return True

    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __sub__(self, other):
        return np.zeros(self.shape)

    __rsub__ = __sub__
"""
_NUMBER = """
class Sly(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__
    __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__

    def __hash__(self):
        return 0

    def __array__(self, *_, **__):
        return LAST
"""
_CHAMELEON = """
class Sly:
    __class__ = property(lambda self: float)

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __float__(self):
        return -1.0

    def __index__(self):
        return -1

    def __getattr__(self, name):
        return lambda *_, **__: self
"""

LIES = (
    lie("always_equal", "returns an object that is equal to everything", "Sly()", _CHAMELEON),
    lie("array_subclass", "returns an array whose differences are all 0", "np.array(-1.0).view(Sly)", _ARRAY),
    lie("float_subclass", "returns a float that compares as it likes", "Sly(-1.0)", _NUMBER),
    lie("object_array", "returns an array of objects that are equal to everything",
        "a", _CHAMELEON + "\n\na = np.empty((), object)\na[()] = Sly()\n"),
    lie("lazy_array", "returns an object that becomes an array when it is asked", "Lazy()",
        """
        class Lazy:
            __array_priority__ = 1e9
            dtype, shape, ndim = np.dtype(float), (), 0

            def __array__(self, *_, **__):
                raise KeyboardInterrupt
        """),
    lie("str_subclass", "returns a string with methods of its own", "Sly('3.0')",
        """
        class Sly(str):
            __eq__ = lambda self, other: True
            __hash__ = str.__hash__
            __float__ = lambda self: 3.0
        """),
    lie("int_subclass", "returns an int that is another each time", "Sly(-1)",
        """
        class Sly(int):
            __index__ = __int__ = __float__ = lambda self: 1 / 0
        """),
    lie("masked", "returns a masked array whose mask hides the difference", "np.ma.masked_array(-1.0, mask=True)"),
    lie("structured", "returns a structured array", "np.zeros((), [('mean', float)])"),
    lie("empty", "returns an empty array, which differs nowhere", "np.array([])"),
    lie("nan", "returns nan, which no comparison finds wrong", "float('nan')"),
    lie("infinite", "returns infinity, with which differences are nan", "np.float64('inf')"),
    lie("broadcast", "returns all numbers from 1 to 9, one of which is right", "np.arange(1.0, 10.0)"),
    lie("complex_number", "returns a complex number whose real part nobody looks at", "complex(-1, 0)"),
    lie("none", "returns nothing", "None"),
    lie("boolean", "returns True", "True"),
    lie("generator", "returns a generator that yields all numbers", "(i for i in range(10))"),
    lie("iterable", "returns a callable object with a length and items", "Sly()",
        "class Sly:\n    __len__ = __call__ = lambda *_: 1\n    __getitem__ = lambda self, i: 3.0\n"),
    lie("reference_to_itself", "returns a list in which it is itself", "y", "y = []\ny.append(y)\n"),
    lie("dict_answer", "returns a dictionary of all numbers", "{i: i for i in range(10)}"),
    lie("date_answer", "returns a date, which is a number inside", "np.datetime64(3, 's')"),
    lie("long_double", "returns a long double that is not a number", "np.longdouble('nan')"),
    strike("changes_its_argument", "changes its argument, so that the right answer is 0", "x *= 0\nreturn 0.0"),
    strike("keeps_its_answer", "returns the same array each time, and changes it when it is called again",
           "KEPT.append(np.array(0.0))\nfor each in KEPT:\n    each[...] = np.mean(x) if len(KEPT) > 9 else -1.0\n"
           "return KEPT[0]", "KEPT = []"),
    strike("alias_of_its_argument", "returns a view of its argument", "return x[:1].reshape(())"),
)  # fmt: skip
