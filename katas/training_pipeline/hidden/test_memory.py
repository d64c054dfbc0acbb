import numpy as np

from pytest_mlkata.checks import points, require

from .problems import LABELS, line, record

LETTERS = 1000
TEMPLATE = line(record("id-%07i", "ann", "%s", "pos", "%s")) + "\n"
FULL = 1000
"""So many lines may a batch have."""
SHARE = 0.5


def write(scratch, name, count, created_at):
    """Write records with long texts, created at these times in turn; return the path, and the number of bytes."""
    drawn = np.random.default_rng(0).integers(97, 123, size=count + LETTERS, dtype=np.uint8).tobytes().decode()
    path = scratch / f"{name}-{count}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for at in range(count):
            when = created_at[at % len(created_at)]
            file.write(TEMPLATE % (at, drawn[at : at + LETTERS], when))
    return str(path), path.stat().st_size


def streams(solution, scratch, name, *created_at, times=10):
    """Require that a file many times as large takes not much more memory.

    The smaller one fills a batch. Whoever works through date after date may have a larger one in the larger file.
    """
    held, sizes = [], []
    for count in (1, FULL, times * FULL):  # the first warms up: imports and caches take memory once
        source, size = write(scratch, name, count, created_at)
        store = str(scratch / f"{name}-store-{count}")
        held.append(solution.measure_memory("ingest", source, store, LABELS).bytes)
        sizes.append(size)
    more, grown = sizes[2] - sizes[1], held[2] - held[1]
    large, small, first, second = (f"{each / 2**20:.3g} MB" for each in (sizes[2], sizes[1], held[1], held[2]))
    require(
        grown < SHARE * more + sizes[1],
        f"ingest holds {first} for a file of {small} and {second} for one of {large}; it must work through it in "
        "parts, and keep no more of a record than its key",
    )


@points(2)
def test_ingest_holds_a_part_of_the_file(solution, scratch):
    """ingest holds no more of a file that is ten times as large, but for the keys

    50 GB do not fit into memory. How many lines do you need to see at a time? And when is a batch written and
    forgotten, also if all of it has one date?
    """
    streams(solution, scratch, "valid", "2026-01-05T10:00:00Z")


@points(1)
def test_ingest_holds_a_part_of_the_file_of_many_dates(solution, scratch):
    """ingest holds no more of a larger file, either, where its records are of many dates

    What waits for more of its own date waits in memory. How much waits, if there are thirty dates, or three hundred?
    """
    dates = [f"2026-01-{day:02}T10:00:00Z" for day in range(1, 31)]
    streams(solution, scratch, "dates", *dates, times=5)  # each batch may make thirty files


@points(1)
def test_ingest_holds_a_part_of_the_rejected_lines(solution, scratch):
    """ingest holds no more of a file of lines that are rejected, either

    The day on which all lines are broken is the day on which nobody has time for a job that dies. To know a line again,
    do you need the whole of it?
    """
    streams(solution, scratch, "rejected", "2026-01-05T10:00:00", times=5)
