"""The machines, and what they do: data only; powers in kW, times in s, hours local.

Steps after tracebase (Reinhardt et al., 2012), and for programmes by temperature after the labels
and product sheets of EU 2019/2014 (washers), 2019/2022 (dishwashers) and 2023/2533 (dryers). How
often and when: Stamminger et al., "Synergy potential of smart appliances", 2008, and the activities
of the Harmonised European Time Use Survey.
"""

from iotmock.model.parts.appliances.hours import Hours
from iotmock.model.parts.appliances.program import Course, Program, Step

_MINUTE = 60.0


def _pump(power_kw: float, minutes: float) -> Step:
    return Step(power_kw, minutes * _MINUTE, 0.1, 80.0, 30.0, rest_kw=0.6 * power_kw, hum=0.03)


def _drum(power_kw: float, minutes: float) -> Step:
    return Step(power_kw, minutes * _MINUTE, 0.15, 14.0, 7.0, rest_kw=0.006, hum=0.15)


def _heat(power_kw: float, minutes: float, vary: float = 0.08) -> Step:
    return Step(power_kw, minutes * _MINUTE, vary, heats=True)


def _dishes(*heats: float, washes: float, dries: float) -> tuple[Step, ...]:
    """Return a course that heats for so many minutes each time, and washes between."""
    steps = [_pump(0.05, 5)]
    for minutes in heats:
        steps += [_heat(2.1, minutes), _pump(0.08, washes)]
    return (*steps[:-1], _pump(0.03, 4), Step(0.006, dries * _MINUTE, 0.3, hum=0.1))


_DISHES = (
    Course(0.4, _dishes(14, 14, washes=13, dries=14), "normal", 60.0),
    Course(0.2, _dishes(12, 8, washes=36, dries=25), "eco", 50.0),
    Course(0.2, _dishes(7, 21, 15, washes=10, dries=18), "intensive", 70.0),
    Course(0.2, _dishes(6, 11, 15, washes=8, dries=12), "automatic"),
)

_AFTER_MEALS = Hours.of(
    ((6.5, 0.0), (9.0, 1.0), (10.5, 0.3), (13.2, 1.1), (15.0, 0.4), (17.0, 0.9), (18.5, 0.5),
     (20.5, 1.2), (22.0, 0.6), (23.0, 0.0)),
    ((8.0, 0.0), (10.5, 1.0), (12.0, 0.4), (14.0, 1.2), (16.0, 0.4), (20.5, 1.1), (22.5, 0.0)),
)  # fmt: skip
HOME_DISHWASHER = Program(
    "dishwasher", 0.75, _AFTER_MEALS, _DISHES, weekend=1.1, together=1.25, rate_sd=0.3, habit_h=0.8
)
_OFFICE_DISHES = Hours.of(
    (
        (8.5, 0.0),
        (9.8, 0.5),
        (11.0, 0.1),
        (13.0, 0.3),
        (14.0, 1.0),
        (15.5, 0.3),
        (17.2, 0.8),
        (18.5, 0.0),
    )
)
KITCHEN_DISHWASHER = Program("dishwasher", 2.2, _OFFICE_DISHES, _DISHES, weekend=0.1, together=2.0)
_MEALS = Hours.of(
    ((6.3, 0.0), (7.5, 1.0), (8.7, 0.1), (10.8, 0.2), (11.9, 1.6), (13.0, 0.5), (13.8, 0.05),
     (16.3, 0.05), (17.8, 1.5), (19.0, 0.2), (20.0, 0.0)),
)  # fmt: skip


def _oven(minutes: float, on_s: float, off_s: float) -> tuple[Step, ...]:
    """Return a course that heats up and then pulses."""
    return (
        Step(3.2, 11 * _MINUTE, 0.2),
        Step(3.2, minutes * _MINUTE, 0.3, on_s=on_s, off_s=off_s, rest_kw=0.06),
    )


OVEN = Program(
    "oven",
    5.0,
    _MEALS,
    (
        Course(0.5, _oven(28, 60.0, 110.0)),
        Course(0.3, _oven(16, 80.0, 70.0)),
        Course(0.2, _oven(50, 40.0, 120.0)),
    ),
    weekend=0.15,
    loyal=0.2,
)
HOB = Program(
    "hob",
    6.0,
    _MEALS,
    (
        Course(0.6, (Step(3.6, 240.0, 0.3), Step(3.6, 16 * _MINUTE, 0.3, 11.0, 15.0))),
        Course(0.4, (Step(2.2, 180.0, 0.3), Step(2.2, 28 * _MINUTE, 0.4, 8.0, 20.0))),
    ),
    weekend=0.1,
    loyal=0.0,
    power_sd=0.15,
)
_BREAKS = Hours.of(
    ((6.5, 0.0), (7.8, 0.8), (8.6, 0.5), (9.6, 1.0), (10.8, 0.3), (12.0, 0.3), (13.1, 1.0),
     (14.0, 0.4), (15.2, 0.8), (16.5, 0.3), (18.0, 0.1), (19.5, 0.0)),
)  # fmt: skip
COFFEE = Program(
    "coffee",
    22.0,
    _BREAKS,
    (
        Course(0.7, (Step(1.5, 60.0, 0.2), Step(0.017, 30.0), Step(1.5, 40.0, 0.25))),
        Course(0.3, (Step(1.5, 75.0, 0.2), Step(0.25, 22 * _MINUTE, 0.5, on_s=20.0, off_s=70.0))),
    ),
    weekend=0.08,
    habit_h=0.2,
)
KETTLE = Program(
    "kettle",
    13.0,
    _BREAKS,
    (Course(0.8, (Step(1.9, 162.0, 0.4),)), Course(0.2, (Step(1.9, 80.0, 0.3),))),
    weekend=0.08,
    power_sd=0.15,
    habit_h=0.2,
)
_LUNCH = Hours.of(
    ((6.5, 0.0), (7.8, 0.4), (9.0, 0.1), (11.3, 0.3), (12.3, 1.5), (13.4, 0.6), (14.2, 0.1),
     (17.0, 0.1), (18.3, 0.4), (19.5, 0.0)),
)  # fmt: skip
MICROWAVE = Program(
    "microwave",
    14.0,
    _LUNCH,
    (
        Course(0.6, (Step(1.4, 55.0, 0.4),)),
        Course(0.25, (Step(1.4, 150.0, 0.3),)),
        Course(0.15, (Step(1.4, 400.0, 0.4, on_s=13.0, off_s=17.0, rest_kw=0.06),)),
    ),
    weekend=0.08,
    loyal=0.0,
    power_sd=0.12,
    habit_h=0.2,
    resistive=0.6,
)


def _wash(heats: float, turns: float, spins: float) -> tuple[Step, ...]:
    return (
        _drum(0.14, 6),
        _heat(2.0, heats, 0.15),
        _drum(0.16, turns),
        Step(0.45, spins * _MINUTE, 0.3),
    )


_WASHING = Hours.of(
    (
        (6.0, 0.0),
        (7.5, 0.6),
        (9.5, 1.0),
        (12.0, 0.6),
        (15.0, 0.5),
        (18.5, 1.0),
        (20.5, 0.6),
        (22.5, 0.0),
    ),
    ((7.5, 0.0), (10.0, 1.4), (13.0, 0.9), (17.0, 0.6), (21.0, 0.2), (22.5, 0.0)),
)
WASHER = Program(
    "washer",
    0.5,
    _WASHING,
    (
        Course(0.43, _wash(8, 38, 7), "easy_care", 40.0),
        Course(0.38, _wash(3.5, 32, 6), "delicates", 30.0),
        Course(0.15, _wash(19, 55, 8), "cotton", 60.0),
        Course(0.04, _wash(36, 65, 8), "boil", 90.0),
    ),
    weekend=1.4,
    together=1.3,
    loyal=0.4,
    resistive=0.9,
    then="dryer",
    then_share=0.55,
)
DRYER = Program(
    "dryer",
    0.0,
    _WASHING,
    (
        Course(0.55, (Step(0.75, 70 * _MINUTE, 0.25), Step(0.5, 20 * _MINUTE, 0.3), _drum(0.2, 5))),
        Course(
            0.45,
            (
                Step(2.4, 34 * _MINUTE, 0.25),
                Step(2.4, 14 * _MINUTE, 0.3, 45.0, 75.0, 0.25),
                _drum(0.2, 5),
            ),
        ),
    ),
    loyal=1.0,
    power_sd=0.12,
    resistive=0.7,
)
"""A machine is one of both: with a heat pump, or a heater that is interrupted in the end."""
_OFFICE_DAY = Hours.of(
    ((6.5, 0.0), (7.5, 0.5), (8.5, 1.4), (9.5, 0.8), (11.0, 0.2), (13.5, 0.2), (16.0, 0.0)),
    ((8.0, 0.0), (10.0, 1.0), (14.0, 0.6), (18.0, 0.0)),
)  # fmt: skip
COPIER = Program(
    "copier",
    6.0,
    _OFFICE_DAY,
    (
        Course(0.7, (Step(1.1, 40.0, 0.4), Step(0.25, 120.0, 0.4))),
        Course(0.3, (Step(0.9, 150.0, 0.6), Step(0.25, 400.0, 0.4))),
    ),
    weekend=0.06,
    loyal=0.0,
    resistive=0.5,
)


def _office_day(*levels: tuple[float, float]) -> tuple[Step, ...]:
    return tuple(Step(power_kw, hours * 3600.0, 0.4, hum=0.02) for power_kw, hours in levels)


DESKS = Program(
    "desks",
    0.93,
    _OFFICE_DAY,
    (
        Course(0.35, _office_day((1.0, 1.2), (3.8, 2.2), (1.6, 2.2), (0.4, 1.0))),
        Course(0.35, _office_day((0.8, 2.2), (1.7, 1.2), (4.4, 2.0), (0.8, 0.8))),
        Course(0.3, _office_day((1.5, 2.6), (3.6, 1.5), (1.1, 2.0))),
    ),
    weekend=0.1,
    together=1.03,
    power_sd=0.3,
    pace_sd=0.2,
    habit_h=0.8,
    rate_sd=0.1,
    resistive=0.3,
)
"""What people at a circuit switch on for some hours: screens and computers, which sleep when they
leave, a meeting room. After HouseZero's 48 plug circuits."""
CHARGER = Program(
    "charger",
    0.8,
    _OFFICE_DAY,
    (
        Course(0.6, (Step(0.09, 1.5 * 3600.0, 0.4),)),
        Course(0.4, (Step(0.25, 0.6 * 3600.0, 0.6),)),
    ),
    weekend=0.5,
    power_sd=0.4,
    resistive=0.0,
)

_EVENING = Hours.of(
    ((6.5, 0.0), (7.2, 0.15), (8.5, 0.05), (12.0, 0.05), (16.0, 0.2), (18.0, 0.6), (19.6, 1.3),
     (20.3, 1.4), (21.3, 0.2), (22.0, 0.0)),
    ((7.5, 0.0), (9.5, 0.25), (12.0, 0.15), (15.0, 0.35), (18.0, 0.6), (20.2, 1.4), (21.5, 0.2),
     (22.2, 0.0)),
)  # fmt: skip


def _watching(power_kw: float, hours: float, vary: float) -> tuple[Step, ...]:
    """Return an evening: the picture's brightness changes with what is shown."""
    return (Step(power_kw, hours * 3600.0, vary, hum=0.06),)


TELEVISION = Program(
    "tv",
    1.5,
    _EVENING,
    (
        Course(0.5, _watching(0.085, 1.9, 0.35)),
        Course(0.3, _watching(0.085, 0.9, 0.5)),
        Course(0.2, _watching(0.1, 2.9, 0.25)),
    ),
    weekend=1.25,
    together=1.2,
    loyal=0.2,
    power_sd=0.35,
    rate_sd=0.5,
    habit_h=0.7,
    resistive=0.0,
)
"""Power of 43 to 65 inch in standard range, 50 to 130 W: labels of EU 2019/2013. How long: 182 min
a person and day, most of them after 19:00 (ARD/ZDF, Massenkommunikation Trends 2023)."""
