"""`make chaos`: ten minutes, a line at the end; exit code 1 if anything did not hold."""

import argparse
import sys
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from tests.chaos.run import everything_at_once

_SECONDS = 600.0


def main() -> int:
    """Run it; what the service and the broker left is kept when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=_SECONDS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(mkdtemp(prefix="iotmock-chaos-"))
    verdict = everything_at_once(folder, given.seconds, given.seed)
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
