"""The bounds that h2 leaves to others: what a peer makes it keep, and for how long."""

import trio
from h2.connection import (
    ConnectionInputs,
    ConnectionState,
    H2Connection,
    H2ConnectionStateMachine,
)
from h2.exceptions import DenialOfServiceError
from h2.frame_buffer import FrameBuffer
from h2.settings import SettingCodes
from hpack import Encoder
from hyperframe.frame import Frame, HeadersFrame

_TABLE = 4_096
"""Bytes of headers that the encoder keeps: the default, of which a peer may ask for 4 GiB."""
_HEADERS = 64 * 1024
"""Bytes of one header block; as much as its list may be long once it is unpacked."""
_TYPE = 3
"""Where in a frame its type is (RFC 9113, 4.1)."""
_OF_HEADERS = bytes([HeadersFrame.type])
_KNOWN = frozenset(SettingCodes)
_OPEN = (ConnectionState.IDLE, ConnectionState.SERVER_OPEN, ConnectionState.CLIENT_OPEN)


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


class BoundedEncoder(Encoder):
    """hpack's; its table is as large as the peer says, and searched from end to end."""

    @property
    def header_table_size(self) -> int:
        """Bytes of headers that are kept."""
        return self.header_table.maxsize

    @header_table_size.setter
    def header_table_size(self, value: int) -> None:
        size = min(value, _TABLE)
        if size != self.header_table.maxsize:
            self.header_table.maxsize = size
            # RFC 7541, 4.2: of many changes the least is told, and the last.
            self.table_size_changes = [min(size, *self.table_size_changes, _TABLE), size]


class _StateMachine(H2ConnectionStateMachine):
    """h2's; a peer that leaves may still have the answers to what it has asked."""

    # RFC 9113, 6.8: GOAWAY ends no stream that was begun before it.
    _transitions = H2ConnectionStateMachine._transitions | {
        (state, ConnectionInputs.RECV_GOAWAY): (None, state) for state in _OPEN
    }


def bound(connection: H2Connection) -> HeaderBlocks:
    """Bound what a connection keeps; return where its header blocks come in."""
    connection.state_machine = _StateMachine()
    connection.encoder = BoundedEncoder()
    connection.incoming_buffer = blocks = HeaderBlocks(server=True)
    return blocks


def forget_unknown_settings(connection: H2Connection) -> None:
    """Forget what no RFC knows: h2 would keep 65,536 of them (RFC 9113, 6.5.2)."""
    settings = connection.remote_settings
    for code in [code for code in settings if code not in _KNOWN]:
        del settings[code]
