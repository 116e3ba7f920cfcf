"""What starts a machine by command: its programme, and its course where it has several."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from iotmock.model.commands import Applied, Command, Outcome, Rejected
from iotmock.model.parts.appliances.machine import Machine
from iotmock.model.parts.appliances.player import Player
from iotmock.model.parts.appliances.program import Course
from iotmock.model.quantities import quantity

_WATER_C = (20.0, 95.0)


class StartCycle(Command, frozen=True):
    """Start a programme now, for its whole course: the one that is named, or one of the machine's.

    A dishwasher has courses normal, eco, intensive and automatic, a washer easy_care, delicates,
    cotton and boil; both have temperatures, and another one is refused with those that there are.
    """

    name = "start_cycle"
    alone = "program"
    program: Literal[
        "dishwasher", "oven", "coffee", "kettle", "microwave", "washer", "dryer", "copier"
    ]
    course: (
        Literal[
            "normal", "eco", "intensive", "automatic", "easy_care", "delicates", "cotton", "boil"
        ]
        | None
    ) = None
    temperature: Annotated[float, quantity(_WATER_C, "°C", "of the water")] | None = None


_PROGRAMS = frozenset(get_args(StartCycle.__annotations__["program"]))


def start(command: StartCycle, player: Player | None) -> Outcome:
    """Start what a command asks for, or say why not."""
    machines = () if player is None else tuple(player.machines)
    for machine in machines:
        if player is not None and machine.program.name == command.program:
            return _start(command, player, machine)
    names = ", ".join(_names(machines)) or "none"
    return Rejected(f"no {command.program} here; programmes are: {names}")


def _names(machines: tuple[Machine, ...]) -> Iterator[str]:
    names = (machine.program.name for machine in machines)
    return (name for name in names if name in _PROGRAMS)


def _start(command: StartCycle, player: Player, machine: Machine) -> Outcome:
    if command.course is None and command.temperature is None:
        started = player.start(machine)
    else:
        courses = [course for course in machine.program.courses if _is_asked(course, command)]
        if not courses:
            return Rejected(_not_there(command, machine))
        started = player.start(machine, courses[0].steps)
    return Applied() if started else Rejected(f"{command.program} runs already")


def _is_asked(course: Course, command: StartCycle) -> bool:
    named = command.course is None or course.name == command.course
    return named and command.temperature in {None, course.celsius}


def _not_there(command: StartCycle, machine: Machine) -> str:
    courses = [course for course in machine.program.courses if course.name]
    there = ", ".join(map(_dial, courses)) or "none"
    return f"{command.program} has no such course; its courses are: {there}"


def _dial(course: Course) -> str:
    return course.name if course.celsius is None else f"{course.name} ({course.celsius:g} °C)"
