"""Who stops others lets them go again."""

from tests.chaos.stalls import run_stalled

STEPS = "for step in $(seq 20); do sleep 0.1; done; exit 7"


def test_what_is_stopped_goes_on_to_its_end() -> None:
    code, stalls = run_stalled(["bash", "-c", STEPS], gap_s=0.2, longest_s=0.4)
    assert code == 7
    assert stalls > 0
