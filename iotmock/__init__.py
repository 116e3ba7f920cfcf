"""A fleet of energy devices that do not exist.

The way in: `model/` (what a device is), `actors/` (what lives), `mqtt/` and `wire/` (how it is
sent), `rest/` (how it is asked), `service/` (all of it started), `cli/` (from where people start
it); `soak/` tests with it. Each room's `__init__.py` says which file to read first;
docs/architecture.md has them all on one page. At the root stands what all of it has: the version,
which the package's build reads here, and what a signal does.
"""

from iotmock.version import VERSION

__version__ = VERSION
