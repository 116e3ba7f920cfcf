"""The commands, in the order of the help; each module is imported when its command is used."""

from iotmock.cli.lazy import Lazy

COMMANDS = {
    "demo": Lazy("iotmock.cli.demo", "A minute that shows everything: a site, a fault, a verdict."),
    "serve": Lazy("iotmock.cli.serve", "Serve the fleet over MQTT and REST until Ctrl-C."),
    "doctor": Lazy("iotmock.cli.doctor", "Find what would keep the service from its work."),
    "devices": Lazy("iotmock.cli.client.devices", "The devices of a running service."),
    "watch": Lazy("iotmock.cli.client.watch", "Readings of a running service, as they come."),
    "send": Lazy("iotmock.cli.client.send", "Send a command to a device of a running service."),
    "inject": Lazy("iotmock.cli.client.inject", "Have a device of a running service fail."),
    "clear": Lazy("iotmock.cli.client.clear", "End faults of a running service."),
    "generate": Lazy("iotmock.cli.generate", "Write readings of days or years without a server."),
    "profiles": Lazy("iotmock.cli.profiles", "List the device types and their profiles."),
    "plot": Lazy("iotmock.cli.plot", "Write a page that shows a series."),
    "faults": Lazy("iotmock.cli.faults", "The faults on record."),
    "receive": Lazy("iotmock.cli.receive", "Count what arrives of a service that stamps it."),
    "soak": Lazy("iotmock.cli.soak", "Soak tests: a scenario in, a verdict out."),
    "completion": Lazy("iotmock.cli.completion", "Print the script that completes iotmock."),
}
