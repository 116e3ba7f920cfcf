"""What a run would need of this machine and lacks: variables with secrets, files."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from iotmock.soak.scenario.scenario import Scenario
from iotmock.soak.scenario.section import Section, fields
from iotmock.wording.faults import Fault
from iotmock.wording.quoted import quoted_path
from iotmock.wording.words import named

_FILES = ("credentials_file", "tls_ca", "tls_cert", "tls_key")
_VARIABLE = "_env"


@frozen
class Lacking:
    """Looks for what a scenario names outside of itself; a check may be made elsewhere."""

    scenario: Scenario
    environment: Mapping[str, str] = os.environ

    def found(self) -> Iterator[Fault]:
        """Yield what is not there."""
        broker, verify = self.scenario.given_broker, self.scenario.verify
        tables = {"broker": broker, "verify.influx": verify.influx, "verify.sql": verify.sql}
        for path, table in tables.items():
            if table is not None:
                yield from self._variables(path, table)
        for key in _FILES if broker is not None else ():
            name = getattr(broker, key)
            if name is not None and not Path(name).is_file():
                yield Fault(f"broker.{key}", f"there is no file {quoted_path(name)} here")

    def _variables(self, path: str, table: Section) -> Iterator[Fault]:
        for one in fields(table):
            name = getattr(table, one.name)
            if one.name.endswith(_VARIABLE) and name and not self.environment.get(name):
                yield Fault(f"{path}.{one.name}", f"the variable {named(name)} is not set here")
