"""Homes: what they have is drawn home by home."""

from iotmock.model.site_kinds.kind import Kind, Role

HOME = Kind(
    "home",
    "A household on three phases: its appliances, and maybe a heat pump, a car, panels, a battery.",
    (
        # Shares of households: Destatis, "Ausstattung privater Haushalte" 2023 (dishwasher 74 %,
        # dryer 42 %); BDEW 2024 and BWP 2024 (heat pumps 6 % of the stock, taken as 20 % of those
        # that somebody meters); Figgener et al. 2024 (four of five new panels come with a battery).
        Role("meter", "meter", "home", spread=0.3),
        Role("fridge", "appliance", "fridge", 0.99, 0.35),
        Role("dishwasher", "appliance", "dishwasher", 0.74, 0.15),
        # Televisions 95 %, internet at home 95 %: Destatis, LWR and IKT 2023.
        Role("tv", "appliance", "tv", 0.95, 0.4),
        Role("router", "appliance", "router", 0.95, 0.3),
        Role("lamp", "lighting", "bulb", 1.0, 0.5, 0.06),
        Role("boiler", "water_heater", "home", 0.22, 0.3),
        Role("heatpump", "hvac", "heat_pump", 0.20, 0.4, 3.0),
        Role("cooler", "hvac", "split", 0.12, 0.3),
        Role("car", "ev_charger", "home", 0.18, 0.0),
        Role("solar", "solar", "home", 0.30, 0.5, 7.0),
        Role("battery", "battery", "home", 0.75, 0.3, of="solar"),
    ),
)
