"""Makes the table of attacks in security.md: runs every attack in every mode, and writes what came of it.

python docs/attacks_table.py

It takes some minutes, and is refused where a mode cannot be had or where the run and tests/attacks/expected.py differ.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "attacks"))

from attack import MODES, Goal  # noqa: E402
from catalog import GROUPS  # noqa: E402
from expected import REASONS, expected, may_land  # noqa: E402
from harness import outcomes  # noqa: E402
from people import ordinary  # noqa: E402

PAGE = Path(__file__).with_name("security.md")
BEGIN, END = "<!-- table of attacks: begin -->", "<!-- table of attacks: end -->"
STOPPED = "stopped"


def main() -> None:
    """Run the attacks, and write the table into the page."""
    person = ordinary()
    if person is None:
        raise SystemExit("there is no Python here that another user than root can start")
    landed = {mode: outcomes(mode, person) for mode in MODES}
    for mode, found in landed.items():
        for name, goals in found.items():
            wanted = expected(name, mode)
            if not wanted <= goals <= wanted | may_land(name, mode):
                raise SystemExit(f"{name} in mode {mode}: the table says {words(wanted)}, the run {words(goals)}")
        print(f"{mode}: {len(found)} attacks, {sum(map(bool, found.values()))} land")
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), encoding="utf-8")


def renewed(page: str) -> str:
    """Return the page with the table that goes with the expected outcomes."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{rest.partition(END)[2]}"


def table() -> str:
    """Write what each attack does in each mode, group by group."""
    lines = []
    for title, attacks in GROUPS.items():
        lines += [f"### {title}", "", f"| attack | what it tries | {' | '.join(MODES)} |", "|---" * 6 + "|"]
        for attack in attacks:
            cells = [cell(attack.name, mode) for mode in MODES]
            lines.append(f"| `{attack.name}` | {attack.tries.replace('|', '/')} | {' | '.join(cells)} |")
        lines.append("")
    lines += ["### Why some land although the solution is confined", ""]
    lines += [f"- `{name}`: {reason}." for name, reason in REASONS.items()]
    return "\n".join(lines) + "\n"


def cell(name: str, mode: str) -> str:
    """Say in a few words what an attack does in a mode."""
    if goals := expected(name, mode):
        return f"**{words(goals)}**"
    if goals := may_land(name, mode):
        return f"{words(goals)}, on some machines"
    return STOPPED


def words(goals: set[Goal] | frozenset[Goal]) -> str:
    """Say with what an attack lands."""
    return ", ".join(goal.value for goal in Goal if goal in goals) or STOPPED


if __name__ == "__main__":
    main()
