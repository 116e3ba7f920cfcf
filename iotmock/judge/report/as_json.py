"""A verdict for programs."""

from iotmock.judge.verdict.advice import advice
from iotmock.judge.verdict.comparison import Range, Side
from iotmock.judge.verdict.meanings import meaning
from iotmock.judge.verdict.notes import notes
from iotmock.judge.verdict.verdict import Verdict


def as_json(verdict: Verdict) -> dict[str, object]:
    """Return all of a verdict; powers in kW, steps in s."""
    series, comparison = verdict.series, verdict.comparison
    return {
        "profile": verdict.profile,
        "cut": series.cut.value,
        "step_s": series.step_s,
        "real": {"pieces": len(series.pieces), "devices": series.devices},
        "simulated": {"pieces": len(comparison.simulated)},
        "distance": comparison.distance,
        "outside": comparison.outside,
        "spread": comparison.spread,
        "giving_away": [side.name for side in comparison.giving_away],
        "features": [_side(side) for side in comparison.sides],
        "profiles": [{"profile": name, "distance": far} for name, far in verdict.ranking],
        "advice": list(advice(verdict)),
        "notes": list(notes(verdict)),
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "feature": side.name,
        "meaning": meaning(side.name),
        "real": _range(side.real),
        "simulated": _range(side.simulated),
        "outside": side.outside,
        "gap": side.gap,
        "told": side.told,
        "spread": side.spread,
        "gives_away": side.gives_away,
    }


def _range(values: Range) -> dict[str, float]:
    return {"p5": values.p5, "p50": values.p50, "p95": values.p95}
