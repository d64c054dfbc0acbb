"""A data pipeline for a text classifier: ingest, versions, splits, quality of labels, and when to retrain."""


def ingest(source, store, labels):
    """Store the valid records of source, a path of JSON Lines, below store, a folder; return a dict of three counts.

    Its keys are "accepted", "rejected" and "duplicates". labels is a list of str. Records become Parquet files below
    store/date=YYYY-MM-DD/, rejected lines go into store/rejected.jsonl. Ingesting again, also after being killed,
    leaves the store as one clean run does.

    Raises FileNotFoundError if there is no source, ValueError if labels is empty.
    """
    raise NotImplementedError


def dataset_version(store):
    """Return a hex string that is a function of the records in store, a folder, and of nothing else."""
    raise NotImplementedError


def read(store, split=None, test_fraction=0.2):
    """Return an iterator over the records in store, a folder: dicts of five str, sorted by (instant, id, annotator).

    split is None for all of them, "train" or "test". The side of a record is a function of its id.

    Raises ValueError, here or at the first record, if the split is another or test_fraction is not between 0 and 1.
    """
    raise NotImplementedError


def cohens_kappa(a, b):
    """Return Cohen's kappa of the labels a (n,) and b (n,) of two raters: one number, nan if chance agrees always.

    Raises ValueError if they have different lengths.
    """
    raise NotImplementedError


def label_drift(reference, current):
    """Return the PSI of two dicts from label to count: one number."""
    raise NotImplementedError


def should_retrain(
    days_since, metric_drop, drift, new_records, max_age_days=7, max_drop=0.02, max_drift=0.2, min_records=1000
):
    """Return "performance", "drift", "schedule" or None for four numbers and four limits, numbers too."""
    raise NotImplementedError
