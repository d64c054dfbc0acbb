"""Makes a function of a few lines callable, the way a kata's checks call it; a plugin of the tests beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from textwrap import dedent, indent

import pytest

from pytest_mlkata.solution.host import Host, Zygote
from pytest_mlkata.solution.proxy import Solution

Start = Callable[[str, str], Solution]
"""From the parameters and the body of a function `f` to a solution that has it."""


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with Zygote() as started:
        yield started


@pytest.fixture
def start(zygote: Zygote) -> Iterator[Start]:
    """Give what makes a function callable until the test ends."""
    with ExitStack() as exits:

        def started(parameters: str, body: str) -> Solution:
            source = f"import numpy as np\n\n\ndef f({parameters}):\n{indent(dedent(body).strip(), '    ')}\n"
            host = Host(zygote, source, name="corpus")
            exits.callback(host.close)
            return Solution(host, ("f",))

        yield started
