"""Everything that is measured of the grader's own speed, as ratios: `python benchmarks/all.py [ROUNDS]`.

Some ten minutes with the five rounds that are usual. `verdicts.py`, which is about right and wrong and not about
speed, runs apart.
"""

from __future__ import annotations

import discovery
import held
import idle
import isolation
import watch_loop
import whole_runs
from measuring import rounds_asked_for, title

if __name__ == "__main__":
    rounds = rounds_asked_for()
    whole_runs.main(rounds)
    watch_loop.main(rounds)
    title("Isolation (wall times)")
    isolation.main(rounds)
    idle.main()
    discovery.main(rounds)
    held.main()
