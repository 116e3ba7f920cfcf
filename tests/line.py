"""The command line in this process, with an environment."""

import json
from typing import Any

from attrs import evolve, frozen
from typer.testing import CliRunner

from iotmock.cli import app


@frozen
class Line:
    """Runs commands."""

    environment: dict[str, str]

    def having(self, **more: object) -> "Line":
        return evolve(
            self, environment=self.environment | {key: str(value) for key, value in more.items()}
        )

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, [*arguments], env=self.environment)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    def says(self, *arguments: str) -> str:
        code, output, error = self(*arguments)
        assert (code, error) == (0, ""), (output, error)
        return output

    def json(self, *arguments: str) -> Any:
        return json.loads(self.says(*arguments, "--json"))

    def refuses(self, *arguments: str, code: int) -> str:
        """Return the one line that it refuses with."""
        found, output, error = self(*arguments)
        assert (found, output) == (code, ""), (output, error)
        assert error.startswith("iotmock: ")
        assert error.count("\n") == 1
        return error.removeprefix("iotmock: ").rstrip("\n")
