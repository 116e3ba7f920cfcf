"""Placeholder until the energy branch lands."""

from attrs import define


@define(eq=False)
class Mains:
    """See the energy branch."""

    net_kw: float = 0.0
