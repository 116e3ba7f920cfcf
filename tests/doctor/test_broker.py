"""What the doctor says of brokers: real ones, and ports that are none."""

import socket
from pathlib import Path

import trustme

from iotmock.doctor.visit.terms import Terms, terms_of
from iotmock.mqtt import NO_PROPERTIES, V5
from iotmock.mqtt.session.limits import Limits
from iotmock.settings.reading import read_settings
from tests.doctor.examined import examined, of
from tests.line import Line
from tests.mosquitto import Mosquitto, free_port, running_mosquitto
from tests.service.process import running_service, subscribed


def test_a_broker_that_can_all_is_told_with_its_limits(line: Line, broker: Mosquitto) -> None:
    found = of("broker", examined(line))
    assert found.state == "ok"
    assert found.text.startswith(
        f"127.0.0.1:{broker.port} lets us in and speaks MQTT 5: QoS up to 2, retains, wildcards, "
    )


def test_a_login_that_is_refused_a_wrong_port_and_a_silent_one_are_three_sentences(
    line: Line, broker: Mosquitto
) -> None:
    refused = of("broker", examined(line.having(MQTT_PASSWORD="hunter2"), code=1))
    assert refused.text == "the broker refused user 'iot_user': not authorized"
    assert refused.advice == "set MQTT_USERNAME and MQTT_PASSWORD to a login that it knows"

    port = free_port()
    wrong = of("broker", examined(line.having(MQTT_BROKER_PORT=port), code=1))
    assert wrong.text == f"nothing answers at 127.0.0.1:{port}: Connection refused"
    assert wrong.advice.startswith("start the broker, or set MQTT_BROKER_HOST and MQTT_BROKER_PORT")

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        silent = of("broker", examined(line.having(MQTT_BROKER_PORT=port), code=1))
    assert silent.text == f"127.0.0.1:{port} takes the connection and says nothing to MQTT"
    assert "check MQTT_BROKER_PORT" in silent.advice


def test_the_secrets_of_the_settings_are_never_shown(line: Line, broker: Mosquitto) -> None:
    url = f"mqtt://iot_user:hunter2@127.0.0.1:{broker.port}"
    line = line.having(API_TOKEN="s3cret-token", MQTT_BROKER_URL=url)
    del line.environment["MQTT_BROKER_PORT"]
    for arguments in ((), ("--json",)):
        code, output, error = line("doctor", *arguments)
        assert code == 1
        assert "refused user 'iot_user'" in output
        assert "hunter2" not in output + error
        assert "s3cret" not in output + error


def test_a_name_that_there_is_not_is_said(line: Line) -> None:
    found = of("broker", examined(line.having(MQTT_BROKER_HOST="no-such-host.invalid"), code=1))
    assert found.text.startswith("no-such-host.invalid can not be looked up: ")
    assert found.advice == "set MQTT_BROKER_HOST to a name or an address that there is"


def test_a_visit_leaves_nothing_and_drives_nobody_out(
    line: Line, broker: Mosquitto, tmp_path: Path
) -> None:
    with (
        running_service(tmp_path, MQTT_BROKER_PORT=broker.port) as service,
        subscribed(broker.port) as subscriber,
    ):
        service.wait_connected()
        findings = examined(line.having(PORT=service.port, STATE_FILE=tmp_path / "iotmock.db"))
        assert of("http port", findings).text.startswith("iotmock ")
        assert of("state file", findings).text.endswith("is in use by the service that runs")
        assert service.status()["mqtt"]["connects"] == 1
        assert not [topic for topic, _ in subscriber.messages if "doctor" in topic]


def test_tls_says_whose_certificate_is_not_trusted(line: Line, tmp_path: Path) -> None:
    authority, pem, ca = trustme.CA(), tmp_path / "server.pem", tmp_path / "ca.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(pem)
    authority.cert_pem.write_to_path(ca)
    with running_mosquitto(tmp_path, f"certfile {pem}", f"keyfile {pem}") as broker:
        line = line.having(MQTT_BROKER_PORT=broker.port, MQTT_TLS="on")
        untrusted = of("broker", examined(line, code=1))
        assert "set MQTT_TLS_CA to the authority's file" in untrusted.text
        assert of("broker", examined(line.having(MQTT_TLS_CA=ca))).state == "ok"
        plain = of("broker", examined(line.having(MQTT_TLS="off"), code=1))
        assert f"127.0.0.1:{broker.port}" in plain.text
        missing = of("broker", examined(line.having(MQTT_TLS_CA=tmp_path / "none.pem"), code=1))
        assert "MQTT_TLS_CA" in missing.text


def test_limits_that_cost_something_are_warnings(line: Line, tmp_path: Path) -> None:
    limits = ("max_qos 1", "retain_available false", "max_packet_size 900")
    with running_mosquitto(tmp_path, *limits) as broker:
        line = line.having(MQTT_BROKER_PORT=broker.port, MQTT_QOS=2)
        told = [one.text for one in examined(line, code=1) if one.check == "broker"]
    assert "QoS up to 1, retains nothing, wildcards, packets up to 900 bytes" in told[0]
    assert [text.partition(":")[0] for text in told[1:]] == [
        "it knows QoS 1 at most",
        "it retains nothing",
        "it takes packets up to 900 bytes, less than a long message has",
    ]


def test_a_broker_without_wildcards_is_a_warning() -> None:
    terms = Terms(V5, Limits(wildcards=False), NO_PROPERTIES, deaf=False)
    found = [*terms_of(read_settings({}, Path(".env")), "broker:1883", terms)]
    assert [one.state for one in found] == ["ok", "warning"]
    assert "no wildcard subscriptions" in found[1].text


def test_a_broker_of_3_1_1_is_fallen_back_to(line: Line, tmp_path: Path) -> None:
    port = free_port()
    with running_service(tmp_path, MQTT_BROKER_PORT=port) as service:  # with its embedded broker
        line = line.having(MQTT_BROKER_PORT=port, PORT=service.port, MQTT_STAMP="properties")
        findings = examined(line, code=1)
        json = line.having(MQTT_PROTOCOL="3.1.1", MQTT_STAMP="json")
        assert of("broker", examined(json)).state == "ok"
    able, stamped = [one for one in findings if one.check == "broker"]
    assert "speaks MQTT 3.1.1: its limits it can not say" in able.text
    assert (stamped.state, stamped.advice) == ("problem", "set MQTT_STAMP=json")


def test_no_broker_is_no_problem_where_serve_brings_one(line: Line) -> None:
    port = free_port()
    line = line.having(MQTT_BROKER_PORT=port, MQTT_EMBEDDED_BROKER="auto")
    found = of("broker", examined(line))
    assert found.text == f"`iotmock serve` starts a broker of its own at 127.0.0.1:{port}"
    assert of("embedded broker", examined(line.having(MQTT_EMBEDDED_BROKER="on"))).state == "ok"


def test_a_port_that_the_embedded_broker_can_not_have_is_a_problem(
    line: Line, broker: Mosquitto
) -> None:
    found = of("embedded broker", examined(line.having(MQTT_EMBEDDED_BROKER="on"), code=1))
    assert found.text.startswith(f"127.0.0.1:{broker.port} is taken by mosquitto (process ")


def test_the_broker_can_be_named_as_for_serve(line: Line) -> None:
    port = free_port()
    findings = examined(line, "--broker", f"localhost:{port}", code=1)
    assert of("broker", findings).text == f"nothing answers at localhost:{port}: Connection refused"
