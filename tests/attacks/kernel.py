"""System calls that a solution has no business with: namespaces, descriptors of others, ways into the kernel."""

from attack import Attack, strike


def _call(name: str, tries: str, call: str, what: str = "") -> Attack:
    return strike(name, tries, f"import ctypes\n\n{call}\ngot('{what or name}')")


KERNEL = (
    _call("unshare_user", "makes a user namespace, in which it is root", "syscall('unshare', 0x10000000)"),
    _call("mount", "makes namespaces of its own and mounts a file system over everything",
          "syscall('unshare', 0x10020000)\n"
          "syscall('mount', ctypes.c_char_p(b'none'), ctypes.c_char_p(b'/tmp'), ctypes.c_char_p(b'tmpfs'), 0, None)"),
    _call("chroot", "changes its root, to leave it again", "syscall('chroot', ctypes.c_char_p(b'/tmp'))"),
    _call("setns", "enters the namespaces of the judge",
          "syscall('setns', os.open(f'/proc/{os.getppid()}/ns/user', os.O_RDONLY), 0)"),
    _call("ptrace_traceme", "asks to be traced", "syscall('ptrace', 0, 0, 0, 0)"),
    strike("ptrace_attach", "attaches itself to another process as a debugger",
           "syscall('ptrace', 0x4206, $victim, 0, 0)\nreturn -1.0"),
    _call("pidfd_getfd", "takes a descriptor out of the process that it was forked from",
          "there = syscall('pidfd_open', os.getppid(), 0)\nsyscall('pidfd_getfd', there, 1, 0)"),
    _call("perf_events", "opens a performance counter",
          "event = (ctypes.c_uint32 * 32)(1, 128)\nsyscall('perf_event_open', event, 0, -1, -1, 0)"),
    _call("bpf", "loads a program into the kernel",
          "attributes = (ctypes.c_uint32 * 32)(1, 4, 4, 1)\nsyscall('bpf', 0, attributes, 128)"),
    _call("keyring", "leaves a key for other processes of the user",
          "syscall('add_key', ctypes.c_char_p(b'user'), ctypes.c_char_p(b'mlkata'), ctypes.c_char_p(b'x'), 1, -2)"),
    _call("io_uring", "makes a ring that carries out system calls past any filter",
          "syscall('io_uring_setup', 1, (ctypes.c_uint32 * 64)())"),
    _call("userfaultfd", "stops the kernel in the middle of its work", "syscall('userfaultfd', 1)"),
    _call("memfd", "keeps a file in memory alone", "syscall('memfd_create', ctypes.c_char_p(b'x'), 0)"),
    _call("memfd_secret", "keeps memory that not even the kernel sees", "syscall('memfd_secret', 0)"),
    strike("memfd_exec", "runs a program that is in memory alone",
           """
           import ctypes

           fd = syscall("memfd_create", ctypes.c_char_p(b"x"), 0)
           os.write(fd, b"#!/bin/sh\\ntouch $target\\n")
           none = (ctypes.c_char_p * 1)(None)
           arguments = (ctypes.c_char_p * 2)(b"x", None)
           syscall("execveat", fd, ctypes.c_char_p(b""), arguments, none, 0x1000)
           """),
    strike("exec", "becomes another program", "os.execv('/bin/sh', ['sh', '-c', 'touch $target'])"),
    strike("shell", "runs a command", "import subprocess\n\nsubprocess.run(['/bin/touch', '$target'])\nreturn -1.0"),
    _call("message_queue", "leaves a message queue behind",
          "syscall('mq_open', ctypes.c_char_p(b'mlkata-$name'), 0o100 | 2, 0o600, None)\n"
          "ctypes.CDLL(None).mq_unlink(b'/mlkata-$name')"),
    _call("system_v_memory", "leaves System V shared memory behind",
          "number = syscall('shmget', 0, 4096, 0o1600)\nctypes.CDLL(None).shmctl(number, 0, None)"),
    _call("watches_files", "watches what others do with files",
          "fd = syscall('inotify_init1', 0)\n"
          "if ctypes.CDLL(None).inotify_add_watch(fd, b'/tmp', 0xfff) < 0:\n    raise OSError"),
    _call("own_seccomp", "adds a filter of system calls to itself",
          "if ctypes.CDLL(None).prctl(38, 1, 0, 0, 0):\n    raise OSError\n"
          "program = (ctypes.c_uint64 * 1)(0x7fff000000000006)\n"
          "filters = (ctypes.c_uint64 * 2)(1, ctypes.addressof(program))\nsyscall('seccomp', 1, 0, filters)"),
    _call("kernel_module", "loads a module into the kernel", "syscall('init_module', None, 0, ctypes.c_char_p(b''))"),
    _call("raises_its_limits", "takes its limits back",
          "import resource\n\nnow = resource.getrlimit(resource.RLIMIT_AS)[1]\n"
          "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))\n"
          "if resource.getrlimit(resource.RLIMIT_AS)[1] == now:\n    raise OSError"),
    _call("realtime_scheduling", "takes the processor before everyone else",
          "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))"),
    strike("foreign_numbers", "makes system calls by the numbers of 32-bit programs, past a filter of the others",
           """
           import ctypes

           # push rbx; mov eax, edi; mov ebx, esi; mov ecx, edx; xor edx, edx; int 0x80; pop rbx; ret
           code = bytes.fromhex("5389f889f389d131d2cd805bc3")
           libc = ctypes.CDLL(None)
           libc.mmap.restype = ctypes.c_void_p
           libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
           place = libc.mmap(None, 4096, 7, 0x62, -1, 0)
           if place in (None, 2**64 - 1):
               raise OSError("no memory for code")
           ctypes.memmove(place, code, len(code))
           ctypes.memmove(place + 256, b"$secret\\0", len(b"$secret") + 1)
           descriptor = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint, ctypes.c_uint, ctypes.c_uint)(place)(
               5, place + 256, 0)
           tell(os.read(descriptor, 100))
           """,
           machine="x86_64"),
    _call("x32_numbers", "makes a system call by the numbers of the x32 programs",
          "if ctypes.CDLL(None).syscall(0x40000000 + 39) < 0:\n    raise OSError", "the numbers of x32"),
)  # fmt: skip
