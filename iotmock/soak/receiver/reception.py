"""One subscription's account, and what there is to say about it."""

import os
import resource
import time
from pathlib import Path

import trio
from attrs import define, field

from iotmock.mqtt import V5, V311, ConnectOptions, Subscription, Tls
from iotmock.soak.account.accounting import Account
from iotmock.soak.account.ranges import Ranges
from iotmock.soak.account.tally import total
from iotmock.soak.receiver.intake import Intake, NamedIntake
from iotmock.soak.receiver.listener import Listener
from iotmock.soak.receiver.receipts import (
    Begin,
    Expect,
    Finish,
    Found,
    Instruction,
    Receipts,
    ReceiverConfig,
    Worst,
)

_POLL_S = 0.1
_STALL_S = 1.0
"""A look that comes so late was not for want of messages: this process stood."""
_WORST = 20
_RANGES_SHOWN = 20
_AHEAD_S = 0.04
"""How long before a full second of the run receipts are given; shards count a little later."""
_LEAST_PAUSE = 0.1
"""Of the time between two receipts: none come closer upon each other."""


class ReceiverError(Exception):
    """The receiver can not do what it is asked to; one line says why."""


@define(eq=False)
class Reception:
    """The account of one subscription, and what it says about it."""

    config: ReceiverConfig
    intake: Intake
    listener: Listener
    settled: trio.Event = field(factory=trio.Event)
    _reported: tuple[float, int] = field(factory=lambda: (time.time(), 0))
    _began: float | None = None
    """When the run began, Unix s, if that was said."""
    _finish: Finish = field(factory=Finish)
    _finish_asked: trio.Event = field(factory=trio.Event)

    @classmethod
    def make(cls, config: ReceiverConfig) -> "Reception":
        """Return one that has received nothing.

        Raises:
            ReceiverError: a certificate file can not be used.
        """
        account = Account(
            window=config.window,
            late_after_s=config.late_after_s,
            groups=config.groups,
            capacity=config.ranges_kept,
            began_us=time.time_ns() // 1_000,
            joins=config.joins,
        )
        wanted = tuple(
            Subscription(one, qos=config.qos, retain_handling=2) for one in config.topic_filters
        )
        intake = _intake(config, account)
        listener = Listener(config.host, config.port, options_of(config), wanted, intake)
        return cls(config, intake, listener)

    def receipts(self, *, final: bool = False) -> Receipts:
        """Return what there is now."""
        intake, account, listener = self.intake, self.intake.account, self.listener
        now = time.time()
        before, received = self._reported
        self._reported = now, intake.received
        shown = self.config.ranges_kept if final else _RANGES_SHOWN
        return Receipts(
            at=now,
            final=final,
            connected=listener.connected,
            devices=len(account),
            counts=total(list(account.tallies.values())),
            groups=account.tallies,
            missing=account.missing,
            foreign=intake.foreign,
            receiver_outages=len(account.outages),
            latency=intake.latency.quantiles(),
            recent_latency=intake.latency.take_recent(),
            transit=intake.transit.quantiles(),
            latency_histogram=intake.latency.encoded() if final else "",
            transit_histogram=intake.transit.encoded() if final else "",
            rate=(intake.received - received) / (now - before),
            memory_mb=_memory_mb(),
            cpu_s=time.process_time(),
            worst=[
                Worst(device, defects, account.findings.lost.text(device, _RANGES_SHOWN))
                for device, defects in account.findings.worst(_WORST)
            ],
            findings={
                defect: _found(ranges, shown) for defect, ranges in account.findings.ranges.items()
            },
            problem=listener.problem,
        )

    def follow(self, instruction: Instruction) -> None:
        """Take note of what was sent, or that it is time to finish."""
        match instruction:
            case Begin(at=at):
                self._began = at
            case Expect(counts=counts):
                for device, count in counts.items():
                    self.intake.account.expect(device, count)
            case Finish():
                self._finish = instruction
                self._finish_asked.set()

    @property
    def pause_s(self) -> float:
        """How long it is until receipts are due again."""
        between = self.config.snapshot_s
        if self._began is None:
            return between
        pause = between - (time.time() + _AHEAD_S - self._began) % between
        return pause if pause > _LEAST_PAUSE * between else pause + between

    async def settle(self) -> None:
        """Wait for `Finish`, then for what is outstanding, and close the account."""
        await self._finish_asked.wait()
        with trio.move_on_after(self._finish.at_most_s):
            await self._wait_quiet()
        self.intake.account.close(time.time_ns() // 1_000)
        self.settled.set()

    async def _wait_quiet(self) -> None:
        intake, received, since, looked = self.intake, -1, 0.0, trio.current_time()
        while intake.account.outstanding:
            now = trio.current_time()
            stood = now - looked > _STALL_S  # what came meanwhile is still to be read
            if intake.received != received or not self.listener.connected or stood:
                received, since = intake.received, now
            elif now - since > self._finish.quiet_s:
                return
            looked = now
            await trio.sleep(_POLL_S)


def _intake(config: ReceiverConfig, account: Account) -> Intake:
    run, level = config.run.encode(), config.device_level
    # Of one whose stamps say the device, that stands in the place of a topic.
    return (
        NamedIntake(run, account, device_level=0)
        if level is None
        else Intake(run, account, device_level=level)
    )


def _found(ranges: Ranges, most: int) -> Found:
    shown = ranges.first(most)
    return Found(shown, ranges.numbers - sum(one.count for one in shown))


def options_of(config: ReceiverConfig) -> ConnectOptions:
    """Return how the receiver connects.

    Raises:
        ReceiverError: a certificate file can not be used.
    """
    try:
        tls = Tls(config.tls_ca, config.tls_cert, config.tls_key) if config.tls else None
        if tls is not None:
            tls.context()
    except OSError as error:
        raise ReceiverError(f"the TLS files can not be used: {error}") from error
    return ConnectOptions(
        client_id=config.client_id or f"iotmock-receiver-{config.run}-{os.getpid()}",
        username=config.username,
        password=config.password,
        keep_alive=config.keep_alive,
        protocols=(V5,) if config.protocol == "5" else (V311,),
        session_expiry=config.session_expiry_s,
        receive_maximum=config.receive_maximum,
        tls=tls,
        websocket=config.websocket,
    )


def _memory_mb() -> float:
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    except OSError:  # no Linux: the most it ever was
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
