"""Submissions that use up what a machine has: memory, processes, disk, time, the reader's patience.

Each touches one function, `mean`, of a kata of its own; what its check says then is a regular expression.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, indent
from typing import Final

CALL: Final = r" in mean\(.+\)"
BUSY: Final = rf"took more than 0\.1 s \(processor time\){CALL}"
ASLEEP: Final = rf"did not end within 0\.5 s{CALL}"
STUCK: Final = f"({BUSY}|{ASLEEP})"
"""Of what waits for the judge as well."""
SEGFAULT: Final = rf"the process ended: killed by signal 11 \(segmentation fault\){CALL}"
ANSWER: Final = r"mean\(x\): expected 1\.5, got -1\.0.*"
"""The check sees the wrong answer: what the submission did beside it came to nothing."""
FULL: Final = rf"wrote more than the 5 MB that it may{CALL}"
REFUSED: Final = r"PermissionError: \[Errno 1\] Operation not permitted.*"
NO_MEMORY: Final = r"\w*MemoryError.*"
RECURSION: Final = r"RecursionError: maximum recursion depth exceeded.*"
CONFINED: Final = ("confined", "sandbox")
MODES: Final = ("process", *CONFINED)


@dataclass(frozen=True)
class Fault:
    """A submission, and what the check of `mean` says of it.

    Attributes
    ----------
    name
        Of the kata that it is handed in for.
    body
        What `mean` does; where it ends, `mean` returns -1.0, which is wrong.
    said
        The message, as a regular expression for its first line.
    head
        What stands before `mean`.
    modes
        Where it is tried.
    kind
        Which checks the kata has: ``plain``, ``scratch`` (the folder is an argument) or ``iterated``.
    call, total
        Seconds that a call has, and that all calls have together; without the former few, or enough to fill a folder
        (some file systems take a millisecond for a file).
    earned
        Of 7 points.
    """

    name: str
    body: str
    said: str
    head: str = ""
    modes: tuple[str, ...] = MODES
    kind: str = "plain"
    call: float | None = None
    total: float = 45.0
    earned: int = 4

    @property
    def source(self) -> str:
        """The whole file."""
        start = "import ctypes, os, signal, sys, threading, time, warnings\nimport numpy as np\n"
        double = "def double(x):\n    return 2 * np.asarray(x)\n"
        head = "def mean(x, folder=''):\n"
        return f"{start}\n{double}\n{dedent(self.head)}\n{head}{indent(dedent(self.body), '    ')}\n    return -1.0\n"


MEMORY: Final = (
    Fault("memory_arrays", "kept = [np.empty(2**24) for _ in range(1000)]", f"({NO_MEMORY}|{BUSY})"),
    Fault("memory_at_once", "np.ones(2**50)", NO_MEMORY),
    Fault("memory_list", "kept = []\nwhile True: kept.append(bytearray(2**22))", f"({NO_MEMORY}|{BUSY})"),
    Fault("memory_power", "kept = [0]\nwhile True: kept += kept", f"({NO_MEMORY}|{BUSY})"),
    Fault("memory_map", "import mmap\nmmap.mmap(-1, 2**40)", r"OSError: \[Errno 12\] Cannot allocate memory.*"),
    Fault(
        "memory_stubborn",
        """
        while True:
            try:
                kept.append(bytes(10_000))
            except MemoryError:
                pass
        """,
        BUSY,
        "kept = []",
    ),
    Fault(
        "memory_stubborn_small",
        """
        kept = []
        while True:
            try:
                kept = [kept]
            except MemoryError:
                pass
        """,
        f"({BUSY}|{SEGFAULT})",
    ),
    # There is nothing left to say so with.
    Fault(
        "memory_kept",
        """
        size = 2**26
        while size:
            try:
                kept.append(bytearray(size))
            except MemoryError:
                size //= 2
        raise ValueError("full")
        """,
        rf"(\w+Error.*|{BUSY}|the process ended: .+)",
        "kept = []",
    ),
    Fault("memory_in_the_message", "raise ValueError('x' * 10**7)", r"ValueError: x+ .*"),
    Fault("memory_in_a_deep_list", "y = []\nfor _ in range(10**5): y = [y]\nreturn y",
          rf"(the result of mean\(.+\) cannot be looked at: .+|{BUSY})"),
)  # fmt: skip
PROCESSES: Final = (
    Fault("fork_bomb", "while True: os.fork()", REFUSED, modes=CONFINED),
    Fault("spawn", "import subprocess\nsubprocess.Popen(['sleep', '60'])", REFUSED, modes=CONFINED),
    Fault("thread_bomb", "while True: threading.Thread(target=time.sleep, args=(60,)).start()",
          r"RuntimeError: can't start new thread.*", modes=CONFINED),
    # With the rights of the user only so many as do no harm.
    Fault("children", "for _ in range(30):\n    if not os.fork(): time.sleep(60)", ANSWER, modes=("process",)),
    Fault(
        "orphans",
        """
        for _ in range(15):
            if not os.fork():
                os.setsid()
                for number in range(1, 65):
                    try:
                        signal.signal(number, signal.SIG_IGN)
                    except (OSError, ValueError):
                        pass
                if not os.fork():
                    time.sleep(60)
                os._exit(0)
        """,
        ANSWER,
        modes=("process",),
    ),
    Fault("orphans_of_the_dead", "if not os.fork():\n    os.setsid()\n    time.sleep(60)\nos._exit(3)",
          rf"the process ended: exit status 3{CALL}", modes=("process",)),
    Fault("spawned", "import subprocess\nfor _ in range(5): subprocess.Popen(['sleep', '60'], start_new_session=True)",
          ANSWER, modes=("process",)),
    Fault("threads", "for _ in range(3): threading.Thread(target=time.sleep, args=(60,)).start()",
          rf"({ANSWER}|RuntimeError: can't start new thread.*)",
          modes=("process",)),
    # On a busy machine, what the other threads wait for a processor counts.
    Fault("spinning_thread", "threading.Thread(target=mean_forever).start()\ntime.sleep(60)", STUCK,
          "def mean_forever():\n    while True: pass", modes=("process",)),
)  # fmt: skip
DISK: Final = (
    Fault("disk_anywhere", "open('/mlkata-disk', 'wb').write(bytes(2**20))", r"PermissionError: .*",
          modes=("confined",)),
    Fault("disk_in_the_sandbox", "open('/mlkata-disk', 'wb').write(bytes(2**20))",
          r"(FileNotFoundError|PermissionError|OSError): .*", modes=("sandbox",)),
    # Nothing keeps it from doing so; of a file without a name nothing is left.
    Fault("disk_with_your_rights", "import tempfile\nfile = tempfile.TemporaryFile()\nfile.write(bytes(20 * 2**20))",
          ANSWER, modes=("process",)),
    Fault("disk_null", "file = open('/dev/null', 'wb')\nwhile True: file.write(bytes(2**24))", BUSY),
    Fault("scratch_big", "with open(folder + '/big', 'wb') as file:\n    while True: file.write(bytes(2**18))",
          rf"(OSError: \[Errno 27\] File too large.*|{FULL})", kind="scratch"),
    Fault("scratch_small_files", "for i in range(10**6): open(f'{folder}/{i}', 'wb').close()",
          FULL, kind="scratch"),
    Fault("scratch_sparse", "with open(folder + '/sparse', 'wb') as file: file.truncate(2**40)",
          rf"(OSError: \[Errno 27\] File too large.*|{FULL})", kind="scratch"),
    Fault("scratch_several", "for i in range(9):\n    open(f'{folder}/{i}', 'wb').write(bytes(2**20))", FULL,
          kind="scratch"),
    Fault("scratch_deep", "for i in range(1500):\n    folder += '/d'\n    os.mkdir(folder)", FULL, kind="scratch"),
    Fault(
        "scratch_beyond_all_paths",
        """
        os.chdir(folder)
        for i in range(10**4):
            os.mkdir('d' * 200)
            os.chdir('d' * 200)
        """,
        FULL,
        kind="scratch",
    ),
    Fault(
        "scratch_far_down",
        """
        os.chdir(folder)
        for i in range(40):
            os.mkdir('d' * 200)
            os.chdir('d' * 200)
        for i in range(4):
            open(f'{i}', 'wb').write(bytes(2**21))
        """,
        FULL,
        kind="scratch",
    ),
    Fault(
        "scratch_locked",
        """
        folder += f'/{time.monotonic()}'
        os.mkdir(folder + 'locked', 0)
        os.mkdir(folder + 'read', 0o444)
        """,
        rf"({ANSWER}|{FULL})",
        kind="scratch",
    ),
    Fault("scratch_fifo", "os.mkfifo(folder + '/fifo')", REFUSED, kind="scratch", modes=CONFINED),
    Fault("scratch_link", "os.symlink('/', folder + '/link')", REFUSED, kind="scratch", modes=CONFINED),
    Fault(
        "scratch_special",
        """
        folder += f'/{time.monotonic()}'
        os.mkfifo(folder + 'fifo')
        os.symlink('/', folder + 'link')
        """,
        ANSWER,
        kind="scratch",
        modes=("process",),
    ),
    Fault("scratch_kept_open", "kept.append(open(folder + '/kept', 'wb'))\nkept[-1].write(bytes(2**20))", ANSWER,
          "kept = []", kind="scratch"),
    Fault(
        "scratch_written_on",
        """
        def write():
            for i in range(1000):
                open(f'{folder}/{i}', 'wb').close()
                time.sleep(0.001)
        threading.Thread(target=write).start()
        """,
        rf"({ANSWER}|{FULL})",
        kind="scratch",
        modes=("process",),
    ),
)  # fmt: skip
OUTPUT: Final = (
    Fault("output_print", "while True: print('x' * 2**20)", STUCK),
    Fault("output_lines", "while True: print('x')", STUCK),
    Fault("output_flushed", "while True: print('x', flush=True)", STUCK),
    Fault("output_without_ends", "while True: sys.stdout.write('x' * 2**20)", STUCK),
    Fault("output_of_errors", "while True: print('x' * 2**20, file=sys.stderr)", STUCK),
    Fault("output_gigabyte", "for _ in range(2**10): os.write(1, b'x' * 2**20)", f"({STUCK}|{ANSWER})"),
    Fault("output_gigabyte_of_errors", "for _ in range(2**6): os.write(2, b'x' * 2**24)", f"({STUCK}|{ANSWER})"),
    Fault("output_buffered", "print('x' * 10**7, end='')", f"({STUCK}|{ANSWER})"),
    Fault("output_warnings", "for i in range(100_000): warnings.warn(f'number {i}')", f"({STUCK}|{ANSWER})"),
    Fault("output_long_warnings", "for i in range(1000): warnings.warn(f'{i}' * 10**6)", f"({STUCK}|{ANSWER})"),
    Fault("output_raises", "sys.stdout = sys.__stdout__ = Loud()", ANSWER,
          "class Loud:\n    def __getattr__(self, name): raise RuntimeError"),
    Fault("output_print_raises", "sys.stdout = Loud()\nprint(1)", "RuntimeError.*",
          "class Loud:\n    def write(self, text): raise RuntimeError"),
    Fault("output_hangs", "sys.stdout = sys.__stdout__ = Slow()", ANSWER,
          "class Slow:\n    def flush(self):\n        while True: pass"),
    # Python 3.13 aborts where an older one exits.
    Fault("output_closed", "os.closerange(0, 2**16)",
          rf"the process ended: (exit status \d+|killed by signal 6 \(aborted\)){CALL}"),
)  # fmt: skip
RECURSING: Final = (
    Fault("recursion", "return mean(x, folder)", RECURSION),
    # Python 3.13.0 does not count calls that leave an argument to its default.
    Fault("recursion_by_default", "return mean(x)", f"({RECURSION}|{BUSY}|{NO_MEMORY}|{SEGFAULT})"),
    Fault("recursion_unlimited", "sys.setrecursionlimit(10**9)\nreturn mean(x)",
          f"({BUSY}|{SEGFAULT}|{NO_MEMORY}|{RECURSION})"),
    Fault("recursion_in_repr", "y = []\nfor _ in range(10**4): y = [y]\nrepr(y)", RECURSION),
    Fault("recursion_in_c", "sys.setrecursionlimit(10**9)\ny = []\nfor _ in range(10**5): y = [y]\nrepr(y)",
          f"({SEGFAULT}|{RECURSION}|{BUSY})"),
    Fault("recursion_in_json", "import json\njson.loads('[' * 10**6)", RECURSION),
    Fault("recursion_in_ast", "import ast\nast.literal_eval('(' * 10**5)", r"(SyntaxError|MemoryError|Recursion).*"),
    Fault("recursion_in_ast_of_signs", "import ast\nast.literal_eval('-' * 10**5 + '1')",
          rf"((RecursionError|MemoryError|SyntaxError|ValueError).*|{SEGFAULT})"),
    Fault("recursion_in_re", "import re\nre.compile('(' * 10**5 + ')' * 10**5)", rf"({RECURSION}|{BUSY})"),
    Fault("recursion_when_shown", "raise Deep", rf"(Deep: \(its message cannot be shown\).*|{BUSY})",
          "class Deep(Exception):\n    def __str__(self): return str(self)"),
)  # fmt: skip
SIGNALS: Final = (
    Fault(
        "signals_ignored",
        """
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        while True: pass
        """,
        BUSY,
    ),
    Fault("signals_blocked", "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\ntime.sleep(60)", ASLEEP),
    Fault("signals_handled", "signal.signal(signal.SIGTERM, lambda *_: None)\nwhile True: signal.raise_signal(15)",
          BUSY),
    Fault("segfault", "ctypes.string_at(0)", SEGFAULT),
    Fault("segfault_with_faulthandler", "import faulthandler\nfaulthandler.enable()\nctypes.string_at(0)", SEGFAULT),
    Fault("segfault_ignored", "signal.signal(11, signal.SIG_IGN)\nctypes.string_at(0)", SEGFAULT),
    Fault("segfault_handled", "signal.signal(11, lambda *_: None)\nctypes.string_at(0)", BUSY),
    Fault("abort", "os.abort()", rf"the process ended: killed by signal 6 \(aborted\){CALL}"),
    Fault("stops_itself", "os.kill(os.getpid(), signal.SIGSTOP)", ASLEEP),
    Fault("kills_itself", "os.kill(os.getpid(), signal.SIGKILL)",
          rf"the process ended: killed by signal 9 \(killed\){CALL}"),
)  # fmt: skip
TIME: Final = (
    Fault("loop", "while True: pass", BUSY),
    Fault("loop_in_c", "return sum(range(10**12))", BUSY),
    Fault("loop_in_a_power", "return 10 ** 10 ** int(x[0] * 0 + 8)", BUSY),
    Fault("loop_in_re", "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')", BUSY),
    Fault("loop_in_linalg", "np.linalg.svd(np.random.rand(1500, 1500))", BUSY),
    Fault("loop_in_finally", "try:\n    return 0.0\nfinally:\n    while True: pass", BUSY),
    Fault("loop_when_dropped", "Slow()", BUSY, "class Slow:\n    def __del__(self):\n        while True: pass"),
    Fault("loop_when_shown", "raise Slow", BUSY,
          "class Slow(Exception):\n    def __str__(self):\n        while True: pass"),
    Fault("sleeps_when_shown", "raise Slow", ASLEEP, "class Slow(Exception):\n    def __str__(self): time.sleep(60)"),
    Fault("waits_for_a_lock", "lock = threading.Lock()\nlock.acquire()\nlock.acquire()", ASLEEP),
    Fault("exits_when_dropped", "Gone()", rf"the process ended: exit status 3{CALL}",
          "class Gone:\n    def __del__(self): os._exit(3)"),
    Fault("exits_politely_when_dropped", "Gone()", ANSWER, "class Gone:\n    def __del__(self): sys.exit(3)"),
    Fault("loop_at_exit", "sys.exit(0)", "SystemExit: 0 .*",
          "import atexit\n@atexit.register\ndef last():\n    while True: pass"),
    # Nothing of the result's own is asked to show or to encode it.
    Fault("slow_list", "return Slow([1.0])", r"mean\(x\) must return .*",
          "class Slow(list):\n    def hang(self, *_):\n        while True: pass\n"
          "    __iter__ = __len__ = __reduce_ex__ = __getitem__ = __repr__ = __eq__ = __bool__ = hang"),
    Fault("slow_object", "return Slow()", r"mean\(x\) must return .*",
          "class Slow:\n    def hang(self, *_):\n        while True: pass\n"
          "    __iter__ = __len__ = __reduce_ex__ = __getitem__ = __repr__ = __eq__ = __bool__ = __float__ = hang"),
    Fault("slow_generator", "yield 1.0\nwhile True: pass", r"took more than 0\.1 s \(processor time\) .+",
          kind="iterated"),
    Fault("asleep_in_a_generator", "yield 1.0\ntime.sleep(60)", r"did not end within 0\.5 s .+", kind="iterated"),
    # What comes after it has no time left.
    Fault("endless_generator", "while True: yield 1.0",
          r"(used up the 1 s that all calls have together|the 1 s that all calls have together were used up) .+",
          kind="iterated", total=1.0, earned=2),
)  # fmt: skip
FAULTS: Final = (*MEMORY, *PROCESSES, *DISK, *OUTPUT, *RECURSING, *SIGNALS, *TIME)
HONEST: Final = Fault("honest", "return np.mean(x)", "")
HANGING: Final = Fault(
    "hanging",
    """
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    try:
        if not os.fork():
            os.setsid()
            time.sleep(300)
    except PermissionError:
        pass
    for i in range(9):
        folder += '/d'
        os.mkdir(folder)
    print('x' * 10**6)
    open(folder + '/started', 'wb').close()
    while True: pass
    """,
    rf"(the process ended: killed by signal 9 \(killed\){CALL}|{BUSY})",
    kind="scratch",
    call=30.0,
)
"""Does what it can to outlive a run that is broken off."""
