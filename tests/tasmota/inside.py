"""hatasmota as Home Assistant uses it, in a process of its own: asked by a line, answers by a line.

Runs on an interpreter of its own environment (`make hatasmota`), and knows nothing of iotmock.
"""

import asyncio
from typing import Any

import paho.mqtt.client as mqtt
from hatasmota import discovery
from hatasmota.mqtt import ReceiveMessage, TasmotaMQTTClient
from paho.mqtt.enums import CallbackAPIVersion

from tests.answering import Complaints, answer, complaints


class Broker:
    """A connection as hatasmota wants it, which Home Assistant gives it: what is retained is told
    to each subscription once, and one that stays is left as it is.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self.client.on_connect = self.on_connect
        self.client.on_message = self.on_message
        self.filters: set[str] = set()
        self.callbacks: list[tuple[str, Any]] = []
        self.retained: dict[str, ReceiveMessage] = {}

    def on_connect(self, client: mqtt.Client, *_: Any) -> None:
        for topic in list(self.filters):
            client.subscribe(topic)

    def on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        payload = message.payload.decode()
        received = ReceiveMessage(message.topic, payload, message.qos, message.retain)
        self.loop.call_soon_threadsafe(self.hand_on, received)

    def hand_on(self, message: ReceiveMessage) -> None:
        if message.topic.endswith("/LWT"):
            self.retained[message.topic] = message
        for topic, callback in list(self.callbacks):
            if mqtt.topic_matches_sub(topic, message.topic):
                self.tell(callback, message)

    def tell(self, callback: Any, message: ReceiveMessage) -> None:
        found = callback(message)
        if asyncio.iscoroutine(found):
            self.loop.create_task(found)

    async def publish(self, topic: str, payload: Any, qos: int = 0, retain: bool = False) -> None:
        self.client.publish(topic, payload, qos or 0, bool(retain))

    async def subscribe(self, state: Any, topics: dict[str, Any]) -> Any:
        old = {topic: (topic, callback) for topic, callback in state or ()}
        new = {one["topic"]: (one["topic"], one["msg_callback"]) for one in topics.values()}
        for topic in old.keys() - new.keys():
            self.callbacks.remove(old[topic])
        for topic in new.keys() - old.keys():
            self.callbacks.append(new[topic])
            if topic not in self.filters:
                self.filters.add(topic)
                self.client.subscribe(topic)
            elif topic in self.retained:
                self.tell(new[topic][1], self.retained[topic])
        return [old.get(topic, new[topic]) for topic in new]

    async def unsubscribe(self, state: Any) -> Any:
        await self.subscribe(state, {})


class Inside:
    """What hatasmota has found and been told."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.broker = Broker(asyncio.get_running_loop())
        self.client = TasmotaMQTTClient(
            self.broker.publish, self.broker.subscribe, self.broker.unsubscribe
        )
        self.found: dict[str, dict[str, Any]] = {}
        self.entities: dict[str, Any] = {}
        self.told: dict[str, dict[str, Any]] = {}

    async def setup(self, port: int, username: str, password: str) -> None:
        """Connect, and look for devices."""
        self.broker.client.username_pw_set(username, password)
        self.broker.client.connect("127.0.0.1", port)
        self.broker.client.loop_start()
        self.discovery = discovery.TasmotaDiscovery("tasmota/discovery", self.client)
        await self.discovery.start_discovery(self.on_device, self.on_sensors)

    async def on_device(self, config: dict[str, Any], mac: str) -> None:
        if not config:
            gone = self.found.pop(mac, None)
            for name in [name for name in self.entities if gone and name.startswith(gone["t"])]:
                await self.entities.pop(name).unsubscribe_topics()
                self.told.pop(name)
            return
        self.found[mac] = config
        for platform in ("switch", "light"):
            for entity, _hash in discovery.get_entities_for_platform(config, platform):
                if entity is not None:
                    await self.add(f"{config['t']}/{platform}", entity)

    async def on_sensors(self, sensors: list[Any], mac: str) -> None:
        for entity, _hash in sensors:
            kind = getattr(entity, "sensor", None) or entity.value_path[-1]
            await self.add(f"{self.found[mac]['t']}/{kind}", entity)

    async def add(self, name: str, config: Any) -> None:
        if name in self.entities:
            return
        entity = discovery.get_entity(config, self.client)
        told = self.told[name] = {"unit": getattr(entity, "unit", None)}

        def on_state(state: Any, **more: Any) -> None:
            told.update(state=state, **more)

        async def on_availability(is_there: bool) -> None:
            told["is_there"] = is_there

        entity.set_on_state_callback(on_state)
        entity.set_on_availability_callback(on_availability)
        self.entities[name] = entity
        await entity.subscribe_topics()

    async def states(self) -> dict[str, Any]:
        """Return what entities were told, by the topic of their device and what they are."""
        return self.told

    async def devices(self) -> list[Any]:
        """Return the devices as Home Assistant would register them."""
        return [discovery.get_device_config(config) for config in self.found.values()]

    async def turn(self, name: str, on: bool, attributes: Any = None) -> None:
        """Turn a switch or a light."""
        entity = self.entities[name]
        more = () if attributes is None else (attributes,)
        await entity.set_state(on, *more)

    async def complained(self) -> list[str]:
        """Return what its log has said."""
        return self.complaints.said


async def main() -> None:
    await answer(Inside(complaints()))


if __name__ == "__main__":
    asyncio.run(main())
