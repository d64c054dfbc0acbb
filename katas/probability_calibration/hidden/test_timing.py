from pytest_mlkata.checks import assert_growth, points

from .problems import large_staircase


@points(2)
def test_isotonic_fit_grows_as_sorting_does(solution, reference):
    """isotonic_fit takes about twice the time for twice the samples, as sorting does

    After a merger only the block before it can be out of order: there is no need to begin from the start, nor to make
    another pass. A mean need not be taken anew over all of a block, if the block knows its mean and its weight.
    """
    assert_growth(solution, reference, "isotonic_fit", large_staircase, sizes=(1000, 16_000))
