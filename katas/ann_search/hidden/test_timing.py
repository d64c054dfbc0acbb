from pytest_mlkata.checks import Made, assert_fast, points

from .problems import IVF, large


@points(3, function=IVF)
def test_search_is_faster_than_looking_at_everything(solution, reference):
    """search in 4 of 128 lists takes at most half the processor time of an exact search

    Of 50,000 items with 32 features, four lists hold a few in a hundred. What does your search do with the others? And
    is everything that every search needs prepared when the index is made?
    """
    X, q = large()
    made = Made("IVFIndex", X, 128, 0)
    assert_fast(
        solution, reference, "IVFIndex.search", (made, q, 10, 4), limit=0.5, against=("exact_search", (X, q, 10))
    )
