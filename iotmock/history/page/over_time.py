"""Power, voltage, current and energy over time: a line for each device, or one for all together."""

from collections.abc import Iterator, Sequence

from attrs import frozen

from iotmock.charts.axes import Axis
from iotmock.charts.chart import Chart
from iotmock.charts.curves import Curve, Join
from iotmock.charts.scales import Scale
from iotmock.history.page.table import CURRENT, ENERGY, POWER, VOLTAGE, Table, Track

_ALL = "all together"


@frozen
class Quantity:
    """What is measured; a `counter` grows, and its steps are told to more digits."""

    name: str
    title: str
    from_zero: bool = True
    is_counter: bool = False

    def scale(self, values: Sequence[float]) -> Scale:
        """Return where its values lie."""
        if self.from_zero and min(values) >= 0.0:
            return Scale.from_zero(values)
        return Scale.around(values)


POWERS = Quantity(POWER, "Power, kW")
OTHERS = (
    Quantity(VOLTAGE, "Voltage, V", from_zero=False),
    Quantity(CURRENT, "Current, A"),
    Quantity(ENERGY, "Energy counter, kWh", from_zero=False, is_counter=True),
)


def over_time(table: Table, quantity: Quantity, axis: Axis) -> Chart:
    """Return the chart of a quantity that was measured."""
    curves = list(_curves(table, quantity))
    cells = [cell for curve in curves for _, cell in curve.cells()]
    ends = [min(cell[0] for cell in cells), max(cell[2] for cell in cells)]
    return Chart(
        name=quantity.name,
        title=quantity.title,
        axis=axis,
        scale=quantity.scale(ends),
        curves=curves,
        group="time",
        height=240.0 if quantity is POWERS else 170.0,
        digits=7 if quantity.is_counter else 4,
    )


def _curves(table: Table, quantity: Quantity) -> Iterator[Curve]:
    if table.apart:
        for number, (device_id, track) in enumerate(table.apart.items()):
            if values := track.values.get(quantity.name):
                points = list(zip(track.times, values, strict=True))
                yield _curve(device_id or quantity.name, points, number, quantity)
        return
    yield _together(table.together, table, quantity)


def _together(track: Track, table: Table, quantity: Quantity) -> Curve:
    points = list(zip(track.times, track.values[quantity.name], strict=True))
    if quantity.name == VOLTAGE:
        return Curve("mean of all", points, 0, Join.MEAN, band=True, spread=table.voltages)
    return _curve(_ALL, points, 0, quantity)


def _curve(
    name: str, points: Sequence[tuple[float, float]], style: int, quantity: Quantity
) -> Curve:
    if quantity.is_counter:
        return Curve(name, points, style, Join.MOST)
    return Curve(name, points, style, Join.MEAN, band=True)
