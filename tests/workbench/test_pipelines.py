"""The recipes of docs/how-to/ci.md are what GitHub and GitLab take, by their own schemas."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs/how-to/ci.md").read_text(encoding="utf-8")
FOUND = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
RECIPES = dict(zip(("github-workflows", "gitlab-ci"), FOUND, strict=True))


def check(schema: str, file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    return subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("schema", RECIPES)
def test_a_recipe_is_in_order(schema: str, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.yml"
    recipe.write_text(RECIPES[schema], encoding="utf-8")
    done = check(schema, recipe)
    assert done.returncode == 0, done.stdout
    recipe.write_text(RECIPES[schema].replace("script:", "skript:").replace("steps:", "stepps:"))
    assert check(schema, recipe).returncode == 1
