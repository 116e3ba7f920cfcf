"""A fleet of energy devices that do not exist.

The way in, to be read in this order: `model/` (what a device is), `actors/` (what lives), `mqtt/`
and `wire/` (how it is sent), `storage/` (what outlives it), `rest/` (how it is asked), `service/`
(all of it started), `cli/` (from where people start it). `soak/` tests with it, `demo/` shows it,
`doctor/` finds what it lacks, `client/` is a client of it, `history/` and `ledger/` work without
it; what is left are rooms that these share.

Each room's `__init__.py` says what it is for, which file to read first and who may know it;
docs/architecture.md has them all on one page. Three files stand at the root because no room has
them for itself: `__main__.py`, where a process begins; `version.py`, which the package's build
reads too; `signals.py`, by which every command that runs for long ends in order.
"""

from iotmock.version import VERSION

__version__ = VERSION
