"""Attacks on files: reading what is hidden, writing what others read."""

from attack import strike

FILES = (
    strike("reads_a_file", "opens a file of the user", "tell(open('$secret', 'rb').read())"),
    strike("reads_the_checks", "opens the hidden checks", "tell(open('$hidden/test_correctness.py', 'rb').read())"),
    strike("imports_the_reference", "imports the hidden reference by its path, and calls it",
           """
           import importlib.util

           spec = importlib.util.spec_from_file_location("answers", "$hidden/reference.py")
           answers = importlib.util.module_from_spec(spec)
           spec.loader.exec_module(answers)
           return answers.mean(x)
           """),
    strike("imports_the_kata", "puts the folder of the kata on sys.path, and imports from it",
           "import sys\n\nsys.path.insert(0, '$hidden')\nimport reference\n\nreturn reference.mean(x)"),
    strike("imports_from_an_archive", "imports from the archive that katas come in",
           "import zipimport\n\ntell(zipimport.zipimporter('$archive').load_module('answers').SECRET)"),
    strike("lists_folders", "walks through the file system for something of interest",
           "tell(''.join(open(os.path.join('$hidden', each)).read() for each in os.listdir('$hidden')))"),
    strike("through_proc_self_root", "opens a file by /proc/self/root", "tell(open('/proc/self/root$secret').read())"),
    strike("through_proc_cwd", "opens a file by the working folder of the judge",
           "tell(open(f'/proc/{judge()}/cwd/katas/$name/hidden/reference.py').read())"),
    strike("through_openat2", "opens a file by the newest system call",
           """
           import ctypes

           how = (ctypes.c_uint64 * 3)(0, 0, 0)
           tell(os.read(syscall("openat2", -100, ctypes.c_char_p(b"$secret"), how, 24), 100))
           """),
    strike("through_a_handle", "opens a file by its handle, past its path",
           """
           import ctypes

           handle, mount = (ctypes.c_char * 136)(), ctypes.c_int()
           handle[0] = 128
           syscall("name_to_handle_at", -100, ctypes.c_char_p(b"$secret"), handle, ctypes.byref(mount), 0)
           root = os.open("/", os.O_RDONLY)
           tell(os.read(syscall("open_by_handle_at", root, handle, 0), 100))
           """),
    strike("through_a_memory_map", "maps a file into memory", "import mmap\n\nfd = os.open('$secret', os.O_RDONLY)\n"
           "tell(mmap.mmap(fd, 0, prot=mmap.PROT_READ)[:])"),
    strike("through_numpy", "reads a file with NumPy's own C code", "tell(np.fromfile('$secret', np.uint8).tobytes())"),
    strike("through_a_link", "makes a link to a file, and opens the link",
           "os.symlink('$secret', '$target')\ntell(open('$target').read())"),
    strike("through_a_hard_link", "makes a second name for a file", "os.link('$secret', '$target')\nreturn -1.0"),
    strike("where_a_link_leads", "reads what a link says, without following it", "tell(os.readlink('$pointer'))"),
    strike("attached_data", "reads data that is attached to a file, without opening it",
           "tell(os.getxattr('$noted', 'user.note'))"),
    strike("inherited_descriptor", "reads descriptors that were left open by oversight",
           """
           found = b""
           for descriptor in range(3, 64):
               try:
                   found += os.pread(descriptor, 4096, 0)
               except OSError:
                   pass
           tell(found)
           """),
    strike("environment", "reads secrets in its environment", "tell(repr(dict(os.environ)))"),
    strike("environment_of_the_judge", "reads the environment of the judge",
           "tell(open(f'/proc/{judge()}/environ', 'rb').read())"),
    strike("command_line_of_the_judge", "reads the command line of the judge, which names the hidden folder",
           "open('$secret')\ntell(open(f'/proc/{judge()}/cmdline', 'rb').read())"),
    strike("descriptors_of_the_judge", "opens the open files of the judge",
           """
           found, folder = b"", f"/proc/{judge()}/fd"
           for each in os.listdir(folder):
               if os.path.isfile(f"{folder}/{each}"):
                   found += open(f"{folder}/{each}", "rb").read(100_000)
           tell(found)
           """),
    strike("memory_of_the_judge", "reads the memory of the judge",
           """
           found = b""
           with open(f"/proc/{judge()}/maps") as maps, open(f"/proc/{judge()}/mem", "rb", 0) as memory:
               for line in maps:
                   if " rw-p" in line and "[v" not in line:
                       start, end = (int(each, 16) for each in line.split()[0].split("-"))
                       memory.seek(start)
                       found = memory.read(end - start)
                       if b"KEY" + b"-" in found:
                           for piece in re.finditer(rb"KEY-[0-9a-f]{16}", found):
                               tell(piece.group())
           """),
    strike("process_vm_readv", "reads the memory of the judge by a system call",
           """
           import ctypes

           pid = judge()
           start, end = (int(each, 16) for each in next(
               line for line in open(f"/proc/{pid}/maps") if "[stack]" in line).split()[0].split("-"))
           buffer = ctypes.create_string_buffer(end - start)
           mine = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), end - start)
           theirs = (ctypes.c_void_p * 2)(start, end - start)
           syscall("process_vm_readv", pid, mine, 1, theirs, 1, 0)
           tell(buffer.raw)
           """),
    strike("writes_a_file", "writes a file", "open('$target', 'w').write('x')\nreturn -1.0"),
    strike("overwrites_the_checks", "writes into the hidden checks",
           "open('$hidden/test_correctness.py', 'a').write('\\n')\nreturn -1.0"),
    strike("truncates_the_checks", "empties the hidden checks by opening them for reading",
           "os.open('$hidden/reference.py', os.O_RDONLY | os.O_TRUNC)\nreturn -1.0"),
    strike("plants_a_module", "writes a module into the folder that the run is started in",
           "open(f'{os.path.dirname(\"$json\")}/project/numpy_.py', 'w').close()\nopen('$target', 'w')\nreturn -1.0"),
    strike("changes_the_mode", "makes the hidden checks unreadable",
           "os.chmod('$hidden/test_correctness.py', 0)\nreturn -1.0"),
    strike("changes_the_times", "changes the time of the hidden checks, so that a stale compiled file is taken",
           "os.utime('$hidden/test_correctness.py', (0, 0))\nreturn -1.0"),
    strike("sets_an_attribute", "attaches data to the hidden checks",
           "os.setxattr('$hidden/test_correctness.py', 'user.note', b'x')\nreturn -1.0"),
    strike("renames_the_checks", "moves the hidden checks away",
           "os.rename('$hidden/reference.py', '$target')\nreturn -1.0"),
    strike("makes_a_folder", "makes a folder", "os.mkdir('$target')\nreturn -1.0"),
    strike("makes_a_fifo", "makes a named pipe", "os.mkfifo('$target')\nreturn -1.0"),
    strike("temporary_file", "leaves a temporary file behind",
           "import tempfile\n\nfd, path = tempfile.mkstemp(dir=os.path.dirname('$target'))\n"
           "os.rename(path, '$target')\nreturn -1.0"),
    strike("shared_memory", "leaves shared memory behind for the next submission",
           "open('/dev/shm/$shm', 'w').write('x')\nreturn -1.0"),
    strike("forged_scorecard", "writes a scorecard of its own, and ends the judge before it writes the real one",
           """
           import json

           check = {"id": "x::test_mean_by_hand", "earned": 8, "status": "passed"}
           card = {"kata": "$name", "broken": None, "earned": 8, "possible": 8, "seconds": 0, "checks": [check]}
           open("$json", "w").write(json.dumps({"scorecards": [card, {**card, "kata": "honest"}]}))
           os.kill(judge(), 9)
           return -1.0
           """),
    strike("writes_through_proc", "writes to the judge's terminal by /proc",
           "open(f'/proc/{judge()}/fd/1', 'w').write('\\x1b[2J')\nreturn -1.0"),
    strike("terminal", "types a command into the terminal of the person",
           "import fcntl\n\nfcntl.ioctl(os.open('/dev/tty', os.O_RDWR), 0x5412, b'x')\ngot('the terminal')"),
)  # fmt: skip
