"""The meter between the physics and the message: rounds what is shown, integrates what is true."""

from math import ceil, floor, inf, sqrt

from attrs import define

from iotmock.model.family import Profile
from iotmock.model.numbers.noise import gauss_at, uniform_at
from iotmock.model.site.connection.mains import DIGITS
from iotmock.model.spec import DeviceState

_PHASE_FACTOR = {1: 1.0, 3: sqrt(3.0)}
_HOURS_PER_SECOND = 1.0 / 3600.0
_DIGITS = tuple(10.0**decimals for decimals in range(5))
_CLASSES = ((3.7, 0.02), (1_000.0, 0.01), (float("inf"), 0.005))
"""Up to which base power (kW) a meter is right within what: plugs as class 2, circuits and panels
as class 1 (IEC 62053-21), transformers of a plant as class 0.5 S (IEC 62053-22)."""
MOST_GAIN = 1.0 + _CLASSES[0][1]
_WHOLE_WATTS = 0.35
_LEAST_KW = 0.005
"""How many of the meters that could show 0.1 W show whole watts, and from which base power on.
Judgement: plugs of tracebase do, Shelly's and Tasmota's show 0.1 W."""


_PLUG_KW, _PANEL_KW = 10.0, 1_000.0


def decimals_of(base_power_kw: float) -> int:
    """Return the decimals that a meter for this power shows, in kW, A and kWh.

    A plug or a single circuit has 0.1 W and 0.1 Wh, a panel 1 W, the transformers of a plant 10 W.
    No more than four: so no number needs an exponent, in JSON or anywhere.
    """
    if base_power_kw <= _PLUG_KW:
        return 4
    return 3 if base_power_kw <= _PANEL_KW else 2


def gain_of(seed: int, spread: float, base_power_kw: float) -> float:
    """Return a meter's gain, near 1, which it keeps for life, within its class."""
    most = next(limit for up_to_kw, limit in _CLASSES if base_power_kw <= up_to_kw)
    error = 0.4 * most * spread * gauss_at(seed, 0)
    return 1.0 + max(-most, min(most, error))


def step_of(seed: int, spread: float, base_power_kw: float) -> float:
    """Return in steps of how many of its last digit a meter shows power: 1, or 10."""
    if not spread or not _LEAST_KW <= base_power_kw <= _PLUG_KW:
        return 1.0
    return 10.0 if uniform_at(seed, 1) < _WHOLE_WATTS else 1.0


@define(eq=False, weakref_slot=False)
class Meter:
    """What one device's meter shows: power (kW, mean of the last tick), voltage (V), energy (kWh).

    It has one gain, in its current path, for power, current and energy alike. So the identities of
    realism.md hold for what it shows: P = k·V·I·pf / 1000, with k = 1 for a single phase and √3 for
    three phases with V from line to line, and energy is the integral of power.
    """

    phases: int
    decimals: int
    energy_kwh: float = 0.0
    gain: float = 1.0
    power_kw: float = 0.0
    voltage_v: float = 0.0
    step: float = 1.0
    """In steps of how many of its last digit it shows power."""
    ceiling_kwh: float = inf
    """The most that may be shown: what the counter would go on from, were the process killed."""

    @property
    def back_kwh(self) -> float:
        """Energy that went the other way than `energy_kwh` counts."""
        return 0.0

    @property
    def shown_back_kwh(self) -> float:
        """The same as it is shown."""
        return 0.0

    def lets(self, ahead_kwh: float) -> bool:
        """Say whether it may show what would be so much more."""
        return self.energy_kwh + ahead_kwh <= self.ceiling_kwh

    def let_show(self, energy_kwh: float, back_kwh: float) -> None:  # noqa: ARG002
        """Have ceilings for what `energy_kwh` and `back_kwh` may be shown as."""
        self.ceiling_kwh = energy_kwh

    def keep_ceilings(self, before: "Meter") -> None:
        """Show no more than the meter may that was here before."""
        self.ceiling_kwh = before.ceiling_kwh

    @property
    def digits(self) -> float:
        """How many of the last digit that it shows make one kW, A or kWh."""
        return _DIGITS[self.decimals]

    @property
    def shown_kw(self) -> float:
        """The power as it is shown."""
        step, digits = self.step, _DIGITS[self.decimals]
        # `floor` and not `round`, which goes by way of a text and takes eight times as long.
        return floor(self.power_kw * digits / step + 0.5) * step / digits

    def exchange(self, decimals: int) -> None:
        """Go on with another meter, from the next digit of the coarser of both: never lower."""
        if decimals != self.decimals:
            digits = 10.0 ** min(decimals, self.decimals)
            self.energy_kwh = ceil(self.energy_kwh * digits) / digits
        self.decimals = decimals

    def told(self) -> tuple[int, int]:
        """Return power and net energy as they are shown, in digits of the finest meter."""
        digits = self.digits
        scale = int(DIGITS / digits)
        power = int(floor(self.power_kw * digits / self.step + 0.5) * self.step)
        return power * scale, floor(self.energy_kwh * digits + 0.5) * scale

    def reset(self) -> None:
        """Begin at nought again."""
        self.energy_kwh = 0.0

    def counted_kw(self, power_kw: float) -> float:
        """Return what of a true power `energy_kwh` counts."""
        return power_kw * self.gain

    def measure(self, power_kw: float, voltage_v: float, dt_s: float) -> None:
        """Take the mean true power over the last `dt_s` seconds."""
        self.power_kw = power_kw = power_kw * self.gain
        self.energy_kwh += power_kw * dt_s * _HOURS_PER_SECOND
        self.voltage_v = voltage_v

    def current_a(self, power_factor: float) -> float:
        """Return the current that the power and voltage imply."""
        if self.voltage_v == 0.0:
            return 0.0
        volt_amperes = self.power_kw * 1000.0 / power_factor
        return volt_amperes / (_PHASE_FACTOR[self.phases] * self.voltage_v)


@define(eq=False, weakref_slot=False)
class TwoWayMeter(Meter):
    """A meter of a device that feeds in too: one register for each way, and neither goes back.

    `power_kw` is negative while it feeds in; the current is a magnitude. `energy_kwh` is what was
    drawn, or of one that `generates` what was fed in.
    """

    generates: bool = False
    back_kwh: float = 0.0
    back_ceiling_kwh: float = inf

    @property
    def shown_back_kwh(self) -> float:
        """See `Meter.shown_back_kwh`."""
        back = min(self.back_kwh, self.back_ceiling_kwh)
        return floor(back * self.digits + 0.5) / self.digits

    def lets(self, ahead_kwh: float) -> bool:
        """See `Meter.lets`."""
        return super().lets(ahead_kwh) and self.back_kwh + ahead_kwh <= self.back_ceiling_kwh

    def let_show(self, energy_kwh: float, back_kwh: float) -> None:
        """See `Meter.let_show`."""
        self.ceiling_kwh, self.back_ceiling_kwh = energy_kwh, back_kwh

    def keep_ceilings(self, before: Meter) -> None:
        """See `Meter.keep_ceilings`."""
        super().keep_ceilings(before)
        if isinstance(before, TwoWayMeter):
            self.back_ceiling_kwh = before.back_ceiling_kwh

    def exchange(self, decimals: int) -> None:
        """See `Meter.exchange`: both registers."""
        if decimals != self.decimals:
            digits = 10.0 ** min(decimals, self.decimals)
            self.back_kwh = ceil(self.back_kwh * digits) / digits
        super().exchange(decimals)

    def told(self) -> tuple[int, int]:
        """See `Meter.told`: what was fed in is taken off."""
        digits = self.digits
        scale = int(DIGITS / digits)
        power, energy = super().told()
        net = energy - floor(self.back_kwh * digits + 0.5) * scale
        return power, -net if self.generates else net

    def reset(self) -> None:
        """Begin at nought again, both ways."""
        self.energy_kwh = self.back_kwh = 0.0

    def counted_kw(self, power_kw: float) -> float:
        """See `Meter.counted_kw`."""
        return max(0.0, -power_kw if self.generates else power_kw) * self.gain

    def measure(self, power_kw: float, voltage_v: float, dt_s: float) -> None:
        """See `Meter.measure`."""
        self.power_kw = power_kw = power_kw * self.gain
        energy = abs(power_kw) * dt_s * _HOURS_PER_SECOND
        if (power_kw < 0.0) is self.generates:
            self.energy_kwh += energy
        else:
            self.back_kwh += energy
        self.voltage_v = voltage_v

    def current_a(self, power_factor: float) -> float:
        """See `Meter.current_a`."""
        return abs(super().current_a(power_factor))


def meter_for(profile: Profile, decimals: int, gain: float, state: DeviceState) -> Meter:
    """Return a meter that goes on from what it counted; one of two registers if it feeds in."""
    phases, energy, back = profile.phases, state.energy_kwh, state.back_kwh
    if not profile.feeds:
        return Meter(phases, decimals, energy, gain)
    return TwoWayMeter(phases, decimals, energy, gain, generates=profile.generates, back_kwh=back)
