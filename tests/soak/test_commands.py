"""`iotmock soak` on the command line."""

from pathlib import Path

import jsonschema_rs
import msgspec
import typer
from typer.testing import CliRunner

from iotmock.cli import app as iotmock
from iotmock.cli.commands.soak import FileOrCommand

CLI = CliRunner()


def soak(*arguments: str | Path) -> tuple[int, str, str]:
    done = CLI.invoke(iotmock, ["soak", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_what_init_writes_passes_check(tmp_path: Path) -> None:
    file = tmp_path / "night.toml"
    code, _, error = soak("init", file)
    assert (code, error) == (0, f"wrote {file}; now: iotmock soak check {file}\n")
    code, output, error = soak("check", file)
    assert (code, error.count("warning")) == (0, 1)
    assert output.startswith(f"{file}: 100 devices (pool:4), QoS 1, 5,000 messages in 55 s")
    assert f"{file}: warning: broker: is left out" in error


def test_what_init_writes_in_full_passes_check_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "night.toml"
    assert soak("init", "--full", file)[0] == 0
    code, output, error = soak("check", file)
    assert (code, error) == (0, f"to run it: iotmock soak {file}\n")
    assert output.startswith(f"{file}: 1,400 devices (pool:16), QoS 1, 67,590 messages in 610 s")


def test_check_as_json(tmp_path: Path) -> None:
    file = tmp_path / "night.toml"
    soak("init", file)
    code, output, error = soak("check", file, "--json")
    plan = msgspec.json.decode(output)
    assert (code, error) == (0, "")
    assert plan["file"] == str(file)
    assert (plan["devices"], plan["messages"], plan["length_s"]) == (100, 5_000, 55)
    assert [one.partition(":")[0] for one in plan["warnings"]] == ["broker"]


def test_what_is_wrong_as_json(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text("[load]\nqos = 3\n")
    code, output, error = soak("check", file, "--json")
    faults = msgspec.json.decode(output)["faults"]
    assert (code, error) == (2, "")
    assert [fault["key"] for fault in faults] == ["fleet", "load.duration", "load.qos"]
    assert faults[2]["message"]


def test_help_says_how_to_run() -> None:
    _, output, _ = soak("--help")
    assert "iotmock soak FILE" in output
    assert "soak run FILE" in output


def test_init_does_not_overwrite(tmp_path: Path) -> None:
    file = tmp_path / "night.toml"
    file.write_text("mine")
    assert soak("init", file) == (
        2,
        "",
        f"{file}: it exists already; delete it or choose another name\n",
    )
    assert file.read_text() == "mine"


def test_check_says_all_that_is_wrong_a_line_each(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('[load]\nqos = 3\n[[fleet.group]]\ndevice_type = "hvc"\ncount = 1\n')
    code, output, error = soak("check", file)
    assert (code, output) == (2, "")
    assert [line.split(": ")[1] for line in error.splitlines()] == [
        "load.duration",
        "load.qos",
        "fleet.group[0].device_type",
    ]
    assert all(line.startswith(f"{file}: ") for line in error.splitlines())


def test_check_of_what_can_not_be_read_is_one_line(tmp_path: Path) -> None:
    assert soak("check", tmp_path) == (2, "", f"{tmp_path}: it is a folder and must be a file\n")


def test_the_schema_is_one() -> None:
    code, output, _ = soak("schema")
    assert code == 0
    jsonschema_rs.meta.validate(msgspec.json.decode(output))


def runnable() -> typer.Typer:
    """Return an application as ours, with a `run` that says what it was given."""
    app = typer.Typer(cls=FileOrCommand, no_args_is_help=True)

    @app.command()
    def run(file: Path, workers: int = 1) -> None:
        typer.echo(f"run {file} {workers}")

    @app.command()
    def check(file: Path) -> None:
        typer.echo(f"check {file}")

    return app


def test_a_file_is_run_and_a_command_is_one() -> None:
    app = runnable()
    for arguments, output in (
        (["night.toml"], "run night.toml 1\n"),
        (["--workers", "2", "night.toml"], "run night.toml 2\n"),
        (["night.toml", "--workers=3"], "run night.toml 3\n"),
        (["run", "night.toml"], "run night.toml 1\n"),
        (["check", "night.toml"], "check night.toml\n"),
    ):
        assert CLI.invoke(app, arguments).stdout == output


def test_help_is_help() -> None:
    for arguments in ([], ["--help"]):
        output = CLI.invoke(runnable(), arguments).output
        assert "check" in output
        assert "run" in output
