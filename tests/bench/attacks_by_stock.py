"""The attacks of the tests, marked by stock nbgrader and by the engine's third way, side by side.

    python tests/bench/attacks_by_stock.py [beside settings frames below tables names …]

prints a line for each attack: the points of stock `nbgrader autograde`, and those of a test that
is run beside the student's cells (of `values`: apart), without those that a person is asked to look
at. All of them take twenty minutes; names choose some. Stock runs in bubblewrap, with processes, a
home and a network of its own, for the attacks are real. Those that would fill the memory or the
table of processes, or end stock itself, are left out.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent), str(TESTS.parent / "lessons")]

from course_builder import CONFIG, checked, given, notebook, solution, write  # noqa: E402
from notebooks import attacks_below as below  # noqa: E402 - needs the path above
from notebooks import attacks_beside as beside  # noqa: E402
from notebooks import attacks_by_c_functions as by_c_functions  # noqa: E402
from notebooks import attacks_by_file_names as by_file_names  # noqa: E402
from notebooks import attacks_by_modules as by_modules  # noqa: E402
from notebooks import attacks_by_settings as by_settings  # noqa: E402
from notebooks import attacks_on_classes as classes  # noqa: E402
from notebooks import attacks_on_frames as frames  # noqa: E402
from notebooks import attacks_on_keras as keras  # noqa: E402
from notebooks import attacks_on_tables as tables  # noqa: E402
from notebooks import attacks_on_values as values  # noqa: E402
from notebooks import tiny_question as tiny  # noqa: E402
from notebooks.attacks_in_cells import ATTACKS  # noqa: E402

LEFT_OUT = frozenset(
    {"45-fork-bomb", "45-many-children", "46-memory", "46-memory-of-many", "48-one-long-line"}
    | {"no-process-to-signal", "child-that-signals", "fork-bomb-that-holds-descriptors"}
    | {"flood-on-the-line", "47-many-lines", "fork-tries-all", "fork-and-wait-for-status"}
)
STOCK = 'c.Autograde.exporter_class = "nbconvert.exporters.NotebookExporter"\n'
AFTER = {"settings": by_settings, "frames": frames, "below": below, "classes": classes}
AFTER |= {"tables": tables, "keras": keras, "names": by_file_names}
AFTER |= {"functions": by_c_functions, "modules": by_modules}
"""Assignments whose attacks all stand after the answers, by the module with tests and attacks."""
ANSWERS = {"beside": beside, **AFTER}
"""All assignments of one cell of answers."""
_SHARES = 2
_LINES = "points.jsonl"
_SECONDS = 60  # for one submission under stock


def cells_of(assignment: str) -> list[dict[str, Any]]:
    """Give the instructor's cells: of tests of one cell of answers, or of the tiny question."""
    if assignment in ANSWERS:
        own = ANSWERS[assignment]
        tests = [checked(name, 1, source) for name, source in own.TESTS.items()]
        return [given(own.SETUP), solution("answers", "", own.RIGHT), *tests]
    made = {
        "given": lambda cell: given(cell.source),
        "solution": lambda cell: solution(cell.grade_id, "", cell.source),
        "test": lambda cell: checked(cell.grade_id, cell.points, cell.source),
    }
    return [made[cell.kind](cell) for cell in tiny.MASTER.cells]


def hand_in(root: Path, assignment: str, attack: str, cells: Any) -> None:
    """Hand in the released notebook with the attack in it; `cells` are the attack's."""
    release = json.loads((root / "lessons" / assignment / "submission.ipynb").read_text())
    by_id = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in release["cells"]
    }
    if assignment in ANSWERS:
        own = ANSWERS[assignment]
        by_id["answers"]["source"] = own.WRONG
        after = assignment in AFTER or attack in beside.AFTER_THE_ANSWERS
        release["cells"].insert(2 if after else 1, given(own.ATTACKS[attack]))
    else:
        parts = {"shape": tiny.WRONG[0], "triple": tiny.WRONG[1]} | cells
        for name in ("shape", "triple"):
            by_id[name]["source"] = parts[name]
        release["cells"].insert(2, given(parts.get("between", "")))
        release["cells"].insert(0, given(parts.get("first", "")))
        release["cells"].append(given(parts.get("last", "")))
    release["cells"] = [cell | {"id": f"cell-{i:02}"} for i, cell in enumerate(release["cells"])]
    write(root / "submitted" / attack / assignment, {"submission": release})


def attacks_by_assignment() -> dict[str, Mapping[str, Any]]:
    """Name the attacks of each assignment."""
    of_values = {"core": ATTACKS, "values": values.ATTACKS}  # their tests are the tiny question's
    return {name: own.ATTACKS for name, own in ANSWERS.items()} | of_values


def build(root: Path) -> Path:
    """Make the assignments, and hand in each attack."""
    from autograder.authoring.generate import generate
    from autograder.course.course import open_course

    root.mkdir()
    limit = "c.Execute.timeout = 4\n"
    (root / "nbgrader_config.py").write_text(CONFIG + STOCK + limit)
    for assignment, attacks in attacks_by_assignment().items():
        write(root / "solutions" / assignment, {"submission": notebook(cells_of(assignment))})
        generate(open_course(root), assignment)
        for attack, cells in attacks.items():
            hand_in(root, assignment, attack, cells)
    return root


def submissions(chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Name every assignment, of those chosen, and attack that stock is asked about."""
    found = attacks_by_assignment().items()
    every = [(assignment, name) for assignment, attacks in found for name in attacks]
    return [each for each in every if each[1] not in LEFT_OUT and each[0] in chosen]


def marked_by_stock(root: Path, share: int, chosen: Sequence[str]) -> None:
    """Mark a share of the submissions; this runs in bubblewrap and writes JSON, a line for each.

    Attacks write to every descriptor that they find, so the lines go to a file.
    """
    from gradebook_rows import rows
    from nbgrader_stock import api

    def autograde(assignment: str, attack: str) -> None:
        with contextlib.redirect_stdout(sys.stderr), contextlib.suppress(Exception):
            api(root).autograde(assignment, attack)

    home = Path(os.environ["HOME"])
    for assignment, attack in submissions(chosen)[share::_SHARES]:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        marking = get_context("fork").Process(target=autograde, args=(assignment, attack))
        marking.start()
        marking.join(_SECONDS)
        _end_what_is_left()  # stock itself too, where an attack has stopped it
        marking.join()
        grades = rows(root)["grades"]
        points = sum(row[3] or 0 for row in grades if row[0] == attack)
        with (root / _LINES).open("a") as lines:
            lines.write(json.dumps([assignment, attack, points]) + "\n")


def _end_what_is_left() -> None:
    for name in (path.name for path in Path("/proc").iterdir()):
        if name.isdigit() and int(name) not in (1, os.getpid()):
            with contextlib.suppress(OSError):
                os.kill(int(name), signal.SIGKILL)


def stock(root: Path, share: int, chosen: Sequence[str]) -> list[list[Any]]:
    """Have a share of the submissions marked by stock nbgrader, in bubblewrap."""
    command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    command += ["--tmpfs", "/tmp", "--bind", str(root), "/tmp/course", "--unshare-all"]  # noqa: S108
    command += ["--die-with-parent", "--setenv", "HOME", "/tmp/home"]  # noqa: S108
    command += [sys.executable, __file__, "/tmp/course", str(share), *chosen]  # noqa: S108
    nowhere = subprocess.DEVNULL
    subprocess.run(command, check=False, stdout=nowhere, stderr=nowhere)
    return [json.loads(line) for line in (root / _LINES).read_text().splitlines()]


def ours(assignment: str, attack: str, runner: Any) -> float:
    """Give the points that tests run beside the same cells give."""
    from running.test_attacks_beside import points, results
    from running.test_attacks_core_beside import found
    from running.test_attacks_frames import results as results_on_frames

    if assignment in AFTER:
        own = AFTER[assignment]
        found_here = results_on_frames(
            runner, own.SETUP, own.WRONG, own.ATTACKS[attack], course=own
        )
        return sum(points(result) for result in found_here.values() if not result.flagged)
    if assignment == "values":  # these are run apart
        return tiny.total(tiny.marks(runner, tiny.notebook(**values.ATTACKS[attack])))
    if assignment == "beside":
        return sum(points(result) for result in results(runner, beside.sources(attack)).values())
    return sum(found(runner, tiny.notebook(**ATTACKS[attack])).values())


def main(chosen: Sequence[str]) -> None:
    """Print the table of these assignments."""
    from autograder.running import Limits, Runner

    with tempfile.TemporaryDirectory() as folder, Runner(limits=Limits(cell_seconds=3)) as runner:
        first = build(Path(folder) / "course-0")
        roots = [first, shutil.copytree(first, Path(folder) / "course-1")]
        with ThreadPoolExecutor(_SHARES) as pool:
            lines = [
                each
                for some in pool.map(stock, roots, range(_SHARES), [chosen] * _SHARES)
                for each in some
            ]
        print(f"{'attack':42}{'stock':>7}{'ours':>7}")
        table = [(name, points, ours(kind, name, runner)) for kind, name, points in lines]
    for name, theirs, own in table:
        print(f"{name:42}{theirs:7g}{own:7g}")
    paid = [sum(row[at] > 0 for row in table) for at in (1, 2)]  # type: ignore[operator]
    print(f"\npaid: stock {paid[0]} of {len(table)}, ours {paid[1]} of {len(table)}")
    print("paid here:", ", ".join(name for name, _, own in table if own) or "none")


if __name__ == "__main__":
    if "/" in "".join(sys.argv[1:2]):
        marked_by_stock(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    else:
        main(sys.argv[1:] or list(attacks_by_assignment()))
