"""Write docs/reference/sparkplug-conformance.md."""

from tests.dialects.sparkplug.conformance.page import PATH, page

PATH.write_text(page())
