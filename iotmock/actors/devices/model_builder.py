"""What a device that is about to live is made of: its model, and its first counter."""

from attrs import define

from iotmock.actors.definitions.roster import Roster
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.ports.registry_file import EnergyCount
from iotmock.model.device import Device
from iotmock.model.family import Catalogue
from iotmock.model.faults.active import Faults
from iotmock.model.faults.plan import FaultProfile, Plan
from iotmock.model.faults.schedule import Schedule
from iotmock.model.meter import MOST_GAIN
from iotmock.model.site.sites import Sites
from iotmock.model.spec import DeviceRecord, DeviceSpec, DeviceState


@define(eq=False)
class ModelBuilder:
    """Knows the types, the sites, the seeds and the faults that devices are made with."""

    catalogue: Catalogue
    sites: Sites
    around: Surroundings
    fault_profile: FaultProfile
    roster: Roster

    def build(self, spec: DeviceSpec, state: DeviceState) -> Device:
        """Return a model that goes on from a state.

        Raises:
            UnknownDeviceTypeError, UnknownProfileError: there is no such model.
        """
        kind = self.catalogue.get(spec.device_type)
        seed = self.roster.seed_for(spec.device_id)
        model = Device.make(spec, kind, self.sites, state, self.around.pacer.interval, seed)
        if self.fault_profile is not FaultProfile.OFF:
            # Seeded by the service and not by a fleet, so that a location has one gateway.
            model.faults = Faults(Schedule(Plan(self.sites.fleet_seed, self.fault_profile, spec)))
        model.tick(self.around.clock.now(), 0.0)  # so that its meter shows something at once
        return model

    def first_counter(self, record: DeviceRecord, reserve_s: float) -> EnergyCount:
        """Return the counter of a device that is about to be made."""
        spec, state = record.spec, record.state
        profile = self.catalogue.get(spec.device_type).profile(spec.profile)
        most_kw = spec.base_power * max(profile.peak, profile.feeds) * MOST_GAIN
        ahead = most_kw * self.around.clock.span(reserve_s) / 3600.0
        energy, back, seen = state.energy_kwh, state.back_kwh, state.last_seen
        back_reserved = back + ahead if profile.feeds else 0.0
        return EnergyCount(spec.device_id, energy, energy + ahead, seen, back, back_reserved)
