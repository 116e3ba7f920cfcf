"""Who stops others lets them go again."""

import sys

from tests.chaos.stalls import run_stalled

STOPS_ITS_CHILD = """
import os, subprocess
child = subprocess.Popen(["sh", "-c", "kill -STOP $$; exec yes"], stdout=subprocess.DEVNULL)
os.waitpid(child.pid, os.WUNTRACED)
times = lambda: open(f"/proc/{child.pid}/stat").read().split()[13:15]
before = times()
try:
    child.wait(2)
except subprocess.TimeoutExpired:
    went_on = times() != before
child.kill()
raise SystemExit(went_on)
"""
STEPS = "for step in $(seq 20); do sleep 0.1; done; exit 7"


def test_what_is_stopped_goes_on_to_its_end() -> None:
    code, stalls = run_stalled(["bash", "-c", STEPS], gap_s=0.2, longest_s=0.4)
    assert code == 7
    assert stalls > 0


def test_what_a_test_has_stopped_stands_still_until_that_lets_it_go() -> None:
    code, _ = run_stalled([sys.executable, "-c", STOPS_ITS_CHILD], gap_s=0.1, longest_s=0.1)
    assert code == 0
