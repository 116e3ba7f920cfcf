"""Countries: a big city of each, its climate, its mains, its prices.

Climates are the nearest of the three that there are (`climate.py`). Prices are those of households,
all taxes in, over Germany's: judgement after what Eurostat (nrg_pc_204) and EIA publish, not taken
from a table.
"""

from attrs import evolve

from iotmock.model.site.places.place import Country, Mains, Place

_AMERICAN = Mains(120.0, 240.0, 208.0, 480.0, 60.0)
_CANADIAN = Mains(120.0, 240.0, 208.0, 600.0, 60.0)
_JAPANESE = Mains(100.0, 200.0, 200.0, 400.0)
_OF_220 = Mains(220.0, 220.0, 380.0, 380.0)
_OF_127 = Mains(127.0, 220.0, 220.0, 440.0, 60.0)
_TAIWANESE = Mains(110.0, 220.0, 220.0, 380.0, 60.0)
_KOREAN = Mains(220.0, 220.0, 380.0, 380.0, 60.0)
_SAUDI = Mains(hz=60.0)

_PLACES = {
    "AE": Place(25.2, 55.3, "Asia/Dubai", "hot", price=0.2),
    "AR": Place(-34.6, -58.4, "America/Argentina/Buenos_Aires", mains=_OF_220, price=0.2),
    "AT": Place(48.2, 16.4, "Europe/Vienna", price=0.85),
    "AU": Place(-33.9, 151.2, "Australia/Sydney", price=0.55),
    "BE": Place(50.8, 4.4, "Europe/Brussels", price=0.85),
    "BG": Place(42.7, 23.3, "Europe/Sofia", price=0.3),
    "BR": Place(-23.6, -46.6, "America/Sao_Paulo", "hot", _OF_127, 0.35),
    "CA": Place(43.7, -79.4, "America/Toronto", "cold", _CANADIAN, 0.3),
    "CH": Place(47.4, 8.5, "Europe/Zurich", price=0.85),
    "CL": Place(-33.4, -70.7, "America/Santiago", mains=_OF_220, price=0.45),
    "CN": Place(31.2, 121.5, "Asia/Shanghai", mains=_OF_220, price=0.2),
    "CZ": Place(50.1, 14.4, "Europe/Prague", price=0.85),
    "DE": Place(52.5, 13.4, "Europe/Berlin"),
    "DK": Place(55.7, 12.6, "Europe/Copenhagen", price=0.95),
    "EE": Place(59.4, 24.8, "Europe/Tallinn", "cold", price=0.6),
    "EG": Place(30.0, 31.2, "Africa/Cairo", "hot", _OF_220, 0.05),
    "ES": Place(40.4, -3.7, "Europe/Madrid", price=0.6),
    "FI": Place(60.2, 24.9, "Europe/Helsinki", "cold", price=0.6),
    "FR": Place(48.9, 2.4, "Europe/Paris", price=0.7),
    "GB": Place(51.5, -0.1, "Europe/London", price=0.85),
    "GR": Place(38.0, 23.7, "Europe/Athens", price=0.6),
    "HU": Place(47.5, 19.0, "Europe/Budapest", price=0.3),
    "IE": Place(53.3, -6.3, "Europe/Dublin", price=0.95),
    "IL": Place(32.1, 34.8, "Asia/Jerusalem", "hot", price=0.4),
    "IN": Place(28.6, 77.2, "Asia/Kolkata", "hot", price=0.2),
    "IT": Place(41.9, 12.5, "Europe/Rome", price=0.85),
    "JP": Place(35.7, 139.7, "Asia/Tokyo", mains=_JAPANESE, price=0.5),
    "KR": Place(37.6, 127.0, "Asia/Seoul", mains=_KOREAN, price=0.3),
    "LT": Place(54.7, 25.3, "Europe/Vilnius", "cold", price=0.55),
    "LU": Place(49.6, 6.1, "Europe/Luxembourg", price=0.5),
    "LV": Place(57.0, 24.1, "Europe/Riga", "cold", price=0.65),
    "MX": Place(19.4, -99.1, "America/Mexico_City", "hot", _OF_127, 0.25),
    "NL": Place(52.4, 4.9, "Europe/Amsterdam", price=0.75),
    "NO": Place(59.9, 10.8, "Europe/Oslo", "cold", price=0.45),
    "NZ": Place(-36.8, 174.8, "Pacific/Auckland", price=0.5),
    "PL": Place(52.2, 21.0, "Europe/Warsaw", price=0.55),
    "PT": Place(38.7, -9.1, "Europe/Lisbon", price=0.65),
    "RO": Place(44.4, 26.1, "Europe/Bucharest", price=0.45),
    "SA": Place(24.7, 46.7, "Asia/Riyadh", "hot", _SAUDI, 0.15),
    "SE": Place(59.3, 18.1, "Europe/Stockholm", "cold", price=0.6),
    "SG": Place(1.3, 103.8, "Asia/Singapore", "hot", price=0.55),
    "SI": Place(46.1, 14.5, "Europe/Ljubljana", price=0.5),
    "SK": Place(48.1, 17.1, "Europe/Bratislava", price=0.5),
    "TH": Place(13.8, 100.5, "Asia/Bangkok", "hot", price=0.3),
    "TR": Place(41.0, 29.0, "Europe/Istanbul", price=0.2),
    "TW": Place(25.0, 121.6, "Asia/Taipei", "hot", _TAIWANESE, 0.25),
    "UA": Place(50.5, 30.5, "Europe/Kyiv", "cold", price=0.25),
    "US": Place(40.7, -74.0, "America/New_York", mains=_AMERICAN, price=0.4),
    "ZA": Place(-26.2, 28.0, "Africa/Johannesburg", price=0.4),
}
_ELSEWHERE: dict[tuple[str, str], tuple[float, float, str, str]] = {
    ("AU", "NT"): (-12.5, 130.8, "Australia/Darwin", "hot"),
    ("AU", "QLD"): (-27.5, 153.0, "Australia/Brisbane", "hot"),
    ("AU", "SA"): (-34.9, 138.6, "Australia/Adelaide", "temperate"),
    ("AU", "VIC"): (-37.8, 145.0, "Australia/Melbourne", "temperate"),
    ("AU", "WA"): (-32.0, 115.9, "Australia/Perth", "temperate"),
    ("CA", "AB"): (51.0, -114.1, "America/Edmonton", "cold"),
    ("CA", "BC"): (49.3, -123.1, "America/Vancouver", "temperate"),
    ("DE", "BY"): (48.1, 11.6, "Europe/Berlin", "temperate"),
    ("ES", "CN"): (28.1, -15.4, "Atlantic/Canary", "hot"),
    ("GB", "SCT"): (55.9, -3.2, "Europe/London", "temperate"),
    ("IT", "MI"): (45.5, 9.2, "Europe/Rome", "temperate"),
    ("PT", "20"): (37.7, -25.7, "Atlantic/Azores", "temperate"),
    ("US", "AK"): (61.2, -149.9, "America/Anchorage", "cold"),
    ("US", "AZ"): (33.4, -112.1, "America/Phoenix", "hot"),
    ("US", "CA"): (34.1, -118.2, "America/Los_Angeles", "temperate"),
    ("US", "CO"): (39.7, -105.0, "America/Denver", "cold"),
    ("US", "FL"): (25.8, -80.2, "America/New_York", "hot"),
    ("US", "HI"): (21.3, -157.9, "Pacific/Honolulu", "hot"),
    ("US", "IL"): (41.9, -87.6, "America/Chicago", "cold"),
    ("US", "MN"): (45.0, -93.3, "America/Chicago", "cold"),
    ("US", "OR"): (45.5, -122.7, "America/Los_Angeles", "temperate"),
    ("US", "TX"): (29.8, -95.4, "America/Chicago", "hot"),
    ("US", "WA"): (47.6, -122.3, "America/Los_Angeles", "temperate"),
}
"""Regions with a clock or a climate other than their country's: latitude, longitude, both."""


def place_of(country: Country) -> Place | None:
    """Return a plausible place of a country, in its region; None where none is known."""
    place = _PLACES.get(country.code)
    other = _ELSEWHERE.get((country.code, country.region))
    if place is None or other is None:
        return place
    latitude, longitude, timezone, climate = other
    return evolve(place, latitude=latitude, longitude=longitude, timezone=timezone, climate=climate)


def mains_of(country: Country | None) -> Mains | None:
    """Return the nominal voltages of a country; None where they are not known."""
    place = None if country is None else place_of(country)
    return None if place is None else place.mains
