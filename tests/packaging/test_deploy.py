"""What runs it elsewhere: the unit for systemd, the manifests for Kubernetes."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import kubernetes_validate
import pytest
import yaml

from iotmock.settings.settings import Settings
from tests.packaging.commands import run
from tests.repository import ROOT

SETTINGS = {attribute.name.upper() for attribute in attrs.fields(Settings)}  # type: ignore[arg-type]
UNIT = (ROOT / "deploy/iotmock.service").read_text()
MANIFESTS = list(yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text()))
VERSIONS = ("1.25", "1.31", "1.36")
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def manifest(kind: str) -> Any:
    (found,) = [one for one in MANIFESTS if one["kind"] == kind]
    return found


def container() -> Any:
    (found,) = manifest("StatefulSet")["spec"]["template"]["spec"]["containers"]
    return found


def analyze(*words: str, unit: Path, text: str = UNIT) -> str:
    """Ask systemd about the unit as it would be where iotmock is installed."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    unit.write_text(text.replace("/opt/iotmock/bin/iotmock", sys.executable))
    return run("sh", "-c", '"$@" 2>&1', "sh", "systemd-analyze", *words, unit)


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "iotmock.service"
    assert analyze("verify", unit=unit) == ""
    assert "Unknown key" in analyze("verify", unit=unit, text=UNIT.replace("=strict", "s=strict"))


def test_systemd_calls_the_unit_well_confined(tmp_path: Path) -> None:
    analyze("security", "--offline=true", "--threshold=20", unit=tmp_path / "iotmock.service")


def test_the_unit_sets_what_is_a_setting_and_runs_what_is_installed() -> None:
    assert set(re.findall(r"^Environment=(\w+)=", UNIT, re.MULTILINE)) <= SETTINGS
    assert "ExecStart=/opt/iotmock/bin/iotmock serve\n" in UNIT


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", [one["kind"] for one in MANIFESTS])
def test_kubernetes_schemas_know_every_field(kind: str, version: str) -> None:
    kubernetes_validate.validate(manifest(kind), version, strict=True)


def test_a_field_that_kubernetes_does_not_know_is_found() -> None:
    wrong = manifest("Service") | {"spec": {"port": 8090}}
    with pytest.raises(jsonschema.ValidationError, match="'port' was unexpected"):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_the_pod_is_confined_as_the_image_allows() -> None:
    pod = manifest("StatefulSet")["spec"]["template"]["spec"]
    (user,) = re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] == int(user)
    assert container()["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    mounts = {mount["mountPath"] for mount in container()["volumeMounts"]}
    assert set(re.findall(r"^VOLUME (\S+)$", DOCKERFILE, re.MULTILINE)) <= mounts


def test_probes_and_service_reach_the_port_that_the_image_opens() -> None:
    (port,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    assert container()["ports"] == [{"name": "http", "containerPort": int(port)}]
    asked = {name: container()[name]["httpGet"] for name in ("livenessProbe", "readinessProbe")}
    assert asked == {
        "livenessProbe": {"path": "/livez", "port": "http"},
        "readinessProbe": {"path": "/readyz", "port": "http"},
    }
    (served,) = manifest("Service")["spec"]["ports"]
    assert (served["port"], served["targetPort"]) == (int(port), "http")


def test_the_manifests_set_what_is_a_setting_and_find_each_other() -> None:
    assert set(manifest("ConfigMap")["data"]) <= SETTINGS
    labels = manifest("StatefulSet")["spec"]["template"]["metadata"]["labels"]
    assert manifest("Service")["spec"]["selector"] == labels
    assert manifest("StatefulSet")["spec"]["selector"]["matchLabels"] == labels
    assert container()["envFrom"][0]["configMapRef"]["name"] == "iotmock"
