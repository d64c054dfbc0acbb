import json

import numpy as np

from pytest_mlkata.checks import points, require

from .problems import LABELS

LETTERS = 1500
SHARE = 0.5


def write(scratch, name, count, created_at):
    """Write records with long texts; return the path, and the number of bytes."""
    drawn = np.random.default_rng(0).integers(97, 123, size=count + LETTERS, dtype=np.uint8).tobytes().decode()
    path = scratch / f"{name}-{count}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for at in range(count):
            of = {
                "id": f"id-{at:07}",
                "text": drawn[at : at + LETTERS],
                "label": "pos",
                "annotator": "ann",
                "created_at": created_at,
            }
            file.write(json.dumps(of) + "\n")
    return str(path), path.stat().st_size


def streams(solution, scratch, name, created_at, few):
    """Require that ten times the file does not take much more memory."""
    held, sizes = [], []
    for count in (1, few, 10 * few):  # the first warms up: imports and caches take memory once
        source, size = write(scratch, name, count, created_at)
        store = str(scratch / f"{name}-store-{count}")
        held.append(solution.measure_memory("ingest", source, store, LABELS).bytes)
        sizes.append(size)
    more, grown = sizes[2] - sizes[1], held[2] - held[1]
    large, small, first, second = (f"{each / 2**20:.3g} MB" for each in (sizes[2], sizes[1], held[1], held[2]))
    require(
        grown < SHARE * more,
        f"ingest holds {first} for a file of {small} and {second} for one of {large}; it must work through it in "
        "parts, and keep no more of a record than its key",
    )


@points(2)
def test_ingest_holds_a_part_of_the_file(solution, scratch):
    """ingest holds no more of a file that is ten times as large, but for the keys

    50 GB do not fit into memory. How many lines do you need to see at a time? And when is a batch written and
    forgotten, also if all of it has one date?
    """
    streams(solution, scratch, "valid", "2026-01-05T10:00:00Z", few=1000)


@points(1)
def test_ingest_holds_a_part_of_the_rejected_lines(solution, scratch):
    """ingest holds no more of a file of lines that are rejected, either

    The day on which all lines are broken is the day on which nobody has time for a job that dies. To know a line again,
    do you need the whole of it?
    """
    streams(solution, scratch, "rejected", "2026-01-05T10:00:00", few=500)
