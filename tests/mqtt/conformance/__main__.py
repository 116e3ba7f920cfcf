"""Write docs/reference/mqtt-conformance.md."""

from tests.mqtt.conformance.page import PATH, page

PATH.write_text(page())
