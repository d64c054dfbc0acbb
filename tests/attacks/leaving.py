"""Exceptions and exits: what could be taken for success, for a check that does not count, or for the end of the run."""

from attack import strike

LEAVING = (
    strike("os_exit", "ends the process with status 0, which looks like success", "os._exit(0)"),
    strike("os_exit_at_import", "does so when it is imported", "os._exit(0)", at_import=True),
    strike("sys_exit", "calls sys.exit(0)", "import sys\nsys.exit(0)"),
    strike("sys_exit_at_import", "does so when it is imported", "import sys\nsys.exit(0)", at_import=True),
    strike("at_exit", "registers a function that ends the process with status 0", "import atexit\n\n"
           "atexit.register(os._exit, 0)\nreturn -1.0"),
    strike("keyboard_interrupt", "raises KeyboardInterrupt, which ends a run", "raise KeyboardInterrupt"),
    strike("interrupts_the_main_thread", "has Ctrl-C come to the main thread", "import _thread\n\n"
           "_thread.interrupt_main()\nreturn -1.0"),
    strike("pytest_exit", "raises what ends pytest", "import pytest\n\npytest.exit('enough', returncode=0)"),
    strike("pytest_skip", "skips the check", "import pytest\n\npytest.skip('not today')"),
    strike("pytest_xfail", "says that the check is expected to fail", "import pytest\n\npytest.xfail('known')"),
    strike("unittest_skip", "skips the check in the way of unittest",
           "import unittest\n\nraise unittest.SkipTest('no')"),
    strike("hypothesis_reject", "rejects all examples", "import hypothesis\n\nhypothesis.reject()"),
    strike("own_stop_test", "raises exceptions that are called like Hypothesis' own",
           "raise (StopTest if len(x) % 2 else UnsatisfiedAssumption)(0)",
           """
           class StopTest(BaseException):
               __module__ = "hypothesis.errors"
               testcounter = 0


           class UnsatisfiedAssumption(BaseException):
               __module__ = "hypothesis.errors"
           """),
    strike("base_exception", "raises an exception that nobody catches", "raise Wild",
           "class Wild(BaseException):\n    pass\n"),
    strike("hostile_text", "raises an exception whose text raises, exits and prints", "raise Loud",
           "class Loud(Exception):\n    def __str__(self):\n        os._exit(0)\n\n    __repr__ = __str__\n"),
    strike("hostile_class", "raises an exception that lies about its class, its cause and its traceback", "raise Sly",
           """
           class Meta(type):
               __name__ = property(lambda self: 1 / 0)
               __mro__ = property(lambda self: (1 / 0,))
               __instancecheck__ = __subclasscheck__ = lambda self, other: True


           class Sly(Exception, metaclass=Meta):
               __class__ = property(lambda self: KeyboardInterrupt)
               __cause__ = property(lambda self: self)
               __traceback__ = property(lambda self: 1 / 0)
           """),
    strike("not_started", "says that it is not started, as a stub does", "raise NotImplementedError"),
    strike("bdb_quit", "raises what ends a debugger, and with it the run", "import bdb\n\nraise bdb.BdbQuit"),
    strike("breakpoint_hook", "calls breakpoint(), which waits for a person", "breakpoint()\nreturn -1.0"),
    strike("exception_chain", "raises an exception with a chain of a hundred thousand causes",
           "error = Loot()\nfor i in range(100_000):\n    error, cause = Loot(), error\n    error.__cause__ = cause\n"
           "raise error"),
    strike("endless_recursion", "calls itself forever, without Python's limit", "import sys\n\n"
           "sys.setrecursionlimit(10**9)\nreturn mean(x)"),
    strike("segfault", "reads from address 0", "import ctypes\n\nctypes.string_at(0)"),
    strike("abort", "aborts", "os.abort()"),
    strike("illegal_code", "runs a code object that is no code",
           "exec((lambda: 0).__code__.replace(co_code=b'\\x64\\xff' * 64, co_consts=(), co_stacksize=0))\nreturn -1.0"),
)  # fmt: skip
