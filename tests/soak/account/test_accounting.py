"""The account against an oracle that remembers everything, and its cases one by one."""

from collections import Counter
from collections.abc import Iterable, Sequence

from attrs import define
from hypothesis import given
from hypothesis import strategies as st

from iotmock.soak.account.accounting import Account
from iotmock.soak.account.findings import Defects
from iotmock.soak.account.outages import Outages
from iotmock.soak.account.ranges import Range, Ranges
from iotmock.soak.account.tally import Tally, total

SECOND = 1_000_000
WINDOW = 8


def due(number: int) -> int:
    """A device sends once a second."""
    return number * SECOND


def receive(account: Account, device: str, numbers: Iterable[int], **how: bool) -> None:
    for number in numbers:
        account.receive(account.track(device), number, due(number), due(number), **how)


def closed(account: Account, **sent: int) -> Tally:
    for device, count in sent.items():
        account.expect(device, count)
    account.close(due(max(sent.values(), default=0)))
    return total(list(account.tallies.values()))


def numbers(ranges: Ranges, device: str = "a") -> list[int]:
    found = [r for r in ranges if r.device == device]
    return sorted(n for r in found for n in range(r.first, r.last + 1))


@define
class Oracle:
    """Remembers every number of one device."""

    arrivals: Sequence[int]
    sent: int

    @property
    def lost(self) -> list[int]:
        return [n for n in range(1, self.sent + 1) if n not in set(self.arrivals)]

    @property
    def duplicated(self) -> list[int]:
        return sorted(n for n, times in Counter(self.arrivals).items() for _ in range(times - 1))

    def behind(self) -> list[tuple[int, int]]:
        """Return each number that came for the first time after a later one, and how far behind."""
        seen: set[int] = set()
        found = []
        for number in self.arrivals:
            highest = max(seen, default=0)
            if number not in seen and number < highest:
                found.append((number, highest - number))
            seen.add(number)
        return found


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[int], int]:
    """What is left of a device's messages after drops, duplicates and displacements."""
    sent = draw(st.integers(0, 60))
    stream = []
    for number in range(1, sent + 1):
        fate = draw(st.sampled_from(["kept"] * 6 + ["dropped", "twice", "displaced"]))
        copies = {"dropped": 0, "twice": 2}.get(fate, 1)
        for copy in range(copies):
            shift = draw(st.integers(0, 2 * WINDOW)) if fate == "displaced" or copy else 0
            stream.append((number + shift + 0.5 * bool(shift), number))
    return [number for _, number in sorted(stream)], sent


@given(arrivals(), arrivals())
def test_every_message_is_accounted_for_as_by_an_oracle(
    first: tuple[list[int], int], second: tuple[list[int], int]
) -> None:
    account = Account(window=WINDOW)
    longest = max(len(first[0]), len(second[0]))
    for place in range(longest):  # two devices in turns: neither is taken for the other
        receive(account, "a", first[0][place : place + 1])
        receive(account, "b", second[0][place : place + 1])
    tally = closed(account, a=first[1], b=second[1])
    found = account.findings
    reordered = beyond = 0
    for device, (came, sent) in {"a": first, "b": second}.items():
        oracle = Oracle(came, sent)
        assert numbers(found.lost, device) == oracle.lost
        assert numbers(found.ranges["duplicated"], device) == oracle.duplicated
        inside = [number for number, age in oracle.behind() if age < WINDOW]
        assert numbers(found.ranges["reordered"], device) == sorted(inside)
        reordered += len(inside)
        beyond += len(oracle.behind()) - len(inside)
    assert (tally.reordered, tally.late_beyond_window) == (reordered, beyond)
    assert tally.distinct + tally.lost == first[1] + second[1]
    assert tally.unplaced == 0


@given(arrivals())
def test_counts_hold_when_the_ranges_have_no_room(case: tuple[list[int], int]) -> None:
    came, sent = case
    account = Account(window=WINDOW, capacity=1)
    receive(account, "a", came)
    tally = closed(account, a=sent)
    known = Oracle(came, sent)
    assert tally.received == len(came)
    assert tally.lost - tally.unplaced <= len(known.lost) <= tally.lost
    assert tally.distinct + tally.lost == sent
    assert len(numbers(account.findings.lost)) + account.findings.lost.omitted == tally.lost


@given(arrivals(), st.integers(1, 60))
def test_outstanding_is_what_may_still_come(case: tuple[list[int], int], cut: int) -> None:
    came, sent = case
    account = Account(window=200)
    account.expect("a", sent)
    receive(account, "a", came[:cut])
    assert account.outstanding == sent - len(set(came[:cut]))


def test_a_healthy_stream_has_no_defect() -> None:
    account = Account()
    receive(account, "a", range(1, 1_001))
    assert closed(account, a=1_000) == Tally(received=1_000)
    assert account.findings.worst(5) == []


def test_a_gap_of_any_width_is_one_range() -> None:
    account = Account()
    receive(account, "a", [1, 10**15])
    assert closed(account, a=10**15).lost == 10**15 - 2
    assert list(account.findings.lost) == [Range("a", 2, 10**15 - 1)]


def test_trailing_losses_and_silent_devices_are_found_by_what_was_sent() -> None:
    account = Account()
    receive(account, "a", [1, 2])
    assert closed(account, a=5, b=3).lost == 6
    assert list(account.findings.lost) == [Range("a", 3, 5), Range("b", 1, 3)]
    worst = account.findings.worst(5)
    assert [(device, defects.lost) for device, defects in worst] == [("a", 3), ("b", 3)]


def test_the_worst_devices_come_first_and_say_what_they_lost() -> None:
    account = Account()
    receive(account, "fine", [1, 2, 3])
    receive(account, "twice", [1, 2, 2, 3])
    receive(account, "gaps", [1, 3, 6, 8])
    closed(account, gaps=8, twice=3, fine=3)
    worst = account.findings.worst(5)
    assert worst == [("gaps", Defects(lost=4)), ("twice", Defects(duplicated=1))]
    assert account.findings.lost.text("gaps", 5) == "2, 4-5, 7"
    assert account.findings.lost.text("gaps", 2) == "2, 4-5, ..."


def test_what_comes_long_after_it_was_due_is_late() -> None:
    account = Account(late_after_s=2.0)
    track = account.track("a")
    account.receive(track, 1, due(1), due(1) + 2 * SECOND)
    account.receive(track, 2, due(2), due(2) + 2 * SECOND + 1)
    account.receive(track, 2, due(2), due(2) + 9 * SECOND)
    tally = closed(account, a=2)
    assert (tally.late, tally.duplicated) == (1, 1)
    assert numbers(account.findings.ranges["late"]) == [2]


def test_a_changed_message_is_corrupted_and_not_lost() -> None:
    account = Account()
    receive(account, "a", [1])
    receive(account, "a", [2], intact=False)
    receive(account, "a", [3])
    tally = closed(account, a=3)
    assert (tally.corrupted, tally.lost, tally.distinct) == (1, 0, 3)
    assert numbers(account.findings.ranges["corrupted"]) == [2]


def test_a_changed_number_far_off_makes_no_losses_of_its_own() -> None:
    account = Account(window=WINDOW)
    receive(account, "a", [1])
    receive(account, "a", [999_999], intact=False)
    receive(account, "a", [3])
    tally = closed(account, a=3)
    assert (tally.corrupted, tally.unplaced, tally.lost, tally.distinct) == (1, 1, 1, 2)


def test_deliberate_faults_are_counted_and_hide_no_defect() -> None:
    account = Account()
    receive(account, "a", [1, 2, 4], deliberate=True)
    receive(account, "a", [4], deliberate=True)
    assert closed(account, a=4) == Tally(received=4, lost=1, duplicated=1, deliberate=4)


def test_a_redelivery_is_no_duplicate() -> None:
    account = Account()
    receive(account, "a", [1, 2])
    receive(account, "a", [2], again=True)
    assert closed(account, a=2) == Tally(received=3, redelivered=1)


def test_groups_are_by_the_longest_prefix() -> None:
    account = Account(groups={"homes": "home-", "pumps": "home-pump-"})
    for device, count in {"home-1": 1, "home-pump-1": 2, "mine": 3}.items():
        receive(account, device, range(1, count + 1))
    received = {name: tally.received for name, tally in account.tallies.items()}
    assert received == {"homes": 1, "pumps": 2, "all": 3}


def test_another_worker_goes_on_with_a_device_from_1() -> None:
    account = Account()
    receive(account, "a", [1, 2, 4])
    account.begin_life(account.track("a"), 1)
    receive(account, "a", [1, 2])
    assert closed(account, a=3) == Tally(received=5, lost=2)


def outage(first_s: float, last_s: float) -> Outages:
    outages = Outages()
    outages.begin(int(first_s * SECOND))
    outages.end(int(last_s * SECOND))
    return outages


def test_losses_while_the_receiver_was_away_are_its_own() -> None:
    account = Account(outages=outage(10.9, 20.5))  # and what was on its way when it broke
    receive(account, "a", [*range(1, 6), *range(7, 10), *range(24, 30)])
    tally = closed(account, a=29)
    assert numbers(account.findings.lost) == [6, 21, 22, 23]
    assert numbers(account.findings.ranges["lost_in_outages"]) == list(range(10, 21))
    assert (tally.lost, tally.lost_in_outages) == (4, 11)


def test_losses_of_an_outage_are_told_apart_in_a_wide_gap_too() -> None:
    account = Account(outages=outage(50.5, 60.5), window=WINDOW)
    receive(account, "a", [1, 100])
    assert closed(account, a=100).lost_in_outages == 11
    assert list(account.findings.ranges["lost_in_outages"]) == [Range("a", 50, 60)]


def test_an_outage_at_the_end_explains_the_trail() -> None:
    account = Account()
    receive(account, "a", range(1, 11))
    account.outages.begin(due(12) + 1)
    tally = closed(account, a=20)
    assert numbers(account.findings.lost) == [11]
    assert tally.lost_in_outages == 9


@given(arrivals())
def test_an_outage_changes_no_sum(case: tuple[list[int], int]) -> None:
    came, sent = case
    account = Account(window=WINDOW, outages=outage(20.5, 30.5))
    receive(account, "a", came)
    tally = closed(account, a=sent)
    lost = numbers(account.findings.lost) + numbers(account.findings.ranges["lost_in_outages"])
    assert sorted(lost) == Oracle(came, sent).lost
    assert tally.distinct + tally.lost + tally.lost_in_outages == sent
