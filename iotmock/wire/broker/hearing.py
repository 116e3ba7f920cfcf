"""What a connection hears: commands and events, as far as the broker lets it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress

import structlog
from attrs import define, field

from iotmock.actors.ports.dialect import Entry
from iotmock.actors.ports.wire import Whose
from iotmock.dialects.native import topics
from iotmock.mqtt import (
    Client,
    ConnectionLost,
    InvalidMessage,
    SubscribeRefused,
    Subscription,
    Unanswered,
)
from iotmock.wire.broker.strikes import Strikes

log = structlog.get_logger()

SUBSCRIPTION_GIVEN_UP = "a subscription is given up; messages still go out"
UNANSWERED = "the broker does not answer a subscription; messages go out, and it is asked again"
_FILTERS, _OWN = "filters", "own topics"
_IN_A_PACKET = 50
"""Filters in one SUBSCRIBE."""
_WILDCARDS = set("+#")


_FOR_ALL = {topics.COMMANDS_FILTER: Whose.DEVICE, topics.GROUPS_FILTER: Whose.LOCATION}
_TOPIC_OF = {Whose.DEVICE: topics.commands_topic, Whose.LOCATION: topics.group_commands_topic}


def subscription_to(topic_filter: str) -> Subscription:
    """Return how the service subscribes: not to what is retained and was there before."""
    return Subscription(topic_filter, qos=1, retain_handling=2)


def subscriptions_of(entry: Entry) -> tuple[Subscription, ...]:
    """Return what a connection subscribes to."""
    states = (Subscription(state, qos=1) for state in entry.states)
    return (*map(subscription_to, entry.filters), *states)


@define(eq=False)
class Hearing:
    """Subscribes, and gives up a filter that the broker refuses or ends the connection for.

    Data goes out whatever is heard. What was given up is asked for again over the next connection.
    """

    filters: tuple[str, ...]
    """What the service itself hears over this connection, in whatever words."""
    unheard: tuple[Whose, ...] = ()
    """Whose commands are to be heard here, and are not by one filter for all."""
    _answered: set[str] = field(factory=set)
    """The filters that have an answer over the connection that stands."""
    _silences: Counter[str] = field(factory=Counter)
    """How often a filter had none."""
    _silent: set[str | Whose] = field(factory=set)
    """What has none: `_FILTERS`, or whose own topics."""
    _strikes: defaultdict[str, Strikes] = field(factory=lambda: defaultdict(Strikes))

    async def begin(self, client: Client, entry: Entry) -> None:
        """Subscribe to each filter of `entry`, and of the service's own, over a new connection.

        Raises:
            ConnectionLost: the connection has ended.
        """
        self.unheard = ()
        for known in (self._answered, self._silences, self._silent):
            known.clear()
        await self.add(client, entry)

    async def add(self, client: Client, entry: Entry) -> bool:
        """Subscribe to what of that has no answer over this connection yet; say whether all has.

        What was left without one most often comes last, and keeps no other from being heard.

        Raises:
            ConnectionLost: the connection has ended.
        """
        own = () if entry.alone else map(subscription_to, self.filters)
        wanted = (*subscriptions_of(entry), *own)
        new = [one for one in wanted if one.topic_filter not in self._answered]
        try:
            await self._ask(client, sorted(new, key=lambda one: self._silences[one.topic_filter]))
        except Unanswered as error:
            self._note_silence(_FILTERS, error)
            return False
        self._note_answer(_FILTERS)
        return True

    @property
    def is_answered(self) -> bool:
        """Whether the broker has answered all that it was asked for over this connection."""
        return not self._silent

    def _note_silence(self, what: str | Whose, error: Unanswered) -> None:
        if self.is_answered:
            log.warning(UNANSWERED, reason=str(error))
        self._silent.add(what)

    def _note_answer(self, what: str | Whose) -> None:
        if self._silent == {what}:
            log.info("the broker has answered: commands are heard")
        self._silent.discard(what)

    async def _ask(self, client: Client, subscriptions: Iterable[Subscription]) -> None:
        for subscription in subscriptions:
            topic_filter = subscription.topic_filter
            try:
                granted = await self._is_granted(client, subscription)
            except Unanswered:
                self._silences[topic_filter] += 1
                raise
            self._answered.add(topic_filter)
            if not granted and topic_filter in _FOR_ALL:
                self.unheard = (*self.unheard, _FOR_ALL[topic_filter])

    async def _is_granted(self, client: Client, subscription: Subscription) -> bool:
        name = subscription.topic_filter
        if not client.limits.wildcards and _WILDCARDS & set(name):
            self._say(name, name, "the broker has no wildcard subscriptions")
            return False
        return await self._subscribe(client, name, [subscription])

    async def follow(self, client: Client, whose: Whose, names: Sequence[str]) -> Sequence[str]:
        """Hear the commands of these, each on its own topic; return those that have an answer.

        Raises:
            ConnectionLost: the connection has ended.
        """
        topics_of_names = [subscription_to(_TOPIC_OF[whose](name)) for name in names]
        for begin in range(0, len(names), _IN_A_PACKET):
            some = topics_of_names[begin : begin + _IN_A_PACKET]
            try:
                await self._subscribe(client, _OWN, some)
            except Unanswered as error:
                self._note_silence(whose, error)
                return names[:begin]
        self._note_answer(whose)
        return names

    async def leave(self, client: Client, whose: Whose, names: Sequence[str]) -> None:
        """Hear the commands of these no more.

        Raises:
            ConnectionLost: the connection has ended.
        """
        filters = [_TOPIC_OF[whose](name) for name in names]
        for begin in range(0, len(filters), _IN_A_PACKET):
            with suppress(Unanswered):  # what comes for those that are gone is not carried out
                await client.unsubscribe(*filters[begin : begin + _IN_A_PACKET])

    async def _subscribe(self, client: Client, name: str, some: Sequence[Subscription]) -> bool:
        strikes = self._strikes[name]
        if strikes.out:
            self._say(name, some[0].topic_filter, "the broker ended the connection for it")
            return False
        try:
            await client.subscribe(*some)
        except Unanswered:
            raise  # it may come yet: no reason to ask for less
        except ConnectionLost:
            strikes.add()
            raise
        except SubscribeRefused as error:
            self._say(name, error.topic_filter, str(error))
            return False
        except InvalidMessage as error:
            return await self._subscribe_less(client, name, some, error)
        strikes.clear()
        return True

    async def _subscribe_less(
        self, client: Client, name: str, some: Sequence[Subscription], error: InvalidMessage
    ) -> bool:
        # Perhaps they are only too many for a packet that the broker takes.
        half = len(some) // 2
        if not half:
            self._say(name, some[0].topic_filter, str(error))
            return False
        first = await self._subscribe(client, name, some[:half])
        return await self._subscribe(client, name, some[half:]) and first

    def _say(self, name: str, topic_filter: str, reason: str) -> None:
        log.warning(SUBSCRIPTION_GIVEN_UP, kind=name, filter=topic_filter, reason=reason)
