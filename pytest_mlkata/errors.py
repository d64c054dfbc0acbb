"""Everything that can go wrong, in one tree.

`MlkataError` is what a person did; its text names the file and the remedy and is shown without a traceback.
`CheckFailed` and its relatives are what happened to a submission inside a check.
"""

from __future__ import annotations

UNLOADABLE = "the solution cannot be loaded"
"""So begins what is said of a file whose import fails."""


class MlkataError(Exception):
    """A mistake of the user's or author's that the message explains."""


class KataError(MlkataError):
    """A kata folder is malformed."""


class UnknownKataError(MlkataError):
    """No kata has that name."""


class SolutionPathError(MlkataError):
    """A solution file is missing or cannot be read or written."""


class HintLogError(MlkataError):
    """The record of the hints that were given cannot be read or written."""


class UnknownHintError(MlkataError):
    """There are no hints on what was named."""


class IsolationError(MlkataError):
    """Solutions cannot be run on this machine as was asked for."""


class CheckFailed(Exception):
    """A property does not hold: raised by the comparisons of `pytest_mlkata.checks`."""


class Inconclusive(BaseException):
    """A measurement stayed between its limits. Not an `Exception`: Hypothesis must not repeat it."""


class SubmissionRaised(Exception):
    """The submission raised where it should not.

    Raised as a subclass that also derives from the built-in class the submission raised, so that
    ``pytest.raises(ValueError)`` works in a check.

    Attributes
    ----------
    mro
        Names of the raised class and its bases, nearest first; only built-in classes after the first.
    text
        The message of the exception.
    frames
        ``(line, function, source)`` of the frames in the submission, outermost first.
    """

    def __init__(
        self,
        message: str,
        *,
        mro: tuple[str, ...] = (),
        text: str = "",
        frames: tuple[tuple[int, str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.mro = mro
        self.text = text
        self.frames = frames


class SubmissionStopped(BaseException):
    """The submission cannot go on: it died, hung, does not load or broke the channel.

    Not an `Exception`: Hypothesis neither repeats nor shrinks it, so a hang costs its deadline once.

    Attributes
    ----------
    signal
        What ended its process; 0 where it was something else.
    """

    signal: int = 0


class NotStarted(SubmissionStopped):
    """The function is missing, or still raises the stub's `NotImplementedError`."""


class SubmissionUnloadable(SubmissionStopped):
    """The file cannot be graded at all: it is no valid Python, or it imports what the kata bans."""
