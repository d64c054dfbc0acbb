"""Values as bytes and back: what the judge and a worker process say to each other.

A frame is a prefix (magic, size of the header, size of the buffers), a JSON header padded to 16 bytes, and the raw
contents of arrays, each padded to 16 bytes. In the header a plain value (None, bool, int, float, str) stands for
itself, and everything else is a list whose first item is a tag. Nothing is ever unpickled, dtypes come from a fixed
table, and arrays take their bytes from the frame in the order they are named, so no header can ask for more memory
than its frame has. How much a frame may hold differs between the two directions; sender and receiver hold to the same
caps. Whatever the bytes are, decoding them raises `WireError` or nothing.

This module and what it imports is loaded by the worker too: the standard library and NumPy only.
"""

from __future__ import annotations

import json
import re
import struct
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .decoding import Decoder, integer
from .encoding import Encoder
from .values import ALIGNMENT, MAX_DIGITS, REPLY, REQUEST, Caps, Reference, Stream, WireError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "PREFIX",
    "REPLY",
    "REQUEST",
    "Caps",
    "Reference",
    "Stream",
    "WireError",
    "frame_size",
    "make_buffer",
    "pack",
    "unpack",
]

PREFIX: Final = struct.Struct("<4sIQ")
_MAGIC: Final = b"kata"
_TO_JSON: Final = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_FROM_JSON: Final = json.JSONDecoder(parse_int=integer).decode
_FROM_SHORT_JSON: Final = json.JSONDecoder().decode
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_MARKS: Final = ",[{:"
_ESCAPED: Final = {ord(mark): f"\\u{ord(mark):04x}" for mark in _MARKS}


def pack(value: Any, caps: Caps, outward: Callable[[Any], Reference] | None = None) -> list[Any]:
    """Encode a value as the pieces of a frame.

    Parameters
    ----------
    value
        What is sent.
    caps
        What the receiver accepts.
    outward
        Called with each object that is not a value, to get the reference that stands for it.

    Returns
    -------
    list
        Bytes-like objects; arrays are not copied.

    Raises
    ------
    WireError
        The value is too large, too deep, or holds something that has no form on the wire.
    """
    encoder = Encoder(caps, outward)
    text = _TO_JSON(encoder.encode(value, 0))
    if _is_crowded(text, caps):
        text = _STRING.sub(lambda string: string[0].translate(_ESCAPED), text)
        if _is_crowded(text, caps):
            raise WireError(f"it has more than {caps.values} values")
    if len(text) > caps.header - ALIGNMENT:
        raise WireError(f"it is larger than {caps.header // 2**20} MB without its arrays")
    header = text.encode("ascii") + b" " * (-len(text) % ALIGNMENT)
    return [PREFIX.pack(_MAGIC, len(header), encoder.size) + header, *encoder.buffers]


def make_buffer(size: int) -> memoryview:
    """Return memory for a large frame; NumPy gets it in larger pages than a bytearray would be."""
    return np.empty(size, np.uint8).data


def frame_size(prefix: bytes | memoryview, caps: Caps) -> int:
    """Return the size of the frame that starts with these bytes, which are at least a prefix long."""
    magic, header, buffers = PREFIX.unpack_from(prefix)
    if magic != _MAGIC or header > caps.header or buffers > caps.buffers or (header | buffers) % ALIGNMENT:
        raise WireError("a frame is malformed or too large")
    return int(PREFIX.size + header + buffers)


def unpack(frame: bytes | bytearray | memoryview, caps: Caps, inward: Callable[[Reference], Any] | None = None) -> Any:
    """Decode a whole frame.

    Parameters
    ----------
    frame
        The bytes; they may be hostile. Unless `caps` are faithful, arrays are parts of a frame that can be written to.
    caps
        What is accepted.
    inward
        Called with each reference, to get the object that it stands for.

    Raises
    ------
    WireError
        The bytes are not a frame.
    """
    try:
        return _unpacked(memoryview(frame), caps, inward)
    except WireError as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 (what exactly NumPy and json raise is up to them)
        reason = f"a frame is malformed: {type(error).__name__}"
    # Not in there: what was decoded so far would live as long as the error.
    raise WireError(reason)


def _unpacked(frame: memoryview, caps: Caps, inward: Callable[[Reference], Any] | None) -> Any:
    if len(frame) != frame_size(frame, caps):
        raise WireError("a frame has another size than it says")
    end = PREFIX.size + PREFIX.unpack_from(frame)[1]
    header = str(frame[PREFIX.size : end], "ascii")
    if _is_crowded(header, caps):
        raise WireError("a header has too many values")
    decoder = Decoder(frame[end:], caps, inward)
    from_json = _FROM_SHORT_JSON if len(header) < MAX_DIGITS else _FROM_JSON
    value = decoder.decode(from_json(header), 0)
    decoder.finish()
    return value


def _is_crowded(header: str, caps: Caps) -> bool:
    """Tell, before it is parsed, whether a header has too many values: a set takes 5 bytes there and 350 in memory."""
    # Each value but the first follows one of these characters. They count in strings, too: a sender with many there
    # escapes them, and whatever a header is, this takes no time.
    return len(header) > caps.values and sum(map(header.count, _MARKS)) > caps.values
