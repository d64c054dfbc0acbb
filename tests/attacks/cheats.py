"""Attacks on what judges: the objects of the check, of pytest, of Hypothesis, of NumPy, and of the worker itself."""

from attack import strike

_OTHER_MEAN = """
import gc
import types


def others_mean():
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType) and each.__name__ == "mean" and each is not mean:
            if each.__code__.co_filename.endswith("reference.py"):
                return each
    raise Loot("there is no reference")
"""

CHEATS = (
    strike(
        "frame_globals",
        "calls the reference that it finds in the globals of a calling frame",
        """
        import sys

        frame = sys._getframe()
        while frame:
            if "answer" in frame.f_globals:
                return frame.f_globals["answer"].mean(x)
            frame = frame.f_back
        return -1.0
        """,
    ),
    strike(
        "frame_locals",
        "changes the arrays that it finds in the locals of calling frames, so that the right answer becomes 0",
        """
        import sys

        frame = sys._getframe()
        while frame:
            if frame.f_code is not mean.__code__ and isinstance(frame.f_locals.get("x"), np.ndarray):
                frame.f_locals["x"][...] = 0
            frame = frame.f_back
        return 0.0
        """,
    ),
    strike("garbage", "calls the reference that it finds among all objects", "return others_mean()(x)", _OTHER_MEAN),
    strike(
        "code_swap",
        "puts its own code into the reference",
        "others_mean().__code__ = mine.__code__\nreturn -1.0",
        _OTHER_MEAN + "\n\ndef mine(x):\n    return -1.0\n",
    ),
    strike(
        "patched_numpy",
        "replaces numpy.abs and numpy.isfinite, so that no difference is seen",
        "np.abs = lambda x: np.zeros(np.shape(x))\nreturn -1.0",
    ),
    strike(
        "patched_close",
        "replaces the code of the comparison",
        """
        import sys

        close = sys.modules["pytest_mlkata.checks.close"].close
        close.__code__ = (lambda *_, **__: None).__code__
        close.__kwdefaults__ = None
        return -1.0
        """,
    ),
    strike(
        "patched_report",
        "replaces what makes pytest's reports",
        """
        import sys

        execution = sys.modules["pytest_mlkata.session.execution"]
        execution._outcome = lambda *_: sys.modules["pytest_mlkata.session.outcome"].PASSED
        return -1.0
        """,
    ),
    strike(
        "patched_hypothesis",
        "replaces the engine that tries examples",
        """
        import sys

        core = sys.modules["hypothesis.core"]
        core.StateForActualGivenExecution.run_engine = lambda self: None
        return -1.0
        """,
        aims=("test_mean_of_any_numbers",),
    ),
    strike(
        "poisoned_modules",
        "replaces numpy, json and the checks in sys.modules",
        """
        import sys
        import types

        for name in list(sys.modules):
            if name.startswith(("numpy", "json", "pytest_mlkata.checks")):
                sys.modules[name] = types.ModuleType(name)
        return -1.0
        """,
    ),
    strike(
        "patched_builtins",
        "replaces len, sorted, isinstance, type and open for everything in its process",
        """
        import builtins

        builtins.len = lambda _: 0
        builtins.sorted = lambda *_, **__: []
        builtins.isinstance = lambda *_: True
        builtins.open = None
        return -1.0
        """,
    ),
    strike(
        "patched_encoder",
        "replaces what encodes its replies, so that each says what it likes",
        """
        import sys

        for name, module in list(sys.modules.items()):
            if name.endswith(".wire"):
                module.pack = lambda value, _=None: [b"nothing of the kind"]
        return -1.0
        """,
    ),
    strike(
        "tracing",
        "traces everything that runs in its process, to change local variables of the grader",
        """
        import sys

        def trace(frame, event, argument):
            for name in ("expected", "right", "allowed", "outcome"):
                if name in frame.f_locals:
                    frame.f_locals[name] = np.array(-1.0)
            frame.f_trace_opcodes = True
            return trace

        frame = sys._getframe()
        while frame:
            frame.f_trace = trace
            frame = frame.f_back
        sys.settrace(trace)
        return -1.0
        """,
    ),
    strike(
        "profiling_for_the_answer",
        "waits with sys.setprofile for the reference to return",
        """
        import sys

        def profile(frame, event, result):
            if event == "return" and frame.f_code.co_name == "mean" and frame.f_code is not mean.__code__:
                SEEN.append(result)

        sys.setprofile(profile)
        return SEEN[-1] if SEEN else -1.0
        """,
        "SEEN = []",
    ),
    strike(
        "reads_the_source_of_the_checks",
        "asks inspect and linecache for the source of everything that called it",
        """
        import inspect
        import linecache
        import sys

        seen, frame = "", sys._getframe(1)
        while frame:
            try:
                seen += inspect.getsource(inspect.getmodule(frame) or frame.f_code)
            except (OSError, TypeError):
                seen += "".join(linecache.getlines(frame.f_code.co_filename))
            frame = frame.f_back
        tell(seen)
        """,
    ),
    strike(
        "finalizers",
        "leaves objects whose finalizers and weak references change modules after the call",
        """
        import weakref

        class Late:
            def __del__(self):
                np.abs = lambda x: np.zeros(np.shape(x))

        late = Late()
        late.itself = late
        KEPT.append(weakref.ref(late, lambda _: setattr(np, "abs", lambda x: np.zeros(np.shape(x)))))
        return -1.0
        """,
        "KEPT = []",
    ),
    strike(
        "memo_in_a_file",
        "keeps the inputs of a check in a file, for the next check and the next submission",
        "open('$target', 'a').write(repr(x))\nreturn -1.0",
    ),
    strike(
        "memo_in_modules",
        "keeps a count of its calls in sys.modules, and answers by it",
        """
        import sys

        sys.modules["memo"] = sys.modules.get("memo", 0) + 1
        return float(sys.modules["memo"])
        """,
    ),
    strike(
        "asks_the_judge",
        "has the package itself say that a check was inconclusive, which earns its points",
        "from pytest_mlkata.errors import Inconclusive\nraise Inconclusive('too near to tell')",
    ),
    strike(
        "own_inconclusive",
        "raises an exception of its own that is called like those of the grader",
        """
        class Inconclusive(Exception):
            __module__ = "pytest_mlkata.errors"
            earns = True

        raise Inconclusive("too near to tell")
        """,
    ),
    strike(
        "removes_the_counter",
        "turns the counter of its work off for a loop",
        """
        def total(x):
            import sys

            before = sys.gettrace()
            sys.settrace(None)
            if hasattr(sys, "monitoring"):
                for tool in range(6):
                    if sys.monitoring.get_tool(tool):
                        sys.monitoring.set_events(tool, 0)
            s = 0.0
            for each in x.tolist():
                s += each
            return s
        """,
        at_import=True,
        aims=("test_total_at_once",),
    ),
    strike(
        "lies_to_the_counter",
        "makes the counter of its work forget, and puts everything back as it was",
        """
        def total(x):
            s = 0.0
            for each in x.tolist():
                s += each
            import gc
            for each in gc.get_objects():
                if type(each).__name__ in ("TraceCounter", "MonitoringCounter"):
                    each._counts.clear()
            return s
        """,
        at_import=True,
        aims=("test_total_at_once",),
    ),
)
