import math

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import (
    assert_agrees,
    assert_share,
    assert_unchanged_by_duplication,
    assert_unchanged_by_order,
    close,
    points,
    require,
)

from . import answers as answer
from .problems import (
    DATES,
    INSTANTS,
    NO_INSTANT,
    NOT_A_RECORD,
    NOT_A_STRING,
    RATINGS,
    UNKNOWN_LABEL,
    bad,
    files,
    good,
    labels_of,
    many_ids,
    record,
)
from .stores import Store, in_order, records_of, same_records

TWO = good(record("a", "ann", "one text"), record("b", "bob", "another", "neg", "2026-01-06T08:30:00+01:00"))


@points(2)
def test_ingest_stores_valid_records(solution, reference, scratch):
    """ingest stores the valid records as Parquet, a row for each, and counts the lines

    Begin with two valid lines: what is in the store afterwards, in which folders, and what does `read` give?
    """
    store = Store(solution, reference, scratch)
    store.ingest(TWO)
    store.require_all()
    store.ingest([*good(record("c", "ann", "a third", "no opinion", "2026-01-06T00:00:00Z")), "", *bad("no json")])
    store.require_all()


@points(2)
def test_ingest_files_by_utc_date(solution, reference, scratch):
    """ingest puts a record below the date that created_at has in UTC

    At 23:30 two hours west of Greenwich, what day is it in Greenwich? The first ten letters do not say.
    """
    for number, (created_at, date) in enumerate(DATES.items()):
        store = Store(solution, reference, scratch, note=f"of a record created at {created_at}")
        store.ingest(good(record(f"r{number}", created_at=created_at)))
        rows = store.rows()
        require(rows == {date: 1}, f"created_at {created_at} belongs below date={date}; rows by date: {rows}")
    store = Store(solution, reference, scratch, note="of records of many dates")
    store.ingest(good(*(record(f"r{number}", created_at=each) for number, each in enumerate(DATES))))
    store.require_all()


def rejects(solution, reference, scratch, kinds):
    """Require that each line is rejected, alone and between valid ones."""
    for what, lines in kinds.items():
        store = Store(solution, reference, scratch, note=f"of lines with {what}")
        store.ingest([*TWO, *bad(*lines), *good(record("c"))])
        store.require_all()


@points(2)
def test_ingest_rejects_what_is_no_record(solution, reference, scratch):
    """ingest rejects a line that is no JSON object with exactly the five fields

    A line can be JSON and still be no object. A field too many is as wrong as one too few: somebody means it.
    """
    rejects(solution, reference, scratch, NOT_A_RECORD)


@points(2)
def test_ingest_rejects_what_is_no_string(solution, reference, scratch):
    """ingest rejects a record with a field that is not a string, or is an empty one

    Do not turn 17 into "17": whoever wrote a number meant something else, and will write something else tomorrow.
    """
    rejects(solution, reference, scratch, NOT_A_STRING)


@points(1)
def test_ingest_rejects_unknown_labels(solution, reference, scratch):
    """ingest rejects a label that is not, letter by letter, one of `labels`

    "Pos" is not "pos", and a part of a label is none.
    """
    rejects(solution, reference, scratch, {"an unknown label": UNKNOWN_LABEL})


@points(2)
def test_ingest_rejects_what_is_no_instant(solution, reference, scratch):
    """ingest rejects a created_at without a zone, without a time, or on a day that does not exist

    A time without a zone is not an instant: on which date would it belong?
    """
    rejects(solution, reference, scratch, {f"a created_at {what}": lines for what, lines in NO_INSTANT.items()})


@points(2)
def test_ingest_keeps_rejected_lines(solution, reference, scratch):
    """ingest keeps every distinct rejected line once in rejected.jsonl, as it was, with a reason

    Who has to mend the data needs the line as it was written; who ingests a file ten times does not need it ten times.
    """
    store = Store(solution, reference, scratch)
    store.ingest([*TWO, *bad("no json", "[1]", "no json")])
    store.require_rejected()
    items = [*bad("[1]", "  no json", "{}  ", '{"id": "ü"}', "no\u2028json\x85and\x1cmore"), *good(record("d"))]
    for _ in range(2):
        store.ingest(items)
        store.require_all()


@points(2)
def test_ingest_knows_duplicates(solution, reference, scratch):
    """ingest stores the first valid record of each (id, annotator), and counts the others as duplicates

    Neither the id alone is the key, nor the whole record. It may come again in the file, in a later file, or with
    another date. What is not valid is no record, and takes no key.
    """
    first = record("a", "ann", "the first text", "pos", "2026-01-05T10:00:00Z")
    store = Store(solution, reference, scratch)
    store.ingest(
        [
            *bad(*UNKNOWN_LABEL[:1]),  # of the same key
            *good(first, {**first, "annotator": "bob"}, {**first, "id": "b"}),
            *good(first, {**first, "text": "a second text"}, {**first, "created_at": "2026-02-07T10:00:00Z"}),
        ]
    )
    store.require_all()
    store.ingest(
        [
            *good({**first, "label": "neg"}, {**first, "created_at": "2026-03-01T10:00:00Z"}),
            *good({**first, "id": "c"}, {**first, "annotator": "bob"}, {**first, "id": "ann", "annotator": "a"}),
        ]
    )
    store.require_all()


@points(2)
def test_ingest_twice_changes_nothing(solution, reference, scratch):
    """ingest of the same file once more stores nothing, and counts every record as a duplicate

    Jobs are started twice. What has to be looked at, before anything is written?
    """
    items = [*TWO, *bad("no json"), *good(record("c"), record("c")), "", *bad("[]")]
    store = Store(solution, reference, scratch)
    store.ingest(items)
    version = store.version()
    for _ in range(2):
        store.ingest(items)
        store.require_all()
    require(store.version() == version, "dataset_version(store) is another after the same file was ingested again")


@points(3)
@given(case=files())
@settings(max_examples=14)
def test_ingest_agrees_on_any_files(solution, reference, scratch, case):
    """ingest is right for any files, one after the other

    The counterexample shows their lines: valid, rejected, blank, and duplicates of each other.
    """
    store = Store(solution, reference, scratch)
    for items in case.files:
        store.ingest(items, end=case.end, last=case.last)
    store.require_all()


MANY = good(
    *(
        record(name, annotator, f"text {number} of {name}", ("pos", "neg")[number % 2], created_at)
        for number, (name, annotator, created_at) in enumerate(
            (name, annotator, created_at)
            for name, created_at in zip("gbacfde", [*DATES][:7], strict=True)
            for annotator in ("bob", "ann")
        )
    )
)


@points(2)
def test_dataset_version_is_a_function_of_the_records(solution, reference, scratch):
    """dataset_version is the same for the same records, in whatever order, files, folder and process they came

    Two machines that hold the same records must agree. What of a file differs when the same records are written again?
    """
    versions = {}
    for how, parts in (
        ("in one file", [MANY]),
        ("in reverse", [MANY[::-1]]),
        ("in two files", [MANY[:5], MANY[5:]]),
        ("in seven files", [MANY[at::7] for at in range(7)]),
        ("with duplicates and rejected lines", [[*MANY[4:], *bad("no json")], MANY, MANY[::-1]]),
    ):
        store = Store(solution, reference, scratch, note=f"of records that came {how}")
        for part in parts:
            store.ingest(part)
        versions[how] = store.version()
    elsewhere = solution.call_elsewhere("dataset_version", store.path)
    require(
        elsewhere == versions[how],
        f"dataset_version of one store is {versions[how]!r:.80} here, and {elsewhere!r:.80} in another process",
    )
    for how, version in versions.items():
        require(
            version == versions["in one file"], f"dataset_version of the same records is another when they came {how}"
        )


@points(2)
def test_dataset_version_sees_every_field(solution, reference, scratch):
    """dataset_version is another when a field of a record is, when a record more is there, and when fields are swapped

    The label that somebody has corrected is the reason to have versions at all.
    """
    first, second = record("a", "ann", "one", "pos"), record("b", "bob", "two", "neg", "2026-01-05T11:00:00Z")
    changes = {
        "as it was": [first, second],
        "without the second": [first],
        "with a third": [first, second, record("c")],
        "with another id": [{**first, "id": "A"}, second],
        "with another text": [{**first, "text": "One"}, second],
        "with another label": [{**first, "label": "neg"}, second],
        "with another annotator": [{**first, "annotator": "eve"}, second],
        "with another instant": [{**first, "created_at": "2026-01-05T10:00:01Z"}, second],
        "with the same instant, written otherwise": [{**first, "created_at": "2026-01-05T11:00:00+01:00"}, second],
        "with texts swapped": [{**first, "text": "two"}, {**second, "text": "one"}],
        "with labels swapped": [{**first, "label": "neg"}, {**second, "label": "pos"}],
        "with id and annotator swapped": [{**first, "id": "ann", "annotator": "a"}, second],
    }
    different(solution, reference, scratch, changes)


def different(solution, reference, scratch, changes):
    """Require that no two datasets have the same version."""
    seen = {}
    for how, records in changes.items():
        store = Store(solution, reference, scratch, note=how)
        store.ingest(good(*records))
        version = store.version()
        require(version not in seen, f"dataset_version is the same for two records {seen.get(version)} and {how}")
        seen[version] = how


@points(2)
def test_read_sorts_by_instant(solution, reference, scratch):
    """read gives the records sorted by instant, then id, then annotator

    Two zones write the same instant in two ways, and a fraction of a second makes a later one. Is "…00.5Z" before or
    after "…00Z", as letters?
    """
    records = [
        record(name, annotator, created_at=created_at)
        for created_at, _ in INSTANTS
        for name in ("b", "B", "a")
        for annotator in ("bob" + created_at, "ann" + created_at)
    ]
    for how, order in (
        ("in order", records),
        ("in reverse", records[::-1]),
        ("mixed", records[::3] + records[1::3] + records[2::3]),
    ):
        store = Store(solution, reference, scratch, note=f"of records that came {how}")
        store.ingest(good(*order[: len(order) // 2]))
        store.ingest(good(*order[len(order) // 2 :]))
        store.require_records()


def split_of(store, **kwargs):
    """Read both sides of a split."""
    return {side: store.records(split=side, **kwargs) for side in ("train", "test")}


@points(2)
def test_read_splits_by_id(solution, reference, scratch):
    """read has every record in either "train" or "test", sorted, and all annotations of one id on one side

    If two people have labelled one text, and one of the labels is in the training set, what does the test set measure?
    """
    store = Store(solution, reference, scratch)
    names = many_ids(30)
    moments = [*DATES]
    store.ingest(
        good(
            *(
                record(name, who, f"{name} by {who}", created_at=moments[(at + step) % 9])
                for at, name in enumerate(names)
                for step, who in enumerate(("ann", "bob", "eve"))
            )
        )
    )
    for options in ({}, {"test_fraction": 0.5}):
        sides = split_of(store, **options)
        ids = {side: {each["id"] for each in records} for side, records in sides.items()}
        both = sorted(ids["train"] & ids["test"])
        require(not both, f"the id {both[:1]} is in train and in test")
        same_records(
            in_order(sides["train"] + sides["test"]),
            in_order(store.expected.records.values()),
            "train and test together",
        )
        for side, records in sides.items():
            # of 30 ids none is in a side of a fifth once in 800 times
            require(records or not options, f'read(store, "{side}", test_fraction=0.5) gives no record of 30 ids')
            same_records(records, in_order(records), f'read(store, "{side}")')


@points(3)
def test_read_keeps_the_split(solution, reference, scratch):
    """read has an id on the same side in every process, whatever else is stored, and in whatever order it came

    Next week there are more records, and yesterday's test set must not be trained on. What of an id is the same
    everywhere and always?
    """
    names = many_ids(40)
    items = good(
        *(record(name, "ann", f"text of {name}", created_at=[*DATES][at % 9]) for at, name in enumerate(names))
    )
    store = Store(solution, reference, scratch)
    store.ingest(items[:20])
    side_of = {each["id"]: side for side, records in split_of(store).items() for each in records}
    others = Store(solution, reference, scratch)
    others.ingest(items[::-1])
    store.ingest([*items[20:], *good(*({**record(name, "bob"), "label": "neg"} for name in names))])
    for how, sides in (
        ("when there are more records", split_of(store)),
        (
            "in another process",
            {
                side: records_of(solution.call_elsewhere("read", store.path, split=side), "read in another process")
                for side in ("train", "test")
            },
        ),
        ("in a store with other records", split_of(others)),
    ):
        for side, records in sides.items():
            for each in records:
                known = side_of.setdefault(each["id"], side)
                require(known == side, f'the id {each["id"]!r} is in "{known}", and {how} in "{side}"')


@points(1)
def test_read_splits_at_the_fraction(solution, reference, scratch):
    """read has about `test_fraction` of the ids in "test": 0.2 unless another is asked for

    A function of the id that is as good as random, and a comparison.
    """
    store = Store(solution, reference, scratch)
    names = many_ids(3000)
    store.ingest(good(*(record(name) for name in names)))
    for options, share in (({}, 0.2), *(({"test_fraction": share}, share) for share in (0.5, 0.25, 0.04))):
        count = len(store.records("test", **options))
        assert_share(count, len(names), share, f'an id is in "test" with {options or "the default"}')
    count = len(store.records("train", test_fraction=0.9))
    assert_share(count, len(names), 0.1, 'an id is in "train" with {"test_fraction": 0.9}')


@points(2)
def test_cohens_kappa_by_hand(solution):
    """cohens_kappa is (p_o - p_e) / (1 - p_e), where p_e comes from the rates of each of the two raters

    Two raters who call nearly everything "pos" agree nearly always, by chance. How often would they agree if each drew
    from a hat with his own labels?
    """
    for raters, right in (
        (("xxxx", "xxxy"), 0),
        (("xxyy", "xyxy"), 0),
        (("xy", "yx"), -1),
        (("xxxxxxxxxy", "xxxxxxxxyx"), (0.8 - 0.82) / 0.18),
        (("xyz", "xyz"), 1),
        (("xxyyzz", "xyyzzx"), (1 / 2 - 1 / 3) / (2 / 3)),
        (("xxxyy", "xxyyy"), (4 / 5 - 12 / 25) / (13 / 25)),
        (("xxxx", "yyyy"), 0),
    ):
        a, b = labels_of([[*each] for each in raters])
        close(solution.cohens_kappa(a, b), right, f"cohens_kappa({[*a.tolist()]}, {b.tolist()})")


@points(2)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(("pos", "neg", "no opinion")), st.sampled_from(("pos", "neg", "other"))),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=40)
def test_cohens_kappa_agrees_on_any_labels(solution, pairs):
    """cohens_kappa is right for any two raters, whether or not they know the same labels

    What is the rate of a label that a rater never gives?
    """
    a, b = labels_of([*zip(*pairs, strict=True)])
    assert_agrees(solution, answer, "cohens_kappa", a, b)


# With these steps the numbers of RATINGS fill their dtypes: sums and products of two of them do not fit.
SMALL = (("uint8", 60), ("int8", -50))


@points(1)
def test_cohens_kappa_knows_no_order(solution):
    """cohens_kappa is the same when raters are swapped, samples are reordered or doubled, or labels are numbers

    Only who agrees with whom how often counts.
    """
    for raters in RATINGS:
        a, b = labels_of([[*each] for each in raters])
        call = f"cohens_kappa({a.tolist()}, {b.tolist()})"
        right = answer.cohens_kappa(a, b)
        close(solution.cohens_kappa(b, a), right, f"{call} with a and b swapped")
        numbered = labels_of([[ord(each) - 120 for each in rater] for rater in raters])
        close(solution.cohens_kappa(*numbered), right, f"cohens_kappa({numbered[0].tolist()}, {numbered[1].tolist()})")
        for dtype, step in SMALL:
            small = [(60 + step * rater).astype(dtype) for rater in numbered]
            call_small = f"cohens_kappa of {dtype} labels {small[0].tolist()} and {small[1].tolist()}"
            close(solution.cohens_kappa(*small), right, call_small)
        assert_unchanged_by_order(solution.cohens_kappa, a, b, call=call)
        assert_unchanged_by_duplication(solution.cohens_kappa, a, b, call=call)


@points(2)
def test_label_drift_by_hand(solution):
    """label_drift sums (c - r) ln(c / r) over the labels, of shares that are at least 0.0001

    Counts of different totals are compared by shares. A label that only one of them knows has the share 0 in the other:
    what becomes of the logarithm?
    """
    for reference, current, right in (
        ({"pos": 5, "neg": 5}, {"pos": 50, "neg": 50}, 0),
        ({"pos": 1, "neg": 1}, {"pos": 3, "neg": 1}, psi([1 / 2, 1 / 2], [3 / 4, 1 / 4])),
        ({"pos": 3, "neg": 1}, {"neg": 5, "pos": 5}, psi([3 / 4, 1 / 4], [1 / 2, 1 / 2])),
        ({"pos": 1, "neg": 3}, {"pos": 1}, psi([1 / 4, 3 / 4], [1, 1e-4])),
        ({"pos": 1}, {"pos": 1, "neg": 3}, psi([1, 1e-4], [1 / 4, 3 / 4])),
        ({"pos": 7}, {"neg": 2}, psi([1, 1e-4], [1e-4, 1])),
        ({"pos": 2, "neg": 0}, {"pos": 1, "neg": 1}, psi([1, 1e-4], [1 / 2, 1 / 2])),
        ({"pos": 2, "neg": 0}, {"pos": 9, "neg": 0, "other": 0}, 0),
        ({"pos": 1, "neg": 99_999}, {"pos": 1, "neg": 1}, psi([1e-4, 0.99999], [1 / 2, 1 / 2])),
    ):
        close(solution.label_drift(reference, current), right, f"label_drift({reference}, {current})")


def psi(before, now):
    """PSI of shares, term by term."""
    return sum((c - r) * math.log(c / r) for r, c in zip(before, now, strict=True))


COUNTS = st.dictionaries(
    st.sampled_from(("pos", "neg", "no opinion", "other")), st.sampled_from((1, 2, 3, 0, 1000, 100_000)), min_size=1
).filter(lambda counts: sum(counts.values()))


@points(1)
@given(reference_counts=COUNTS, current=COUNTS)
@settings(max_examples=40)
def test_label_drift_agrees_on_any_counts(solution, reference_counts, current):
    """label_drift is right for any counts

    Go through the labels of both.
    """
    assert_agrees(solution, answer, "label_drift", reference_counts, current)


@points(2)
def test_should_retrain_gives_the_first_reason(solution):
    """should_retrain names the first reason that applies, performance before drift before schedule, or none at all

    Write the questions down in this order, each with its answer.
    """
    for numbers, right in (
        ((3, 0.0, 0.1, 5000), None),
        ((3, 0.05, 0.1, 5000), "performance"),
        ((3, 0.0, 0.3, 5000), "drift"),
        ((9, 0.0, 0.1, 5000), "schedule"),
        ((9, 0.05, 0.3, 5000), "performance"),
        ((9, 0.05, 0.1, 5000), "performance"),
        ((3, 0.05, 0.3, 5000), "performance"),
        ((9, 0.0, 0.3, 5000), "drift"),
        ((9, -0.05, 0.1, 5000), "schedule"),
        ((0, -0.5, 0.0, 5000), None),
    ):
        reason(solution, right, *numbers)


def reason(solution, right, *numbers, **limits):
    """Require one answer of should_retrain."""
    call = f"should_retrain({', '.join(map(str, numbers))}{''.join(f', {k}={v}' for k, v in limits.items())})"
    got = solution.should_retrain(*numbers, **limits)
    require(got == right and (got is None) == (right is None), f"{call}: expected {right!r}, got {got!r:.80}")


@points(1)
def test_should_retrain_needs_new_records(solution):
    """should_retrain is None for fewer than min_records new records, whatever else is the case

    What would be learned from ten records, however bad the model is?
    """
    for numbers in ((30, 0.5, 2.0, 10), (3, 0.5, 0.0, 999), (3, 0.0, 2.0, 999), (30, 0.0, 0.0, 0)):
        reason(solution, None, *numbers)


@points(1)
def test_should_retrain_takes_limits(solution):
    """should_retrain takes its four limits from the caller

    Each of them has a default, and a name.
    """
    reason(solution, None, 9, 0.05, 0.3, 5000, max_age_days=30, max_drop=0.1, max_drift=0.5)
    reason(solution, "drift", 9, 0.05, 0.3, 5000, max_age_days=30, max_drop=0.1)
    reason(solution, "schedule", 9, 0.05, 0.3, 5000, max_drop=0.1, max_drift=0.5)
    reason(solution, "performance", 9, 0.05, 0.3, 5000, max_age_days=30, max_drift=0.5)
    reason(solution, None, 9, 0.05, 0.3, 5000, min_records=6000)
    reason(solution, "schedule", 9, 0.0, 0.0, 10, min_records=5)
    reason(solution, "performance", 9, 0.05, 0.3, 0, min_records=0)
