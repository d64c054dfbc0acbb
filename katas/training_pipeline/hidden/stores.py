"""A store of the solution's, as a check sees it. Files are read by the reference, in a process that can do no harm."""

from datetime import UTC, datetime

from pytest_mlkata.checks import listed, number, require
from pytest_mlkata.errors import SubmissionRaised

from .problems import FIELDS, LABELS, Expected, text_of

MOST = 20_000
"""So many records of a store are looked at."""
COUNTS = ("accepted", "rejected", "duplicates")


def source_of(scratch, lines, end="\n", *, last=True, name="source"):
    """Write lines into a file, and return its path."""
    path = scratch / f"{name}-{len([*scratch.iterdir()])}.jsonl"
    path.write_bytes((end.join(lines) + (end if last else "")).encode())
    return str(path)


class Store:
    """A store that is not there yet."""

    def __init__(self, solution, reference, scratch, note=""):
        self.solution = solution
        self.reference = reference
        self.scratch = scratch
        self.path = str(scratch / f"store-{len([*scratch.iterdir()])}")
        self.note = f" ({note})" if note else ""
        self.expected = Expected()

    def ingest(self, items, *, end="\n", last=True, labels=LABELS, check=True):
        """Ingest lines, each with what is to become of it, and look at the counts."""
        source = source_of(self.scratch, map(text_of, items), end, last=last)
        expected = self.expected.add(items)
        counts = self.counts(self.solution.ingest(source, self.path, labels))
        if check:
            self.require_counts(counts, expected)
        return source

    def counts(self, got):
        """Read the answer of ingest."""
        call = f"ingest(source, store, labels){self.note}"
        require(isinstance(got, dict), f"{call} must return a dict, got {got!r:.80}")
        for name in COUNTS:
            require(name in got, f'{call} must have the key "{name}", it has {[*got]!r:.200}')
        return {name: number(got[name], f'"{name}" of {call}') for name in COUNTS}

    def require_counts(self, counts, expected):
        """Compare counts."""
        require(
            counts == expected,
            f"ingest(source, store, labels){self.note}: expected {expected}, got {shown(counts)}",
        )

    def rows(self):
        """Return how many rows there are of each date, in whole files."""
        found = {}
        try:
            for date, table in listed(self.reference.tables(self.path), MOST):
                found[date] = found.get(date, 0) + table.num_rows
        except SubmissionRaised as error:
            require(False, f"a file `*.parquet` in the store{self.note} cannot be read as Parquet: {error}")
        return found

    def rejected(self):
        """Return the lines in rejected.jsonl."""
        try:
            entries = listed(self.reference.rejected(self.path), MOST)
        except SubmissionRaised as error:
            message = f'rejected.jsonl{self.note} must have an object with "line" and "reason" on each line: {error}'
            require(False, message)
        for text, reason in entries:
            require(
                isinstance(text, str) and isinstance(reason, str) and reason,
                f'"line" and "reason" in rejected.jsonl{self.note} must be text, got {text!r:.80} and {reason!r:.80}',
            )
        return [text for text, _ in entries]

    def records(self, *args, **kwargs):
        """Read the store by the solution."""
        shown = "".join(f", {each!r}" for each in args) + "".join(f", {k}={v!r}" for k, v in kwargs.items())
        return records_of(self.solution.read(self.path, *args, **kwargs), f"read(store{shown}){self.note}")

    def version(self):
        """Return the version of what is stored."""
        return version_of(self.solution.dataset_version(self.path), f"dataset_version(store){self.note}")

    def require_files(self):
        """Compare the files with what is expected: a row for each record, below its date."""
        rows, right = self.rows(), {}
        for each in self.expected.records.values():
            date = date_of(each)
            right[date] = right.get(date, 0) + 1
        rows = {date: count for date, count in rows.items() if count}
        require(
            rows == right,
            f"rows by date in the Parquet files{self.note}: expected {by_date(right)}, got {by_date(rows)}",
        )

    def require_rejected(self):
        """Compare rejected.jsonl with what is expected: once each distinct line."""
        got = self.rejected()
        for text in got:
            require(
                text in self.expected.rejected,
                f"rejected.jsonl{self.note} has a line that was not rejected: {text!r:.150}",
            )
            require(
                got.count(text) == 1, f"rejected.jsonl{self.note} has a line {got.count(text)} times: {text!r:.150}"
            )
        for text in sorted(self.expected.rejected - {*got}):
            require(False, f"rejected.jsonl{self.note} lacks a line that was rejected: {text!r:.150}")

    def require_records(self):
        """Compare what is read with what is expected."""
        same_records(self.records(), in_order(self.expected.records.values()), f"read(store){self.note}")

    def require_all(self):
        """Compare everything that can be seen."""
        self.require_files()
        self.require_rejected()
        self.require_records()


def shown(counts):
    """Write counts as whole numbers, where that is what they are."""
    return {name: int(value) if value.is_integer() else value for name, value in counts.items()}


def records_of(got, call):
    """Read records, from an iterator or a list."""
    require(
        got is not None and not isinstance(got, str | dict | int | float), f"{call} must give records, got {got!r:.80}"
    )
    found = listed(got, MOST)
    for each in found:
        require(isinstance(each, dict), f"{call} must give dicts, got {each!r:.80}")
        require(
            each.keys() == {*FIELDS} and all(isinstance(value, str) for value in each.values()),
            f"{call} must give the five fields as strings, got {each!r:.300}",
        )
    return found


def version_of(got, call):
    """Read a version."""
    require(isinstance(got, str) and got, f"{call} must return a hex string, got {got!r:.80}")
    require(all(each in "0123456789abcdefABCDEF" for each in got), f"{call} must return a hex string, got {got!r:.80}")
    return got


def same_records(got, right, call):
    """Compare records in order; say which is missing, too much or changed."""
    if got == right:
        return
    keys, wanted = ([(each["id"], each["annotator"]) for each in several] for several in (got, right))
    for key in wanted:
        require(key in keys, f"{call} lacks the record of {key}; it has {keys!r:.300}")
    for key in keys:
        require(key in wanted, f"{call} has a record of {key} that does not belong there")
        require(keys.count(key) == 1, f"{call} has the record of {key} {keys.count(key)} times")
    for each in right:
        found = got[keys.index((each["id"], each["annotator"]))]
        require(found == each, f"{call}: expected the record {each}, got {found}")
    require(False, f"{call} must be sorted by instant, id and annotator: expected {wanted!r:.400}, got {keys!r:.400}")


def instant_of(of):
    """The instant of a record, from the parts of what is written."""
    return datetime.fromisoformat(of["created_at"]).astimezone(UTC)


def date_of(of):
    """The UTC date of a record."""
    return str(instant_of(of).date())


def in_order(records):
    """Records as they are to be read."""
    return sorted(records, key=lambda each: (instant_of(each), each["id"], each["annotator"]))


def by_date(rows):
    """Show rows by date."""
    return dict(sorted(rows.items()))
