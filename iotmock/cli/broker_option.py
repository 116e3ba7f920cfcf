"""`--broker`: one text in place of the variables that say where the broker is."""

from iotmock.settings.broker_url import broker_url
from iotmock.settings.numbers import NotAllowedError


def broker_variables(text: str) -> dict[str, str]:
    """Return the variables that HOST, HOST:PORT or a URL stands for; what is wrong stays in them.

    They contradict no variable that the environment has.
    """
    if "://" in text:
        return {**_of_url(text), "MQTT_BROKER_URL": text}
    host, port = _split(text)
    ports = {"MQTT_BROKER_PORT": port} if port is not None else {}
    return {"MQTT_BROKER_URL": "", "MQTT_BROKER_HOST": host, **ports}


def _of_url(text: str) -> dict[str, str]:
    try:
        url = broker_url(text)
    except NotAllowedError:  # which the settings will say of MQTT_BROKER_URL
        return {}
    return dict(url.settings) if url is not None else {}


def _split(text: str) -> tuple[str, str | None]:
    host, colon, port = text.rpartition(":")
    bare_ipv6 = ":" in host and not host.endswith("]")
    has_login = "@" in text  # which is no host, and is hidden as long as it is whole
    if not colon or bare_ipv6 or has_login or text.endswith("]"):
        return text, None
    return host, port
