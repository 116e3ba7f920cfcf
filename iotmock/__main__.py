"""`iotmock`, and `python -m iotmock`: where the process begins, and how Ctrl-C ends it."""

# Nothing more is imported before main() runs: the rest takes a second, in which Ctrl-C may come.
import signal
import sys

INTERRUPTED = 130
"""As a shell says that SIGINT ended a process."""


def main() -> None:
    """Run the command line; Ctrl-C ends it without a traceback, whatever it does just then."""
    # The system's own way to end it: no Python code runs any more, whatever is being imported.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from iotmock.cli import main as run  # noqa: PLC0415

    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run()
    except* KeyboardInterrupt:
        pass
    finally:
        # What is left are the interpreter's own last steps.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(INTERRUPTED)  # the command line itself never comes back from run()


if __name__ == "__main__":
    main()
