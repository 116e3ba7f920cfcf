"""The faults that happen by themselves: a pure function of seed, device and simulated time."""

from collections.abc import Iterable, Iterator
from enum import Enum
from hashlib import blake2b
from itertools import accumulate

from attrs import field, frozen

from iotmock.model.faults.fault import Fault, Injection
from iotmock.model.faults.types import FAULT_TYPES
from iotmock.model.numbers.noise import Noise, seed_of
from iotmock.model.spec import DeviceSpec

_DAY_S = 86_400.0
_REALISTIC_WINDOW_S = 21_600.0
_HARSH = 100.0


class FaultProfile(Enum):
    """How often faults happen by themselves, as a multiple of what is seen in the field."""

    OFF = 0.0
    REALISTIC = 1.0
    HARSH = _HARSH


@frozen
class Risks:
    """Some types of fault, to be drawn in proportion to how often each occurs."""

    types: tuple[type[Fault], ...]
    sums: tuple[float, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        rates = (fault.occurs.per_day for fault in self.types)
        object.__setattr__(self, "sums", tuple(accumulate(rates)))

    @property
    def per_day(self) -> float:
        """How many faults a day a device has."""
        return self.sums[-1]

    def draw(self, noise: Noise) -> type[Fault]:
        """Return one of the types."""
        at = noise.uniform() * self.per_day
        return next(fault for fault, end in zip(self.types, self.sums, strict=True) if at < end)


def _risks_of(device_type: str | None) -> Risks:
    able = (None, device_type)
    every = FAULT_TYPES.values()
    return Risks(tuple(f for f in every if f.device_type in able and not f.of_location))


_OF_TYPE: dict[str, Risks] = {
    name: _risks_of(name) for name in ("hvac", "server", "industrial", "lighting", "appliance")
}
_OF_ANY = _risks_of(None)
_OF_LOCATION = Risks(tuple(fault for fault in FAULT_TYPES.values() if fault.of_location))


@frozen
class Plan:
    """What will befall one device, window after window; the same in every process and life.

    A window holds two or three faults, so little is drawn ahead and little is kept.
    """

    fleet_seed: int
    profile: FaultProfile
    spec: DeviceSpec

    @property
    def window_s(self) -> float:
        """How much time is drawn at once, in s."""
        return _REALISTIC_WINDOW_S / self.profile.value

    def after(self, moment: float) -> tuple[list[Injection], float]:
        """Return what begins from `moment` on in its window, and when the window ends."""
        number = int(moment // self.window_s)
        coming = [one for one in self._window(number) if one.begin >= moment]
        return coming, (number + 1) * self.window_s

    def _window(self, number: int) -> Iterator[Injection]:
        spec = self.spec
        risks = _OF_TYPE.get(spec.device_type, _OF_ANY)
        yield from self._drawn(f"device:{spec.device_id}", risks, number)
        if spec.location:  # its gateway's faults are the same for all its devices
            yield from self._drawn(f"location:{spec.location}", _OF_LOCATION, number)

    def _drawn(self, whose: str, risks: Risks, number: int) -> Iterable[Injection]:
        noise = Noise(seed_of(self.fleet_seed, f"faults:{whose}:{number}"))
        pause_s = _DAY_S / (risks.per_day * self.profile.value)
        begin, end = number * self.window_s, (number + 1) * self.window_s
        while (begin := begin + pause_s * noise.wait(1.0)) < end:
            fault_type = risks.draw(noise)
            fault, lasts_s = fault_type.drawn(noise), fault_type.occurs.duration(noise)
            yield self._injection(fault, round(begin, 3), lasts_s)

    def _injection(self, fault: Fault, begin: float, lasts_s: float) -> Injection:
        device_id = self.spec.device_id
        name = f"{self.fleet_seed}:{device_id}:{fault.name}:{begin}"
        fault_id = blake2b(name.encode(), digest_size=8).hexdigest()
        end = None if fault.momentary else round(begin + lasts_s, 3)
        return Injection(fault_id, device_id, fault, begin, end, "profile")
