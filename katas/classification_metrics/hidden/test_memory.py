from pytest_mlkata.checks import assert_memory, points

from .problems import large


@points(1)
def test_roc_auc_holds_no_table_of_pairs(solution):
    """roc_auc needs memory for the samples, and not for all pairs of them

    Which samples lie below a sample need not be listed: once the scores are in order, it is enough to count.
    """
    assert_memory(solution, "roc_auc", large)
