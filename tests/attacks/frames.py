"""Attacks through the channel to the judge: what it reads there is all that a confined submission can reach."""

from attack import Attack, strike


def _forged(name: str, tries: str, tree: str, head: str = "") -> Attack:
    return strike(name, tries, f"forge({tree})\nimport time\n\ntime.sleep(0.1)\nreturn -1.0", head)


FRAMES = (
    _forged("forged_reply", "sends a reply of its own before the real one", '["t", request(), "value", -1.0]'),
    _forged("reply_ahead", "sends replies to requests that are yet to come",
            '["t", request() + 1, "value", 3.0]'),
    _forged("forged_end", "says that there is nothing more to come, which ends loops of a check",
            '["t", request(), "end", None]'),
    _forged("forged_passed", "sends replies of kinds that there are not", '["t", request(), "passed", 8]'),
    _forged("forged_reference", "says that its answer is an object that is not its own",
            '["t", request(), "value", ["r", "stream", 1, "x"]]'),
    _forged("forged_class", "says that it raised a class that ends runs",
            '["t", request(), "raised", ["t", ["t", "SystemExit", "KeyboardInterrupt", "BaseException"], "0", ["t"]]]'),
    _forged("forged_not_started", "says that it raised what pytest takes for a skipped check",
            '["t", request(), "raised", ["t", ["t", "Skipped", "Exception"], "0", ["t"]]]'),
    _forged("pickle_in_a_frame", "sends a pickle that runs a command",
            '["t", request(), "value", ["y", pickled()]]',
            """
            class Gadget:
                def __reduce__(self):
                    return os.system, ("touch $target",)


            def pickled():
                import pickle

                return pickle.dumps(Gadget()).hex()
            """),
    _forged("object_dtype", "sends an array of objects by the bytes of their addresses",
            '["t", request(), "value", ["a", "|O", "C", True, 0]]'),
    _forged("huge_shape", "sends an array that says that it has 2**60 elements",
            '["t", request(), "value", ["a", "float64", "C", True, 2**30, 2**30]]'),
    _forged("huge_integer", "sends an integer of 100000 digits",
            'f\'["t",{request()},"value",1{"0" * 100_000}]\'.encode()'),
    _forged("deep_nesting", "sends lists in lists in lists",
            'b"[" * 200_000'),
    _forged("colliding_keys", "sends a set of numbers with one hash, with which building it takes hours",
            '["t", request(), "value", ["s", *range(1, 60_000), *[i * (2**61 - 1) for i in range(59_000)]]]'),
    _forged("colliding_tuples", "sends a set of tuples with one hash",
            '["t", request(), "value", ["s", *[["t", i] for i in range(1, 30_000)], '
            '*[["t", i * (2**61 - 1)] for i in range(29_000)]]]'),
    _forged("wide_text", "sends short arrays of strings that are wide when they are read",
            '["t", request(), "value", ["l", *[["u", True, 60_000_000, 1, 1, "a"]] * 5]]'),
    _forged("long_name", "gives its object a name of millions of letters, which the report repeats",
            '["t", request(), "value", ["r", "object", 1, "x" * 5_000_000]]'),
    _forged("long_text", "gives its exception a text of millions of letters",
            '["t", request(), "raised", ["t", ["t", "ValueError", "Exception"], "x" * 5_000_000, ["t"]]]'),
    _forged("many_frames", "gives its exception a million lines",
            '["t", request(), "raised", ["t", ["t", "ValueError"], "x", '
            '["t", *[["t", 1, "f", "x" * 20]] * 200_000]]]'),
    strike("huge_length", "says that a frame of 2**60 bytes will come",
           "import struct\n\nsend(struct.pack('<4sIQ', b'kata', 16, 2**60))\nreturn -1.0"),
    strike("half_a_frame", "sends half a frame and waits",
           "import struct\nimport time\n\nsend(struct.pack('<4sIQ', b'kata', 16, 0))\ntime.sleep(60)"),
    strike("drips", "sends a frame byte by byte, one each tenth of a second",
           """
           import struct
           import time

           for byte in struct.pack("<4sIQ", b"kata", 16000, 0) + b" " * 16000:
               send(bytes([byte]))
               time.sleep(0.1)
           """),
    strike("noise", "writes to all descriptors that it has",
           """
           for descriptor in range(3, 64):
               try:
                   os.write(descriptor, b"0123456789abcdef" * 8)
               except OSError:
                   pass
           return -1.0
           """),
    strike("closes_everything", "closes all descriptors", "os.closerange(0, 256)\nreturn -1.0"),
    strike("crossed_wires", "puts its reply pipe in the place of the request pipe",
           "os.dup2(channel()._replies, channel()._requests)\nreturn -1.0"),
    strike("takes_requests", "reads requests of the judge that are not yet its turn",
           "import select\n\nfd = channel()._requests\n"
           "tell(os.read(fd, 65536) if select.select([fd], [], [], 0.1)[0] else b'')"),
    strike("passes_a_descriptor", "sends a descriptor with its reply, if the channel takes one",
           """
           import socket

           with socket.socket(fileno=os.dup(channel()._replies)) as way:
               socket.send_fds(way, [b"x"], [0])
           got("a socket to the judge")
           """),
    strike("everything_it_holds", "searches all its objects for keys: arguments of other checks, expected answers",
           """
           import gc
           import io

           if not once():
               return -1.0
           held = io.StringIO()
           for each in gc.get_objects():
               if type(each) in (dict, list, tuple, str, bytes):
                   held.write(repr([value for value in (each.values() if type(each) is dict else each)
                                    if type(value) in (str, bytes)]))
           tell(held.getvalue())
           """),
)  # fmt: skip
