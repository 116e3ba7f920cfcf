"""A thermostat's programme: when it holds the setpoint, and how far it lets it go."""

from attrs import frozen

from iotmock.model.numbers.shared import shared
from iotmock.model.numbers.traits import Traits
from iotmock.model.parts.zone import ZoneDay


@frozen
class Schedule:
    """One thermostat's programme, for life. Hours and K.

    It holds the setpoint from `lead_h` before the zone is in use until `lag_h` after, and slides to
    the setback within `slide_h`: a thermostat that jumps draws its peak of the week then.

    Source: of 215 rooftop units of small offices and shops a third ran at night or without a
    setback (Jacobs et al., "Small HVAC system design guide", CEC 500-03-082, 2003).
    """

    lead_h: float
    lag_h: float
    slide_h: float
    cool_k: float
    heat_k: float

    @classmethod
    def drawn(cls, traits: Traits, cool_k: float, heat_k: float, flat: float = 0.15) -> "Schedule":
        """Return one thermostat's; `flat` is the share of those that hold nearly the same."""
        kept = 0.35 if traits.among(flat) else 1.0
        return cls(
            lead_h=traits.about(0.9, 0.5, 0.0, 2.5),
            lag_h=traits.about(0.4, 0.5, 0.0, 2.0),
            slide_h=traits.times(1.0, 0.3),
            cool_k=shared(kept * traits.times(cool_k, 0.2)),
            heat_k=shared(kept * traits.times(heat_k, 0.2)),
        )

    def released(self, zone: ZoneDay, hour: float) -> float:
        """Return how far the setpoint has been let go, 0 to 1."""
        if hour < zone.begin_h:
            away_h = zone.begin_h - self.lead_h - hour
        else:
            away_h = hour - zone.end_h - self.lag_h
        if away_h <= 0.0:
            return 0.0
        return away_h / self.slide_h if away_h < self.slide_h else 1.0
