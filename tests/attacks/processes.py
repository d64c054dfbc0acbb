"""Attacks by and on processes: staying behind, signals, limits of others."""

from attack import strike

_STAY = "import time\n\nend = time.monotonic() + 20\nwhile time.monotonic() < end:\n    time.sleep(0.1)\nos._exit(0)"

PROCESSES = (
    strike("forks", "leaves a process behind",
           f"if once() and not os.fork():\n{chr(10).join('    ' + line for line in _STAY.splitlines())}\nreturn -1.0"),
    strike("daemon", "leaves a daemon behind: forks twice, in a session of its own",
           """
           import time

           if once() and not os.fork():
               os.setsid()
               if os.fork():
                   os._exit(0)
               os.closerange(0, 256)
               time.sleep(20)
               os._exit(0)
           time.sleep(0.1)
           return -1.0
           """),
    strike("daemon_that_writes", "leaves a daemon behind, which writes to a file once the check is over",
           """
           import time

           if once() and not os.fork():
               os.setsid()
               if os.fork():
                   os._exit(0)
               os.closerange(0, 256)
               time.sleep(0.2)
               os.close(os.open("$target", os.O_CREAT))
               time.sleep(20)
               os._exit(0)
           time.sleep(0.05)
           return -1.0
           """),
    strike("clone", "makes a process by clone, past what watches fork",
           f"if once() and not syscall('clone', 17, 0, 0, 0, 0):\n"
           f"{chr(10).join('    ' + line for line in _STAY.splitlines())}\nreturn -1.0"),
    strike("clone3", "makes a process by clone3",
           "import ctypes\n\narguments = (ctypes.c_uint64 * 11)()\narguments[4] = 17\n"
           f"if once() and not syscall('clone3', arguments, 88):\n"
           f"{chr(10).join('    ' + line for line in _STAY.splitlines())}\nreturn -1.0"),
    strike("vfork_and_exec", "starts a program by posix_spawn",
           "if once():\n    os.posix_spawn('/bin/sleep', ['sleep', '20'], {})\nreturn -1.0"),
    strike("pool", "leaves a pool of processes behind",
           "import multiprocessing\n\nif once():\n"
           "    KEPT.append(multiprocessing.get_context('fork').Pool(2))\nreturn -1.0", "KEPT = []"),
    strike("fork_bomb", "forks as often as it can (here: 50 times)",
           "import time\n\nfor i in range(50 * once()):\n"
           "    if not os.fork():\n        time.sleep(20)\n        os._exit(0)\n"
           "return -1.0"),
    strike("threads", "leaves threads behind, which answer later requests",
           """
           import threading
           import time

           def later():
               time.sleep(0.01)
               forge(["t", NUMBER + 1, "value", 3.0])

           NUMBER = request()
           threading.Thread(target=later, daemon=True).start()
           return -1.0
           """),
    strike("thread_bomb", "starts as many threads as it can (here: 200)",
           "import threading\nimport time\n\nfor i in range(200 * once()):\n"
           "    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()\nreturn -1.0"),
    strike("kills_the_judge", "kills the judge", "os.kill(judge(), 9)\nreturn -1.0"),
    strike("stops_the_judge", "stops the judge", "os.kill(judge(), 19)\nreturn -1.0"),
    strike("interrupts_the_judge", "presses Ctrl-C for the person", "os.kill(judge(), 2)\nreturn -1.0"),
    strike("kills_its_parent", "kills the process that it was forked from",
           "parent = os.getppid()\n"
           "if parent == 1 or b'supervisor' in open(f'/proc/{parent}/cmdline', 'rb').read():\n"
           "    parent = judge()\nos.kill(parent, 9)\nreturn -1.0"),
    strike("kills_its_group", "kills its process group and session", "os.killpg(0, 9)\nreturn -1.0"),
    strike("kills_siblings", "kills the process of the reference, so that the kata is at fault",
           """
           import time

           if once() and not os.fork():
               os.setsid()
               end = time.monotonic() + 3
               mine = {os.getpid(), PARENT}
               while time.monotonic() < end:
                   for pid in map(int, open(f"/proc/{ZYGOTE}/task/{ZYGOTE}/children").read().split()):
                       if pid not in mine:
                           try:
                               os.kill(pid, 9)
                           except OSError:
                               pass
               os._exit(0)
           return -1.0
           """,
           "PARENT, ZYGOTE = os.getpid(), os.getppid()"),
    strike("signals_a_stranger", "sends a signal to another process of the user", "os.kill($victim, 23)\nreturn -1.0"),
    strike("signals_all", "sends a signal to all processes that it can reach (here: one, through kill's system call)",
           "syscall('kill', $victim, 10)\nreturn -1.0"),
    strike("signals_by_tgkill", "sends a signal by the number of a thread",
           "syscall('tgkill', $victim, $victim, 10)\nreturn -1.0"),
    strike("signals_by_queue", "queues a signal with a value",
           "import ctypes\n\ninfo = (ctypes.c_uint32 * 32)(10, 0, 0xffffffff)\n"
           "syscall('rt_tgsigqueueinfo', $victim, $victim, 10, info)\nreturn -1.0"),
    strike("signals_by_pidfd", "sends a signal by a descriptor of a process",
           "syscall('pidfd_send_signal', syscall('pidfd_open', $victim, 0), 10, None, 0)\nreturn -1.0"),
    strike("signals_by_the_kernel", "has the kernel send a signal for it, when a pipe can be read",
           """
           import fcntl

           reading, writing = os.pipe()
           fcntl.fcntl(reading, fcntl.F_SETOWN, $victim)
           fcntl.fcntl(reading, 10, 10)
           fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC)
           os.write(writing, b"x")
           return -1.0
           """),
    strike("signals_by_another_owner", "does so by a newer way to name who is to get it",
           """
           import fcntl
           import struct

           reading, writing = os.pipe()
           fcntl.fcntl(reading, 15, struct.pack("ii", 1, $victim))
           fcntl.fcntl(reading, 10, 10)
           fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC)
           os.write(writing, b"x")
           return -1.0
           """),
    strike("signals_by_a_socket", "has the kernel send a signal for it, when a socket can be read",
           """
           import fcntl
           import socket

           one, other = socket.socketpair()
           fcntl.fcntl(one, fcntl.F_SETOWN, $victim)
           fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC)
           other.send(b"x")
           return -1.0
           """),
    strike("limits_of_others", "takes limits away from another process",
           "import resource\n\nresource.prlimit($victim, resource.RLIMIT_NOFILE, (3, 3))\nreturn -1.0"),
    strike("priority_of_others", "makes another process slow",
           "os.setpriority(os.PRIO_PROCESS, $victim, 19)\nreturn -1.0"),
    strike("processors_of_others", "binds another process to one processor",
           "os.sched_setaffinity($victim, {min(os.sched_getaffinity($victim))})\nreturn -1.0"),
)  # fmt: skip
