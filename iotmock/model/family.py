"""What a family of devices must bring, and the catalogue of those that are known."""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, runtime_checkable

from attrs import define, field, frozen

from iotmock.model.commands import COMMON_COMMANDS, Command, Outcome
from iotmock.model.numbers.noise import Noise
from iotmock.model.parts.zip_load import CONSTANT_POWER, ZipLoad
from iotmock.model.site.site import Conditions
from iotmock.model.spec import DeviceRecord, Setting
from iotmock.wording.words import meant


class Family(Protocol):
    """The physics of one device, as a fraction of its base power so that `set_power` scales it."""

    def step(self, site: Conditions, dt_s: float) -> float:
        """Advance by `dt_s` seconds; return the mean true power over them / base power.

        It is negative while the device feeds in. `site` is as it is in the middle of the tick.
        """
        ...

    def power_factor(self) -> float:
        """Return the power factor of the last step, 0 < pf <= 1."""
        ...

    def apply(self, command: Command) -> Outcome:
        """Apply a command of the family's own."""
        ...

    def settings(self) -> dict[str, Setting]:
        """Return the effects of commands, to be remembered over a restart."""
        ...

    def restore(self, settings: Mapping[str, Setting]) -> None:
        """Take up what `settings` returned in an earlier life."""
        ...


Extra = float | str | bool


@runtime_checkable
class HasExtras(Protocol):
    """A family that measures more than power, for those who ask: READING=full."""

    def extras(self) -> Mapping[str, Extra]:
        """Return what it measures of its own, rounded as it is shown, by the names of readings.md.

        °C, %, kWh, W/m².
        """
        ...


@frozen
class Profile:
    """A variant of a family that a device is created as. kW and V."""

    name: str
    description: str
    base_power: float
    base_voltage: float
    phases: int
    build: Callable[[Noise, float], Family]
    """Makes the physics from a device's random numbers and DATA_VARIATION_PERCENT."""
    peak: float = 1.5
    """The most that the device can draw / base power."""
    feeds: float = 0.0
    """The most that the device can feed in / base power; 0: it never does."""
    generates: bool = False
    """Whether its `energy` is what it fed in, and not what it drew."""
    sums: bool = False
    """Whether it is a main meter: shows what all devices of its location draw together."""
    follows: bool = False
    """Whether it must know what its location draws: `net_kw` of `Conditions`."""
    drifts: bool = False
    """Whether its settings change as it lives, as a battery's charge: they are saved by time."""
    zip_load: ZipLoad = CONSTANT_POWER
    """How its power follows the voltage."""

    @property
    def place(self) -> int:
        """When it ticks among those of its location: a main meter, 3, after all that it sums up.

        Before it what follows the others, and before that what may be curtailed for them.
        """
        return 3 if self.sums else 2 if self.follows else 1 if self.generates else 0


class UnknownProfileError(LookupError):
    """The family has no profile of this name."""

    def __init__(self, device_type: str, profile: str, known: tuple[str, ...]) -> None:
        names, name = ", ".join(known), profile[:64]
        text = f"unknown profile {name!r} of {device_type}; known are {names}{meant(name, known)}"
        super().__init__(text)
        self.profile = profile
        self.known = known


@frozen
class DeviceType:
    """A family as clients see it, and how to make one. kW and V.

    Without `profiles` it has one, `default`, of its own values; with them, the first one's values
    should be the type's.
    """

    device_type: str
    name: str
    description: str
    base_power: float
    base_voltage: float
    phases: int
    build: Callable[[Noise, float], Family]
    own_commands: tuple[type[Command], ...] = ()
    peak: float = 1.5
    """The most that the device can draw / base power."""
    profiles: tuple[Profile, ...] = ()
    feeds: float = 0.0
    generates: bool = False
    """See `Profile`."""
    commands: Mapping[str, type[Command]] = field(init=False)

    @classmethod
    def of_profiles(
        cls,
        device_type: str,
        name: str,
        description: str,
        profiles: tuple[Profile, ...],
        own_commands: tuple[type[Command], ...] = (),
    ) -> "DeviceType":
        """Return a family whose defaults are those of its first profile."""
        first = profiles[0]
        return cls(
            device_type,
            name,
            description,
            first.base_power,
            first.base_voltage,
            first.phases,
            first.build,
            own_commands,
            first.peak,
            profiles,
            first.feeds,
            first.generates,
        )

    def __attrs_post_init__(self) -> None:
        every = {command.name: command for command in COMMON_COMMANDS + self.own_commands}
        object.__setattr__(self, "commands", every)
        if not self.profiles:
            object.__setattr__(self, "profiles", (self._only_profile(),))

    def _only_profile(self) -> Profile:
        return Profile(
            "default",
            self.description,
            self.base_power,
            self.base_voltage,
            self.phases,
            self.build,
            self.peak,
            self.feeds,
            self.generates,
        )

    def profile(self, name: str | None) -> Profile:
        """Return the profile of this name; None is the default, the first.

        Raises:
            UnknownProfileError: there is none of this name.
        """
        if name is None:
            return self.profiles[0]
        for profile in self.profiles:
            if profile.name == name:
                return profile
        known = tuple(profile.name for profile in self.profiles)
        raise UnknownProfileError(self.device_type, name, known)


class UnknownDeviceTypeError(LookupError):
    """No family has this name."""

    def __init__(self, device_type: str, known: tuple[str, ...]) -> None:
        names, name = ", ".join(known), device_type[:64]
        super().__init__(f"unknown device type {name!r}; known are {names}{meant(name, known)}")


@define(eq=False)
class Catalogue:
    """The device types of one service, by name."""

    _types: dict[str, DeviceType] = field(factory=dict)

    def add(self, device_type: DeviceType) -> None:
        """Make a family known."""
        self._types[device_type.device_type] = device_type

    def get(self, device_type: str) -> DeviceType:
        """Return a family.

        Raises:
            UnknownDeviceTypeError: there is none of this name.
        """
        try:
            return self._types[device_type]
        except KeyError:
            raise UnknownDeviceTypeError(device_type, self.names) from None

    def check(self, record: DeviceRecord) -> None:
        """See to it that a device can take up what is remembered of it, if its type is known.

        Raises:
            InvalidFieldError: it can not.
        """
        kind = self._types.get(record.spec.device_type)
        if kind is not None and record.state.settings:
            kind.profiles[0].build(Noise(0), 0.0).restore(record.state.settings)

    @property
    def names(self) -> tuple[str, ...]:
        """The known names, in the order they were added."""
        return tuple(self._types)

    def __iter__(self) -> Iterator[DeviceType]:
        return iter(self._types.values())
