"""All benches, one after the other, or those named: `python tests/bench grading site`.

A line before each says how far it is. The end repeats every figure that was asked for, beside what
was measured. About a quarter of an hour on two quiet processors.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

_HERE = Path(__file__).parent


def main() -> int:
    """Run the benches; give 1 where one could not be run."""
    names = [path.stem.removeprefix("bench_") for path in sorted(_HERE.glob("bench_*.py"))]
    parser = argparse.ArgumentParser(prog="python tests/bench", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(names)}")
    chosen = parser.parse_args().names or names
    if unknown := set(chosen).difference(names):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    begun = time.monotonic()
    asked: list[str] = []
    failed = []
    for number, name in enumerate(chosen, 1):
        minutes, seconds = divmod(int(time.monotonic() - begun), 60)
        print(f"\n== {number} of {len(chosen)}: {name} ({minutes}:{seconds:02} so far)", flush=True)
        line = [sys.executable, str(_HERE / f"bench_{name}.py")]
        with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as running:
            for text in running.stdout or ():
                print(text, end="", flush=True)
                asked += [text] if ": asked " in text else []
        if running.returncode:
            failed.append(name)
    print("\n== Asked and measured\n" + "".join(asked), end="")
    if failed:
        print(f"could not be run: {', '.join(failed)}")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
