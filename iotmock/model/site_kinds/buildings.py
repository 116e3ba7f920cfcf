"""Offices, factories, depots and data centres: what they have by their size, which is drawn."""

from iotmock.model.site_kinds.kind import Kind, Role

OFFICE = Kind(
    "office",
    "An office building: floors with lights, desks and air conditioning, a kitchen, a server room.",
    (
        # Installed power by floor space after VDI 3807-4 and the CBECS 2018: 8 W/m² of lighting,
        # 10 W/m² of plug loads; a floor is taken to have 600 m².
        Role("meter", "meter", "office", spread=0.3),
        *Role("light", "lighting", "office_led", spread=0.3, base_power=5.0).several(6, least=2),
        *Role("desks", "appliance", "office", spread=0.3).several(6, least=2),
        *Role("rooftop", "hvac", "rooftop", spread=0.3).several(3),
        Role("kitchen", "appliance", "kitchen", 0.35, 0.3),
        Role("rack", "server", "rack", 0.6, 0.5, 6.0),
        *Role("charger", "ev_charger", "workplace", 0.5).several(4),
        Role("solar", "solar", "shop", 0.25, 0.4),
    ),
)

FACTORY = Kind(
    "factory",
    "A factory: production lines, machine tools, halls with lights, an office, maybe panels.",
    (
        Role("meter", "meter", "factory", spread=0.3),
        *Role("line", "industrial", "two_shift", spread=0.4).several(4),
        Role("oven", "industrial", "continuous", 0.4, 0.4),
        *Role("tool", "industrial", "cnc", spread=0.4).several(6, least=2),
        *Role("hall", "lighting", "hall", spread=0.3).several(4, least=2),
        *Role("air", "hvac", "rooftop", spread=0.4).several(3),
        Role("canteen", "appliance", "kitchen", 0.5, 0.3),
        Role("desks", "appliance", "office", spread=0.3),
        Role("rack", "server", "rack", 0.8, 0.4, 8.0),
        Role("solar", "solar", "farm", 0.35, 0.3),
        # By prices: a factory draws more than its panels give, so that nothing is left over.
        Role("battery", "battery", "shop", 0.3, 0.3, 100.0, of="solar"),
    ),
)

DEPOT = Kind(
    "depot",
    "A yard of electric vehicles: chargers, lamps, an office, maybe panels and a battery.",
    (
        Role("meter", "meter", "depot", spread=0.3),
        *Role("charger", "ev_charger", "depot").several(20, least=6),
        *Role("yard", "lighting", "street", spread=0.2, base_power=1.5).several(2),
        Role("desks", "appliance", "office", spread=0.3, base_power=3.0),
        Role("air", "hvac", "split", 0.8, 0.3),
        Role("laundry", "appliance", "laundry", 0.2, 0.3),
        Role("solar", "solar", "depot", 0.5, 0.3),
        Role("battery", "battery", "depot", 0.4, 0.3, of="solar"),
    ),
)

DATACENTRE = Kind(
    "datacentre",
    "A data centre: racks, storage and accelerators, and the cooling that goes with them.",
    (
        Role("meter", "meter", "datacentre", spread=0.2),
        *Role("rack", "server", "rack", spread=0.5, base_power=9.0).several(32, least=12),
        *Role("storage", "server", "storage", spread=0.3).several(6, least=2),
        *Role("gpu", "server", "gpu", spread=0.2).several(8, least=1),
        *Role("cooling", "hvac", "computer_room", spread=0.2).several(6, least=3),
        Role("light", "lighting", "office_led", spread=0.3, base_power=2.0),
        Role("ups", "battery", "ups", 0.95, 0.2),
    ),
)
