from pytest_mlkata.checks import assert_fast, points

from .problems import large


@points(1)
def test_loss_is_fast(solution, reference):
    """loss takes at most ten times the time of a plain NumPy solution

    One forward pass is nearly all of it. Is a table of n by n made on the way?
    """
    assert_fast(solution, reference, "loss", large(5_000, (16, 32, 8)))


@points(1)
def test_gradients_is_fast(solution, reference):
    """gradients takes at most ten times the time of a plain NumPy solution

    One pass up and one pass down. How often do you go through the lower layers? Do you keep an outer product for every
    sample, where only their sum is asked for?
    """
    assert_fast(solution, reference, "gradients", large(3_000, (16, 32, 32, 8)))


@points(1)
def test_train_is_fast(solution, reference):
    """train takes for an epoch at most ten times the time of a plain NumPy solution

    What must be done once a call, once an epoch, once a batch? A batch should cost what its own samples cost, not what
    all of them do.
    """
    assert_fast(solution, reference, "train", (*large(8_000, (16, 32, 8)), 0.1, 1, 64, 0))
