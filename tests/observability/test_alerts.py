"""The alert rules, by promtool: each fires in its trouble, and nothing else does."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.observability.prometheus import FOLDER, program

RULES = (FOLDER / "alerts.yml").read_text()
CASES = (FOLDER / "alerts.test.yml").read_text()
ALERTS = [rule["alert"] for group in yaml.safe_load(RULES)["groups"] for rule in group["rules"]]


def promtool(*words: str, cwd: Path = FOLDER) -> str:
    """Return what it says; it is content."""
    done = subprocess.run(
        [program("promtool"), *words], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def cases(folder: Path, rules: str) -> str:
    (folder / "alerts.yml").write_text(rules)
    shutil.copy(FOLDER / "alerts.test.yml", folder)
    return promtool("test", "rules", "alerts.test.yml", cwd=folder)


def test_the_rules_are_right() -> None:
    assert f"{len(ALERTS)} rules found" in promtool("check", "rules", "alerts.yml")


def test_each_alert_fires_in_its_trouble_and_no_other_does(tmp_path: Path) -> None:
    cases(tmp_path, RULES)
    assert set(re.findall(r'alertname="(\w+)"', CASES)) == set(ALERTS)


def test_alerts_that_never_fire_are_found(tmp_path: Path) -> None:
    rules = yaml.safe_load(RULES)
    for rule in rules["groups"][0]["rules"]:
        rule["expr"] = f"({rule['expr']}) and vector(1) > 1"
    with pytest.raises(AssertionError) as caught:
        cases(tmp_path, yaml.safe_dump(rules))
    assert set(re.findall(r'exp: .*alertname="(\w+)"', str(caught.value))) == set(ALERTS)


@pytest.mark.parametrize("alert", ALERTS)
def test_each_alert_says_how_bad_it_is_where_and_what_to_do(alert: str) -> None:
    rule = next(
        rule for rule in yaml.safe_load(RULES)["groups"][0]["rules"] if rule["alert"] == alert
    )
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert "{{ $labels.instance }}" in rule["annotations"]["summary"]
    assert rule["annotations"]["description"].endswith((".", ")."))
