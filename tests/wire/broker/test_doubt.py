"""A broker that can not say why it refuses CONNECT."""

import pytest

from iotmock.mqtt import V5, V311, BadCredentials, ConnectFailed, ConnectOptions
from iotmock.mqtt.errors import HandshakeFailed
from iotmock.mqtt.session.limits import NO_LIMITS, Limits
from iotmock.wire.broker.doubt import Doubt

CLOSED = HandshakeFailed("closed at once")
Form = tuple[int, bool]


def form_of(doubt: Doubt) -> Form:
    lowered = doubt.lowered(ConnectOptions("x"))
    return lowered.maximum_qos, lowered.retain


def lives_with(doubt: Doubt, taken: set[Form]) -> Limits:
    """Connect to a broker that takes these forms, until one is proven."""
    for _ in range(20):
        if form_of(doubt) not in taken:
            doubt.note_failure(CLOSED, V311)
        elif (proven := doubt.note_accepted()) is not None:
            return proven
    raise AssertionError("no form was proven")


@pytest.mark.parametrize("form", [(2, False), (0, True), (0, False)])
def test_the_highest_form_of_a_will_that_the_broker_takes_is_found(form: Form) -> None:
    most, retain = form
    assert lives_with(Doubt(), {form, (0, False)}) == Limits(most, retain)


@pytest.mark.parametrize("cuts", range(1, 12))
def test_connections_that_are_cut_for_a_while_prove_nothing(cuts: int) -> None:
    doubt = Doubt()
    for _ in range(cuts):
        doubt.note_failure(CLOSED, V311)
    proven = None
    while proven is None:
        proven = doubt.note_accepted()
    assert proven == NO_LIMITS


def test_only_what_may_be_about_the_will_raises_doubt() -> None:
    doubt = Doubt()
    doubt.note_failure(CLOSED, V5)
    doubt.note_failure(ConnectFailed("nobody is there"), V311)
    doubt.note_failure(BadCredentials(4, "wrong password"), V311)
    assert form_of(doubt) == (2, True)
    doubt.note_failure(BadCredentials(5, "not authorized"), V311)
    assert form_of(doubt) == (2, False)
