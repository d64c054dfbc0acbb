"""Files of records by hand and by draw, each line with what is to become of it."""

import json
import string
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

LABELS = ["pos", "neg", "no opinion"]
FIELDS = ("id", "text", "label", "annotator", "created_at")


def record(name="a", annotator="ann", text="a text", label="pos", created_at="2026-01-05T10:00:00Z"):
    """A record as a dict; its id is `name`."""
    return {"id": name, "text": text, "label": label, "annotator": annotator, "created_at": created_at}


def line(of):
    """Write a record, or any other value, as a line."""
    return json.dumps(of, ensure_ascii=False)


def lines_of(*records):
    """Write records, a line each."""
    return [line(each) for each in records]


def without(*names):
    """A valid record without some of its fields."""
    return {name: value for name, value in record().items() if name not in names}


def with_created_at(*values):
    """Lines with a created_at that is not valid."""
    return lines_of(*(record(created_at=value) for value in values))


NOT_A_RECORD = {
    "no JSON": ["no json", "{", line(record())[:-1], line(record()) + ",", '{"id": "a", "text": }'],
    "JSON, but no object": ["[1, 2]", '"a text"', "17", "null", "true", line([record()]), line(list(FIELDS))],
    "without one of the fields": [line(without(name)) for name in FIELDS] + ["{}"],
    "with one field more": lines_of({**record(), "source": "web"}, {**record(), "": ""}),
    "with a field by another name": [line({**without("text"), "Text": "a text"})],
}
"""Lines that are no object with the five fields, by what is wrong."""

NOT_A_STRING = {
    "a number": [line({**record(), name: 17}) for name in FIELDS],
    "null": [line({**record(), name: None}) for name in FIELDS],
    "empty": [line({**record(), name: ""}) for name in FIELDS],
    "true, a list or an object": lines_of(
        {**record(), "text": True}, {**record(), "text": ["a text"]}, {**record(), "id": {"a": "b"}}
    ),
}
"""Records with a field that is no string, or an empty one."""

UNKNOWN_LABEL = lines_of(*(record(label=label) for label in ("positive", "Pos", "pos ", "no", "p", "opinion", "0")))

NO_INSTANT = {
    "without a zone": with_created_at("2026-01-05T10:00:00", "2026-01-05T10:00:00.250"),
    "without a time": with_created_at("2026-01-05"),
    "on a day that there is not": with_created_at(
        "2026-02-30T10:00:00Z", "2026-13-01T10:00:00Z", "2026-00-10T10:00:00Z", "2025-02-29T10:00:00+01:00"
    ),
    "that is no time at all": with_created_at("yesterday", "Z", " "),
}
"""Records with a created_at that is not valid, by what is wrong."""

BLANK = ("", " ", "\t  ")

# Around midnight in UTC: what is written, and the date it belongs to.
DATES = {
    "2026-01-05T10:00:00Z": "2026-01-05",
    "2026-01-05T00:00:00Z": "2026-01-05",
    "2026-01-04T23:59:59.999999Z": "2026-01-04",
    "2026-01-05T23:30:00-02:00": "2026-01-06",
    "2026-01-06T00:30:00+02:00": "2026-01-05",
    "2026-01-01T05:00:00+05:30": "2025-12-31",
    "2025-12-31T18:30:00-05:30": "2026-01-01",
    "2024-02-28T23:00:00-01:00": "2024-02-29",
    "2026-01-05T23:59:59.5+00:00": "2026-01-05",
}

# In the order of time, which is not the order of the letters; the same instant twice is a tie.
INSTANTS = (
    ("2026-01-06T01:00:00+09:00", 0),
    ("2026-01-05T23:00:00+02:00", 1),
    ("2026-01-05T16:00:00.25-05:00", 2),
    ("2026-01-05T21:00:00.250001Z", 3),
    ("2026-01-05T22:00:00.3+01:00", 4),
    ("2026-01-05T21:30:00Z", 5),
    ("2026-01-05T16:30:00-05:00", 5),
    ("2026-01-05T20:30:00-02:00", 6),
)

TEXTS = (
    "a text",
    "  spaces around, and a tab\t",
    " ",
    "line\nbreaks\r\nand \\ \"quotes\" 'too'",
    "separators:\u2028and\u2029and\x85and\x1c",  # str.splitlines would part the line here
    "Grüße, 你好, 🎉, e\u0301",
    "None",
    "NaN",
    "null",
    "007",
    "1e3",
    "2026-01-05",
    "true",
    "a,b|c;d\x1fe",
)
"""Strings that must come back as they are."""


@dataclass
class Expected:
    """What one clean run after the other leaves in a store."""

    records: dict = field(default_factory=dict)
    """By key."""
    rejected: set = field(default_factory=set)
    """The distinct lines."""

    def add(self, items):
        """Take the lines of a file, as pairs of a line and its record, None for one to be rejected; return the counts.

        A blank line is no pair, but a string.
        """
        counts = {"accepted": 0, "rejected": 0, "duplicates": 0}
        for item in items:
            if isinstance(item, str):
                continue
            text, of = item
            if of is None:
                self.rejected.add(text)
                counts["rejected"] += 1
            elif (of["id"], of["annotator"]) in self.records:
                counts["duplicates"] += 1
            else:
                self.records[of["id"], of["annotator"]] = of
                counts["accepted"] += 1
        return counts


def text_of(item):
    """The line of a pair, or the blank line."""
    return item if isinstance(item, str) else item[0]


def good(*records):
    """Pairs of valid records."""
    return [(line(each), each) for each in records]


def bad(*lines):
    """Pairs of lines that are to be rejected."""
    return [(each, None) for each in lines]


@dataclass(frozen=True, eq=False)
class Files:
    """Several files that are ingested one after the other."""

    files: tuple
    end: str
    last: bool

    def __repr__(self):
        """Show the lines alone, which say everything."""
        shown = [[text_of(item) for item in items] for items in self.files]
        return f"{shown}, line ends {self.end!r}, {'one' if self.last else 'none'} at the end"


_BAD = (
    "no json",
    "[]",
    " {} ",
    line(without("text")),
    line({**record("b"), "more": "x"}),
    line({**record("a"), "text": 3}),
    line(record("c", label="other")),
    line(record("a", created_at="2026-01-05T10:00:00")),
)


def files():
    """Draw up to three files with few keys, so that duplicates are many."""
    return st.builds(
        _files,
        numbers=st.binary(min_size=60, max_size=60),
        counts=st.lists(st.sampled_from((1, 2, 3, 5, 8)), min_size=1, max_size=3),
        end=st.sampled_from(("\n", "\r\n")),
        last=st.booleans(),
    )


def _files(*, numbers, counts, end, last):
    drawn = iter(np.frombuffer(numbers, dtype=np.uint8).reshape(-1, 3).tolist())
    moments = [*DATES]
    made = []
    for count in counts:
        items = []
        for what, key, rest in (next(drawn) for _ in range(count)):
            if what % 8 == 0:
                items.append(BLANK[key % len(BLANK)])
            elif what % 8 < 3:
                items += bad(_BAD[key % len(_BAD)])
            else:
                of = record(
                    "abc"[key % 3],
                    ("ann", "bob", "eve")[key // 3 % 3],
                    TEXTS[rest % len(TEXTS)],
                    LABELS[key // 9 % 3],
                    moments[rest // len(TEXTS) % len(moments)],
                )
                items += good(of)
        made.append(tuple(items))
    # A blank line without an end is an empty file.
    return Files(tuple(made), end, last or ("",) in made)


def many_ids(count):
    """Ids as they come out of another system: random letters."""
    drawn = np.random.default_rng(0).integers(0, 26, size=(count, 12))
    return ["".join(string.ascii_lowercase[each] for each in row) for row in drawn.tolist()]


def labels_of(raters):
    """Two raters, as arrays."""
    return np.array(raters[0]), np.array(raters[1])


RATINGS = (
    ("xxxx", "xxxy"),
    ("xxyy", "xyxy"),
    ("xy", "yx"),
    ("xxxxxxxxxy", "xxxxxxxxyx"),
    ("xyz", "xyz"),
    ("xxyyzz", "xyyzzx"),
    ("xxx", "yyy"),
    ("xxy", "zzw"),
    ("x", "y"),
)
"""Labels of two raters, a letter each."""
