"""The commands, in the order of the help; each module is imported when its command is used."""

from iotmock.cli.lazy import Lazy


def _lazy(module: str, line: str) -> Lazy:
    return Lazy(f"iotmock.cli.commands.{module}", line)


COMMANDS = {
    "demo": Lazy(
        "iotmock.cli.commands.demo", "A minute that shows everything: a site, a fault, a verdict."
    ),
    "serve": _lazy("serve", "Serve the fleet over MQTT and REST until Ctrl-C."),
    "doctor": Lazy(
        "iotmock.cli.commands.doctor", "Find what would keep the service from its work."
    ),
    "devices": _lazy("client.devices", "The devices of a running service."),
    "watch": Lazy(
        "iotmock.cli.commands.client.watch", "Readings of a running service, as they come."
    ),
    "send": Lazy(
        "iotmock.cli.commands.client.send", "Send a command to a device of a running service."
    ),
    "inject": Lazy(
        "iotmock.cli.commands.client.inject", "Have a device of a running service fail."
    ),
    "clear": _lazy("client.clear", "End faults of a running service."),
    "generate": Lazy(
        "iotmock.cli.commands.generate", "Write readings of days or years without a server."
    ),
    "profiles": _lazy("profiles", "List the device types and their profiles."),
    "dialect": _lazy("dialect", "In which topics and payloads devices speak."),
    "plot": _lazy("plot", "Write a page that shows a series."),
    "judge": _lazy("judge", "Compare your own series with simulated ones."),
    "faults": _lazy("detectors.faults", "The faults on record."),
    "alarms": _lazy("detectors.alarms", "The alarms of a platform under test, and their score."),
    "receive": Lazy(
        "iotmock.cli.commands.receive", "Count what arrives of a service that stamps it."
    ),
    "record": _lazy("traffic.record", "Record what a broker sends into a file."),
    "replay": _lazy("traffic.replay", "Send recorded messages again, as they came."),
    "soak": _lazy("soak", "Soak tests: a scenario in, a verdict out."),
    "completion": Lazy(
        "iotmock.cli.commands.completion", "Print the script that completes iotmock."
    ),
}
