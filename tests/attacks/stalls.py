"""Attacks that use up time, memory or patience."""

from attack import MEAN, strike

STALLS = (
    strike("endless_loop", "never returns", "while True:\n    pass"),
    strike("endless_loop_at_import", "never ends its import", "while True:\n    pass", at_import=True),
    strike("sleeps", "sleeps", "import time\n\ntime.sleep(600)"),
    strike("sleeps_at_import", "sleeps in its import", "import time\n\ntime.sleep(600)", at_import=True),
    strike("ignores_signals", "ignores and blocks all signals, catches everything, and loops",
           """
           import signal

           signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
           while True:
               try:
                   while True:
                       pass
               except BaseException:
                   pass
           """),
    strike("stops_itself", "stops itself, so that it uses no time at all", "import signal\n\n"
           "os.kill(os.getpid(), signal.SIGSTOP)\nreturn -1.0"),
    strike("long_c_call", "computes in C, where no signal is heard", "return float(len(str(3 ** (10**8))))"),
    strike("just_within", "uses nearly all of the time that one call has, in each call",
           "import time\n\nend = time.process_time() + 0.2\nwhile time.process_time() < end:\n    pass\nreturn -1.0",
           aims=MEAN),
    strike("fakes_the_clock", "replaces all clocks of its process, and takes its time",
           """
           import time

           for name in ("time", "monotonic", "perf_counter", "process_time", "clock_gettime_ns"):
               setattr(time, name, lambda *_: 0)
           while True:
               pass
           """),
    strike("regular_expression", "has a regular expression take forever",
           "return float(bool(re.match('(a+)+b', 'a' * 60)))"),
    strike("memory_bomb", "takes memory until there is none (here: 8 GB that it never touches, for each call)",
           "KEPT.append(np.empty(2**30))\nreturn -1.0", "KEPT = []"),
    strike("large_answer", "returns an array of a gigabyte", "return np.zeros(2**27)"),
    strike("many_answers", "returns 990000 numbers", "return [-1.0] * 990_000"),
    strike("many_small_answers", "returns 300000 lists", "return [[] for _ in range(300_000)]"),
    strike("long_answer", "returns a string of 20 million letters", "return 'x' * 20_000_000"),
    strike("many_objects", "returns 200000 objects", "return [object() for _ in range(200_000)]"),
    strike("deep_answer", "returns lists in lists", "y = []\nfor _ in range(100_000):\n    y = [y]\nreturn y"),
    strike("flood", "prints 30 MB", "print('x' * 30_000_000)\nreturn -1.0"),
    strike("flood_of_errors", "writes 30 MB to the standard error", "os.write(2, b'x' * 30_000_000)\nreturn -1.0"),
    strike("fills_the_disk", "fills the disk (here: 1 MB)",
           "open('$target', 'wb').write(bytes(2**20))\nreturn -1.0"),
    strike("opens_everything", "opens descriptors until there are none",
           "KEPT.extend(os.dup(1) for _ in range(900))\nreturn -1.0", "KEPT = []"),
    strike("slow_finalizer", "leaves an object that takes forever to be freed",
           "class Slow:\n    def __del__(self):\n        while True:\n            pass\n\n\nSlow()\nreturn -1.0"),
    strike("slow_attribute", "returns an object that takes forever to look at",
           "class Slow:\n    def __getattr__(self, name):\n        while True:\n            pass\n\n\nreturn Slow()"),
    strike("holds_the_lock", "holds Python's lock in another thread",
           "import threading\n\nthreading.Thread(target=lambda: 3 ** (10**8), daemon=True).start()\nreturn -1.0"),
    strike("alarm", "has a timer end the process later", "import signal\n\n"
           "signal.setitimer(signal.ITIMER_REAL, 0.001)\nreturn -1.0"),
)  # fmt: skip
