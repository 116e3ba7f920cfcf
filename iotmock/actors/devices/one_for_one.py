"""The strategy `one_for_one`: a device that fails is restarted alone."""

import random
from collections.abc import Callable

import structlog
import trio
from attrs import define

from iotmock.actors.devices.device import MockDevice
from iotmock.actors.devices.sides.faults import take_over
from iotmock.actors.devices.sides.status import publish_status
from iotmock.actors.devices.sides.surroundings import Surroundings
from iotmock.actors.errors import DeviceFailedError, DeviceRestartingError
from iotmock.model.device import Device
from iotmock.model.spec import DeviceSpec, DeviceState

log = structlog.get_logger()

RESTART_INTENSITY = 5
RESTART_PERIOD_S = 60.0
_FIRST_DELAY_S = 0.1


@define(eq=False)
class OneForOne:
    """Runs a device again after a crash, with a model made anew from what it had lived through.

    More than `RESTART_INTENSITY` restarts in `RESTART_PERIOD_S` leave it in status `error`, until
    the command `reboot`.
    """

    around: Surroundings
    model: Callable[[DeviceSpec, DeviceState], Device]
    restarts: int = 0
    """How often devices that failed were started again."""

    async def supervise(self, device: MockDevice) -> None:
        """Run a device until its inbox is closed and empty, or it has failed too often."""
        while True:
            try:
                if device.restarting:
                    self._rebuild(device)
                # No coroutine of the device's between: it would be 200 bytes of each that waits.
                await device.inbox.deliver(device)
                device.finish()
            except Exception:
                log.exception("a device failed", device=device.device_id)
                if not await self._wait_to_restart(device):
                    return
            else:
                return

    def _rebuild(self, device: MockDevice) -> None:
        before = device.model
        before.leave(for_good=False)
        device.model = self.model(before.spec, before.state(device.last_seen))
        device.model.meter.keep_ceilings(before.meter)
        device.find_voice()
        take_over(self.around, device.model, before)
        device.restarting = False
        self.around.hub.device_changed(device.device_id)

    async def _wait_to_restart(self, device: MockDevice) -> bool:
        now = trio.current_time()
        device.crashes = tuple(at for at in device.crashes if at > now - RESTART_PERIOD_S)
        if len(device.crashes) >= RESTART_INTENSITY:
            self._leave_in_error(device)
            return False
        device.restarting = True
        self.restarts += 1
        device.fail_waiting(DeviceRestartingError(device.device_id))
        ceiling = _FIRST_DELAY_S * 2.0 ** len(device.crashes)
        device.crashes = (*device.crashes, now)
        await trio.sleep(random.uniform(0.5, 1.0) * ceiling)  # noqa: S311
        return not device.gone

    def _leave_in_error(self, device: MockDevice) -> None:
        device.model.failed, device.restarting = True, False
        device.model.rest()
        self.around.pacer.remove(device)
        device.fail_waiting(DeviceFailedError(device.device_id))
        publish_status(self.around, device.model)
        log.error(
            "a device failed too often and is left in status error; send it the command reboot",
            device=device.device_id,
            restarts=RESTART_INTENSITY,
        )
