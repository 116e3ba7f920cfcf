"""Build the site: `python -m manual`, which `make docs` does."""

import logging
import os
import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

_CONFIGURATION = Path(__file__).with_name("mkdocs.yml")
_BUILT = Path(__file__).parents[1] / "iotmock" / "manual" / "built"
_NOT_NEEDED = ("**/*.map", "assets/javascripts/lunr", "sitemap.xml*", "404.html")
"""What debuggers, other languages than English and search engines would ask for."""
_QUIET = "NO_MKDOCS_2_WARNING"


def main() -> None:
    """Build it whole, or leave what was there as it is."""
    parser = ArgumentParser(prog="python -m manual", description="Build the documentation site.")
    parser.add_argument("--to", type=Path, default=_BUILT, help="the folder to put it into")
    folder = parser.parse_args().to
    with TemporaryDirectory() as name:
        made = Path(name) / "built"
        build(made)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
    sys.stdout.write(f"the manual: {folder / 'index.html'}\n")


def build(folder: Path) -> None:
    """Build into an empty folder; a link that leads nowhere ends it, with exit code 1."""
    os.environ[_QUIET] = "1"
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort

    try:
        build_site(load_config(str(_CONFIGURATION), site_dir=str(folder), strict=True))
    except Abort as error:
        sys.exit(f"make docs: {error}: see the warnings above")
    _thin_out(folder)


def _thin_out(folder: Path) -> None:
    for pattern in _NOT_NEEDED:
        for path in folder.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


if __name__ == "__main__":
    main()
