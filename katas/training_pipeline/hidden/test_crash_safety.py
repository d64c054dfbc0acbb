import itertools
import os
from contextlib import suppress

import numpy as np

from pytest_mlkata.checks import points, require

from .problems import LABELS, bad, good, record, text_of
from .stores import Store, shown, source_of

EARLY = [
    *good(record("a", "ann", "an early text"), record("b", "ann", "one more", created_at="2026-01-06T10:00:00Z")),
    *bad("an early line that is no json"),
]
FILE = [
    *good(
        record("c", "ann", "a text", "pos", "2026-01-05T10:00:00Z"),
        record("c", "bob", "a text", "neg", "2026-01-06T10:00:00Z"),
        record("d", "ann", "another text", "pos", "2026-01-05T11:00:00Z"),
        record("c", "ann", "a duplicate"),
    ),
    *bad("no json, and long enough to be cut off in the middle of it", "[]", '{"id": "a"}', "[]"),
    *good(record("e", "ann", "a third text", "no opinion", "2026-01-07T10:00:00Z")),
]
# Its rejected lines take more than any Parquet file, so that a write of them can be cut off where none of theirs is.
LONG = [*FILE, *bad("no json " * 1000)]
MOST_STEPS = 4000
MOST_PLACES = 16


def listing(store):
    """What lies in a store: names and sizes."""
    found = []
    for folder, _, names in os.walk(store.path):
        for path in (f"{folder}/{name}" for name in names):
            with suppress(FileNotFoundError):
                found.append((path.removeprefix(store.path), os.lstat(path).st_size))
    return sorted(found)


def begun(solution, reference, scratch, note, *, early):
    """Make a store with what was ingested before, if anything was."""
    store = Store(solution, reference, scratch, note=note)
    if early:
        store.ingest(EARLY, check=False)
    return store


def observe(solution, reference, scratch, look, *, early):
    """Ingest FILE, and call `look` whenever something has changed in the store; return when, in steps."""
    store = begun(solution, reference, scratch, "while it is written", early=early)
    source = source_of(scratch, map(text_of, FILE))
    steps, changes, last = itertools.count(1), [], listing(store)

    def step():
        nonlocal last
        now, number = listing(store), next(steps)
        if now != last:
            changes.append(number)
            last = now
            look(store)

    counts = solution.call_watched("ingest", source, store.path, LABELS, places=range(1, MOST_STEPS), look=step)
    expected = store.expected.add(FILE)
    store.require_counts(store.counts(counts), expected)
    return changes, next(steps) - 1, store


def places(changes, count):
    """Where to kill: after every change of the store, or so many of them, and at some places more."""
    return sorted({*spread(changes), *np.random.default_rng(0).integers(1, count + 1, size=2).tolist()})


def spread(ordered):
    """So many of them as there is time for, the last one among them."""
    return ordered[:: -(-len(ordered) // MOST_PLACES) or 1] + ordered[-1:]


def run_again(store, source, expected, before):
    """Ingest the same file again, after it was killed, and require what a clean run leaves."""
    counts = store.counts(store.solution.ingest(source, store.path, LABELS))
    total = sum(expected.values())
    require(
        counts["rejected"] == expected["rejected"] and sum(counts.values()) == total,
        f"ingest(source, store, labels){store.note} must count {expected['rejected']} rejected lines and {total} lines "
        f"in all; it counts {shown(counts)}",
    )
    store.require_all()
    require(store.version() == before, f"dataset_version(store){store.note} is not that after one clean run")


def survives(solution, reference, scratch, *, early):
    """Kill ingest at many places, and run it again."""
    changes, count, clean = observe(solution, reference, scratch, lambda _store: None, early=early)
    version = clean.version()
    for step in places(changes, count):
        note = f"after ingest was killed before the {step}th of {count} lines that it runs, and ran again"
        store = begun(solution, reference, scratch, note, early=early)
        source = source_of(scratch, map(text_of, FILE))
        solution.call_killed("ingest", source, store.path, LABELS, step=step)
        run_again(store, source, store.expected.add(FILE), version)


@points(3)
def test_ingest_can_be_killed(solution, reference, scratch):
    """ingest, killed at any line and run again, leaves the store as after one clean run

    Between any two of your lines the machine may stop: between the data and the rejected lines, between two dates,
    between a file and the note that it is done. What does the next run find then, and what does it take it for?
    """
    survives(solution, reference, scratch, early=False)


@points(3)
def test_ingest_can_be_killed_beside_older_records(solution, reference, scratch):
    """ingest into a store with records, killed at any line and run again, leaves all of them, the older ones too

    What is taken away before the new is there is lost if nothing comes after: the file that is run again does not have
    the older records.
    """
    survives(solution, reference, scratch, early=True)


@points(3)
def test_ingest_can_be_killed_in_a_write(solution, reference, scratch):
    """ingest, killed in the middle of a write and run again, leaves whole files, and the store as after one clean run

    A line in half a file is neither there nor missing. What does a run that comes later make of the half?
    """
    for items in (FILE, LONG):
        clean = begun(solution, reference, scratch, "", early=True)
        clean.ingest(items)
        version = clean.version()
        for size in cuts(listing(clean), longest_only=items is LONG):
            note = f"after ingest was killed in the write that made a file larger than {size} bytes"
            store = begun(solution, reference, scratch, note, early=True)
            source = source_of(scratch, map(text_of, items))
            solution.call_killed("ingest", source, store.path, LABELS, file_bytes=size)
            store.rows()
            store.note = store.note.replace("bytes)", "bytes, and ran again)")
            run_again(store, source, store.expected.add(items), version)


def cuts(files, *, longest_only):
    """Choose sizes to cut files off at: in the middle, and just before the end, of some or of the longest."""
    sizes = sorted({size for _, size in files if size > 1})
    if longest_only:
        return [sizes[-1] // 2, sizes[-1] - 1]
    return [1, *sorted({size // 2 for size in sizes[:: -(-len(sizes) // 4)]}), sizes[-1] // 2 + 1, sizes[-1] - 1]


@points(2)
def test_ingest_can_be_killed_again(solution, reference, scratch):
    """ingest, killed three times one after the other, leaves the store as after one clean run

    A job that dies is started again, and may die again, while it clears up what is left of the first.
    """
    changes, count, clean = observe(solution, reference, scratch, lambda _store: None, early=True)
    version = clean.version()
    rng = np.random.default_rng(1)
    pool = sorted({*changes, count // 2, count})
    for _ in range(2):
        store = begun(solution, reference, scratch, "after ingest was killed three times, and ran again", early=True)
        source = source_of(scratch, map(text_of, FILE))
        for step in rng.choice(pool, size=3).tolist():
            solution.call_killed("ingest", source, store.path, LABELS, step=step)
        run_again(store, source, store.expected.add(FILE), version)


@points(2)
def test_ingest_is_never_seen_half_written(solution, reference, scratch):
    """ingest gives a Parquet file its final name when it is whole: whoever reads meanwhile can read every file

    A file is not written at once. What is it called until it is done, and which step changes its name in one go?
    """
    observe(solution, reference, scratch, Store.rows, early=True)
