"""Health: what is wrong with the parts of a service, and whether its actors move on."""

from collections.abc import Iterator

from attrs import frozen

from iotmock.actors.ports.health import Part, Pulse

STALLED_S = 30.0
"""How long an actor may owe what it should have done before it counts as dead."""


@frozen
class Health:
    """Gathers what the parts say of themselves, when somebody asks."""

    parts: tuple[Part, ...] = ()
    pulses: tuple[Pulse, ...] = ()

    def problems(self) -> Iterator[str]:
        """Yield what keeps messages from being delivered or kept: "what is wrong: what to do"."""
        for part in self.parts:
            yield from part.problems()

    @property
    def alive(self) -> bool:
        """Whether every actor with a pulse moves on."""
        return all(pulse.stalled_s < STALLED_S for pulse in self.pulses)
