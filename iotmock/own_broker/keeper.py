"""Runs a program that must not outlive us: `python -m iotmock.own_broker.keeper PROGRAM ...`.

It ends the program when standard input ends, as it does whatever becomes of who started this.
"""

import os
import signal
import subprocess
import sys
import threading

_PATIENCE_S = 2.0


def main() -> int:
    """Run the program until it ends, or standard input does; return its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)  # noqa: S603 - it is ours
    threading.Thread(target=_end_with_stdin, args=[program], daemon=True).start()
    return program.wait()


def _end_with_stdin(program: "subprocess.Popen[bytes]") -> None:
    while os.read(0, 1_024):  # not sys.stdin: the end of the process would wait for its lock
        pass
    program.terminate()
    try:
        program.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        program.kill()


if __name__ == "__main__":
    sys.exit(main())
