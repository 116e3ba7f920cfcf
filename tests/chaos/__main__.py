"""`make chaos`: ten minutes, and a line at the end.

Exit code 1 if anything did not hold, 2 if a tool is missing.
"""

import argparse
import sys
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from tests.chaos.run import everything_at_once

_SECONDS = 600.0


def main() -> int:
    """Run it; what the service and the broker left is kept when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=_SECONDS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(mkdtemp(prefix="iotmock-chaos-"))
    try:
        verdict = everything_at_once(folder, given.seconds, given.seed)
    except pytest.skip.Exception as lacking:
        print(lacking)
        return 2
    for one in verdict.wrong:
        print(f"  {one}")
    print(verdict.line)
    if verdict.wrong:
        print(f"logs: {folder}")
    else:
        rmtree(folder)
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
