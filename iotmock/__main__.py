"""`iotmock`, and `python -m iotmock`: where the process begins, and how Ctrl-C ends it."""

# Nothing more is imported before main() runs: the rest takes a second, in which Ctrl-C may come.
import gc
import os
import signal
import sys

INTERRUPTED = 130
"""As a shell says that SIGINT ended a process."""


def main() -> None:
    """Run the command line; Ctrl-C ends it without a traceback, whatever it does just then."""
    _open_what_is_closed()
    # The system's own way to end it: no Python code runs any more, whatever is being imported.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from iotmock.cli import main as run  # noqa: PLC0415

    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run()
    except* KeyboardInterrupt:
        pass
    finally:
        # What is left are the interpreter's own last steps; see `exit_uncollected`.
        gc.freeze()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(INTERRUPTED)  # the command line itself never comes back from run()


def _open_what_is_closed() -> None:
    # Whoever starts us may have closed them: then files of ours would get their numbers, and be
    # written to by whoever complains. /dev/null gets them now: the lowest that is free.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


if __name__ == "__main__":
    main()
