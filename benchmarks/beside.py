"""Another commit of the service beside this one: both in processes of their own, in turns."""

import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import count
from pathlib import Path

from attrs import define, field, frozen

from benchmarks.fleet_service import FleetService, fleet_service
from tests.mosquitto import running_mosquitto

_HERE = Path(__file__).parent.parent
_BROKER = ("max_inflight_messages 0", "persistence false")
_folders = count(1)


@frozen
class Version:
    """The source of the service in one state, and where its processes may write."""

    source: Path
    folder: Path

    @contextmanager
    def serving(self, settings: dict[str, object]) -> Iterator[FleetService]:
        """Run a service of this version during the block, before a broker of its own.

        For devices with connections of their own would drive those of the other version out.
        """
        folder = self.folder / str(next(_folders))
        folder.mkdir()
        given = settings | {"PYTHONPATH": self.source}
        with running_mosquitto(folder, *_BROKER) as broker, fleet_service(broker, **given) as one:
            yield one


@frozen
class Pair:
    """The commit that is compared to, and this one."""

    there: Version
    here: Version

    @classmethod
    def of(cls, commit: str, folder: Path) -> "Pair":
        """Take a commit out of the repository, into a folder.

        Raises:
            subprocess.CalledProcessError: there is no such commit.
        """
        command = ["git", "-C", str(_HERE), "archive", commit, "iotmock"]
        packed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder / "source", filter="data")
        return cls(Version(folder / "source", folder), Version(_HERE, folder))


Measured = dict[str, float]


@define(eq=False)
class Turns:
    """What was measured of both, round by round, by name."""

    there: dict[str, list[float]] = field(factory=dict)
    here: dict[str, list[float]] = field(factory=dict)

    def take(
        self, rounds: int, there: Callable[[], Measured], here: Callable[[], Measured]
    ) -> None:
        """Measure both in turns; who begins changes from round to round."""
        for number in range(rounds):
            both = [(there, self.there), (here, self.here)]
            for measure, found in both if number % 2 == 0 else both[::-1]:
                for name, value in measure().items():
                    found.setdefault(name, []).append(value)

    def ratios(self, name: str) -> list[float]:
        """Return each round's ratio: what disturbs both alike falls out."""
        pairs = zip(self.there[name], self.here[name], strict=True)
        return [here / there for there, here in pairs]
