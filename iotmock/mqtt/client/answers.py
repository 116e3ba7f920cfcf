"""Answers to requests: they come within a time, or are waited for no longer."""

import anyio

from iotmock.mqtt.client.driver import Driver
from iotmock.mqtt.errors import Unanswered

ANSWER_S = 15.0
"""How long the broker may take to answer SUBSCRIBE and UNSUBSCRIBE."""


async def answer_to(driver: Driver, request: str, packet_id: int) -> tuple[int, ...]:
    """Have a request written, and return what the broker answers; errors call it by its name.

    Raises:
        Unanswered: nothing, for as long as it may take. ConnectionLost: as it says.
    """
    answers = driver.connection.answers
    try:
        with anyio.fail_after(ANSWER_S):
            await driver.flush()
            await driver.until(lambda: packet_id in answers)
        return answers[packet_id]
    except TimeoutError:
        what = f"{driver.channel.place} has not answered {request} for {ANSWER_S:g} s"
        raise Unanswered(what) from None
    finally:
        driver.connection.requests.forget(packet_id)
