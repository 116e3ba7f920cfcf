"""The bounds that h2 leaves to others: what a peer makes it keep, and for how long."""

import trio
from h2.connection import H2Connection
from h2.exceptions import DenialOfServiceError
from h2.frame_buffer import FrameBuffer
from hyperframe.frame import Frame, HeadersFrame

_HEADERS = 64 * 1024
"""Bytes of one header block; as much as its list may be long once it is unpacked."""
_TYPE = 3
"""Where in a frame its type is (RFC 9113, 4.1)."""
_OF_HEADERS = bytes([HeadersFrame.type])


class HeaderBlocks(FrameBuffer):
    """h2's frames; it counts those of a header block, and not their bytes or their time."""

    begun_at: float | None = None
    """When the block, or the preface, began that is not at its end."""

    def look(self) -> None:
        """Note whether what has come ends within a block."""
        if not self._is_within():
            self.begun_at = None
        elif self.begun_at is None:
            self.begun_at = trio.current_time()

    def _is_within(self) -> bool:
        is_begun = self._preamble_len or self._headers_buffer
        return bool(is_begun) or self._data[_TYPE : _TYPE + 1] == _OF_HEADERS

    def _update_header_buffer(self, f: Frame | None) -> Frame | None:
        whole = super()._update_header_buffer(f)
        if sum(len(part.data) for part in self._headers_buffer) > _HEADERS:
            raise DenialOfServiceError("A header block is too long.")
        if isinstance(whole, HeadersFrame):
            self.begun_at = None
        return whole


def bound(connection: H2Connection) -> HeaderBlocks:
    """Bound what a connection keeps; return where its header blocks come in."""
    connection.incoming_buffer = blocks = HeaderBlocks(server=True)
    return blocks
