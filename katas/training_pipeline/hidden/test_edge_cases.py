import math

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlkata.checks import close, number, points, raises, require

from .problems import (
    BLANK,
    LABELS,
    NO_INSTANT,
    NOT_A_RECORD,
    TEXTS,
    bad,
    good,
    labels_of,
    line,
    many_ids,
    record,
    text_of,
)
from .stores import Store, records_of, source_of
from .test_correctness import TWO, different, psi, reason


@points(1)
def test_ingest_passes_blank_lines_over(solution, reference, scratch):
    """ingest counts no line that is blank, and needs no line end at the end of the file

    White space alone is neither a record nor a mistake. Is the last line lost if nothing follows it?
    """
    for last in (True, False):
        for end in ("\n", "\r\n"):
            note = f"line ends {end!r}, {'one' if last else 'none'} after the last line"
            for items in ([*BLANK, TWO[0], *BLANK, TWO[1]], [*TWO, *bad("no json"), *BLANK[: 1 + last]]):
                store = Store(solution, reference, scratch, note=note)
                store.ingest(items, end=end, last=last)
                store.require_all()


@points(2)
def test_ingest_keeps_strings_as_they_are(solution, reference, scratch):
    """ingest and read give every string back as it was: spaces, line breaks, any script, words such as "None" and "007"

    A line of the file ends at its line end only; Unicode has other characters that separate lines, and they may occur
    in a text.
    """
    for text in TEXTS:
        store = Store(solution, reference, scratch, note=f"of a record with {text!r}")
        store.ingest(good(record("a", "ann", text), record(text, "ann"), record("a", text)), labels=LABELS)
        store.require_records()
    store = Store(solution, reference, scratch, note="of escaped texts")
    plain = record("a", "ann", "Grüße, 你好, 🎉 and / and \t")
    escaped = '{"id": "a", "text": "Gr\\u00fc\\u00dfe, \\u4f60\\u597d, \\ud83c\\udf89 and \\/ and \\t", '
    escaped += '"created_at": "2026-01-05T10:00:00Z",  "label":"pos","annotator" :"\\u0061nn"}'
    store.ingest([(escaped, plain), *good(plain)])
    store.require_all()


@points(1)
def test_ingest_keeps_keys_apart(solution, reference, scratch):
    """ingest takes (id, annotator) for two strings: other pairs are other keys, whatever they are when joined

    Which character can you put between them that is in neither? Why join them at all?
    """
    for mark in ("", "|", ",", "_", ":", " ", "\t", "\x00"):
        store = Store(solution, reference, scratch, note=f"of keys with {mark!r} in them")
        pairs = ("a", f"b{mark}c"), (f"a{mark}b", "c"), ("b", "a"), ("A", f"b{mark}c")
        store.ingest(good(*(record(*pair) for pair in pairs)))
        store.ingest(good(*(record(*pair) for pair in pairs[::-1])))
        store.require_files()


@points(1)
def test_ingest_takes_any_labels(solution, reference, scratch):
    """ingest takes the labels that it is given, one or many, with any characters

    The labels are data as well: what is known is what is in `labels`.
    """
    for labels in (["pos"], ["a b", "c"], ["ü", "Ü"], [" ", "x"], [f"label {each}" for each in range(300)]):
        store = Store(solution, reference, scratch, note=f"of labels {labels!r:.60}")
        wrong = [each for each in ("pos", "a", "u", "label 300", "label") if each not in labels]
        items = good(*(record(f"r{at}", label=each) for at, each in enumerate(labels[-3:])))
        store.ingest([*items, *bad(*(line(record("z", label=each)) for each in wrong))], labels=labels)
        store.require_all()


@points(1)
def test_ingest_takes_other_labels_for_the_same_file(solution, reference, scratch):
    """ingest judges a file by the labels of this call, also where it was ingested with others before

    Next week there is a label more, and the lines that were rejected are ingested again. What is a note worth that this
    file is done?
    """
    first, second = record("a", label="pos"), record("b", label="neg")
    store = Store(solution, reference, scratch, note="of a file that is ingested with other labels each time")
    source = source_of(scratch, map(line, (first, second)))
    for labels, counts in (
        (["pos"], {"accepted": 1, "rejected": 1, "duplicates": 0}),
        (["pos", "neg"], {"accepted": 1, "rejected": 0, "duplicates": 1}),
        (["neg"], {"accepted": 0, "rejected": 1, "duplicates": 1}),
    ):
        store.require_counts(store.counts(solution.ingest(source, store.path, labels)), counts)
    store.expected.add(good(first, second))
    store.require_files()
    store.require_records()


@points(1)
def test_ingest_of_a_file_that_has_grown(solution, reference, scratch):
    """ingest adds what is new in a file that has grown, or has another content by now, and keeps what it has stored

    Exports are called the same every week. What does a name say about the lines?
    """
    items = [*TWO, *bad("no json"), *good(record("c", text="a third"), record("d", text="a fourth"))]
    store = Store(solution, reference, scratch, note="of a file that is another each time")
    source = scratch / "export.jsonl"
    for part in (items[:2], items[:3], items, [items[4], *good(record("e"))], good(record("f"))):
        source.write_text("".join(text_of(item) + "\n" for item in part), encoding="utf-8")
        expected = store.expected.add(part)
        store.require_counts(store.counts(solution.ingest(str(source), store.path, LABELS)), expected)
        store.require_all()


@points(1)
def test_ingest_of_nothing_valid(solution, reference, scratch):
    """ingest of a file without a valid record leaves a store without records, and its rejected lines

    What do `read` and `dataset_version` find there?
    """
    versions = set()
    for lines in (NOT_A_RECORD["no JSON"], NO_INSTANT["without a zone"]):
        store = Store(solution, reference, scratch, note="of rejected lines only")
        store.ingest(bad(*lines))
        store.require_all()
        versions.add(store.version())
        require(not store.records(split="train"), 'read(store, "train") gives a record where there is none')
    require(len(versions) == 1, f"dataset_version of no records depends on rejected lines: {versions}")
    store.ingest(TWO)
    store.require_all()
    require(store.version() not in versions, "dataset_version of two records is that of none")


@points(1)
def test_ingest_of_many_records(solution, reference, scratch):
    """ingest is right for more records than fit into a batch

    What is left over when the last batch is not full? And does the next batch know the keys of this one?
    """
    records = [record(f"r{at % 1150}", created_at=f"2026-01-{at % 3 + 10}T10:00:00Z") for at in range(2300)]
    store = Store(solution, reference, scratch)
    store.ingest([*good(*records[:1700]), *bad("no json"), *good(*records[1700:])])
    store.require_files()
    store.require_rejected()


@points(1)
def test_ingest_makes_the_store(solution, reference, scratch):
    """ingest makes the store where it is missing, with the folders above it, and takes one that is there and empty

    Where does the first run find its folder?
    """
    store = Store(solution, reference, scratch, note="in a folder that is not there")
    store.path += "/of/classifiers"
    store.ingest(TWO)
    store.require_all()
    empty = Store(solution, reference, scratch, note="in a folder that is empty")
    (scratch / empty.path).mkdir()
    empty.ingest(TWO)
    empty.require_all()


@points(1)
def test_ingest_refuses_bad_input(solution, reference, scratch):
    """ingest raises FileNotFoundError where there is no source, and ValueError where there are no labels

    A job that finds no file has not ingested zero records.
    """
    store = Store(solution, reference, scratch)
    source = store.ingest(TWO)
    missing = str(scratch / "missing.jsonl")
    raises(FileNotFoundError, solution.ingest, missing, store.path, LABELS, because="there is no such file")
    raises(ValueError, solution.ingest, source, store.path, [], because="no labels")
    store.require_all()


@points(1)
def test_dataset_version_keeps_fields_apart(solution, reference, scratch):
    """dataset_version tells records apart whose fields are the same when they are written one behind the other

    Where does the text end, and the next field begin? Any character that you put between them can be in a text.
    """
    changes = {}
    for mark in ("", "|", ",", "\t", "\n", "\x1f", "\x00", '", "', "', '"):
        changes[f"with {mark!r} behind the id"] = [record("a" + mark, "ann", "b c"), record("z")]
        changes[f"with {mark!r} before the text"] = [record("a", "ann", mark + "b c"), record("z")]
    del changes["with '' behind the id"]
    changes["with id ab and text c"] = [record("ab", "ann", "c")]
    changes["with id a and text bc"] = [record("a", "ann", "bc")]
    changes["with annotator and time in one"] = [record("a", "ann2026", "bc")]
    different(solution, reference, scratch, changes)


@points(2)
@given(order=st.permutations(range(6)), cut=st.integers(0, 6), changed=st.integers(0, 29))
@settings(max_examples=7)
def test_dataset_version_of_any_layout(solution, reference, scratch, order, cut, changed):
    """dataset_version is the same for any order and division into files, and another for any change

    It must see the records, all of them, and nothing else.
    """
    records = [
        record("ab"[at % 2], f"rater {at}", f"text {at}", created_at=f"2026-01-0{at // 2 + 1}T0{at}:00:00Z")
        for at in range(6)
    ]
    plain = stored(solution, reference, scratch, records)
    shuffled = [records[at] for at in order]
    mixed = stored(solution, reference, scratch, shuffled[:cut], shuffled[cut:])
    require(plain == mixed, "dataset_version of the same records is another")
    name = [*records[0]][changed % 5]
    new = {"label": "neg", "created_at": "2026-01-05T10:00:00+00:00"}.get(name, "new")
    shuffled[changed // 5] = {**shuffled[changed // 5], name: new}
    other = stored(solution, reference, scratch, shuffled)
    require(other != plain, f"dataset_version is the same after the {name} of a record was changed")


def stored(solution, reference, scratch, *parts):
    """Ingest records into a new store, and return its version."""
    store = Store(solution, reference, scratch)
    for part in filter(None, parts):
        store.ingest(good(*part))
    return store.version()


@points(1)
def test_read_refuses_bad_input(solution, reference, scratch):
    """read raises ValueError for a split that it does not know, and for a test_fraction that is not between 0 and 1

    A generator runs nothing until somebody asks for the first record: that is early enough, but not too late.
    """
    store = Store(solution, reference, scratch)
    store.ingest(TWO)
    store.require_records()

    def read(path, *args, **kwargs):
        return records_of(solution.read(path, *args, **kwargs), "read")

    for split in ("validation", "Train", "both"):
        raises(ValueError, read, store.path, split, because="an unknown split")
    for split in ("train", "test"):
        for fraction in (0, 1, 0.0, 1.0, -0.2, 1.5, 20):
            raises(ValueError, read, store.path, split=split, test_fraction=fraction, because="no fraction")


@points(1)
def test_read_gives_the_same_again(solution, reference, scratch):
    """read can be called again, and while another reading is not at its end

    Two trainings may read one store at a time.
    """
    store = Store(solution, reference, scratch)
    store.ingest(good(*(record(name) for name in many_ids(12))))
    first = iter(solution.read(store.path))
    begun = [next(first), next(first)]
    store.require_records()
    rest = list(first)
    require([*begun, *rest] == store.records(), "read(store) gives other records while another reading is at work")


@points(1)
def test_cohens_kappa_where_chance_always_agrees(solution):
    """cohens_kappa is nan where both raters give one and the same label throughout

    Then p_e is 1, and 0 / 0 says nothing; one sample is such a case as well.
    """
    for raters in (["pos", "pos", "pos"],) * 2, (["neg"],) * 2, ([3, 3], [3, 3]):
        a, b = labels_of(raters)
        got = number(solution.cohens_kappa(a, b), f"cohens_kappa({raters[0]}, {raters[1]})")
        require(math.isnan(got), f"cohens_kappa({raters[0]}, {raters[1]}): expected nan, got {got}")
    close(solution.cohens_kappa(*labels_of((["pos"], ["neg"]))), 0, 'cohens_kappa(["pos"], ["neg"])')


@points(1)
def test_cohens_kappa_refuses_different_lengths(solution):
    """cohens_kappa raises ValueError where one rater has more labels than the other

    Whose label belongs to which text?
    """
    a, b = labels_of((["pos", "neg", "pos"], ["pos", "neg", "neg"]))
    solution.cohens_kappa(a, b)
    for cut in (1, 2):
        raises(ValueError, solution.cohens_kappa, a, b[:cut], because="the lengths differ")
        raises(ValueError, solution.cohens_kappa, a[:cut], b, because="the lengths differ")


@points(1)
def test_label_drift_of_rare_labels(solution):
    """label_drift floors a share below 0.0001 as well, and normalises nothing afterwards

    A floor is neither added to every share nor only put under those that are 0.
    """
    for reference, current, right in (
        ({"a": 999_999, "b": 1}, {"a": 1, "b": 1}, psi([0.999999, 1e-4], [1 / 2, 1 / 2])),
        ({"a": 1, "b": 1}, {"b": 2_000_000, "a": 1}, psi([1 / 2, 1 / 2], [1e-4, 2_000_000 / 2_000_001])),
        ({"a": 100_000, "b": 2, "c": 1}, {"a": 1}, psi([100_000 / 100_003, 1e-4, 1e-4], [1, 1e-4, 1e-4])),
        ({str(each): 1 for each in range(9)}, {"new": 1}, psi([1 / 9] * 9 + [1e-4], [1e-4] * 9 + [1])),
    ):
        close(solution.label_drift(reference, current), right, f"label_drift({reference}, {current})", rtol=1e-6)


@points(1)
def test_should_retrain_on_its_limits(solution):
    """should_retrain takes "more than" for the drop and the drift, and "at least" for the days and the records

    The limit itself: does it belong to what applies?
    """
    for numbers, right in (
        ((3, 0.02, 0.1, 5000), None),
        ((3, 0.0, 0.2, 5000), None),
        ((7, 0.02, 0.2, 5000), "schedule"),
        ((6, 0.02, 0.2, 5000), None),
        ((6.5, 0.0, 0.0, 5000), None),
        ((0, 0.03, 0.0, 1000), "performance"),
        ((0, 0.03, 0.0, 999), None),
        ((7, 0.0, 0.0, 1000), "schedule"),
        ((0, 0.0, 0.21, 1000), "drift"),
    ):
        reason(solution, right, *numbers)
    reason(solution, None, 3, 0.25, 0.5, 100, max_drop=0.25, max_drift=0.5, min_records=100)
    reason(solution, "schedule", 0, 0.25, 0.5, 100, max_age_days=0, max_drop=0.25, max_drift=0.5, min_records=100)
