"""What a listener to the stream costs: `python -m benchmarks.listener [DEVICES [ROUNDS]]`.

A service in a process of its own whose fleet sends to mosquitto at QoS 0; windows without and with
a listener follow each other, each time in another order, and the service's processor time
is divided by its messages.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import fmean, median, stdev
from tempfile import TemporaryDirectory
from threading import Event, Thread

from tests.mosquitto import PASSWORD, USERNAME, running_mosquitto
from tests.service.process import Service, wait_until

WINDOW_S = 10.0
SETTLES_S = 1.5
INTERVAL_S = 5.0
QUERIES = {
    "nobody": None,
    "summary, status, command, fault": "",
    "readings of one device": "?kind=reading&device_id={device}",
    "readings of one type": "?kind=reading&device_type=server",
}


def cpu_s(service: Service) -> float:
    """Return the processor time of all its threads, ended ones too, to the nanosecond."""
    assert service.process is not None
    # As clock_getcpuclockid(3) makes a clock of a process.
    return time.clock_gettime((~service.process.pid << 3) | 2)


def listen(port: int, query: str, over: Event) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60.0)
    connection.request("GET", f"/api/v1/stream{query}")
    answer = connection.getresponse()
    while not over.is_set():
        answer.read1(65_536)
    connection.close()


@contextmanager
def listening(port: int, query: str | None) -> Iterator[None]:
    over = Event()
    thread = Thread(target=listen, args=(port, query, over))
    if query is not None:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if query is not None:
            thread.join()


def window(service: Service, query: str | None) -> float:
    """Return microseconds of processor time a message."""
    with listening(service.port, query):
        time.sleep(SETTLES_S)
        cpu, sent = cpu_s(service), service.status()["messages"]["acknowledged"]
        time.sleep(WINDOW_S)
        cpu, sent = cpu_s(service) - cpu, service.status()["messages"]["acknowledged"] - sent
    return 1e6 * cpu / float(sent)


def main(devices: int, rounds: int) -> None:
    found: dict[str, list[float]] = {name: [] for name in QUERIES}
    with TemporaryDirectory() as folder, running_mosquitto(Path(folder)) as broker:
        settings = {
            "MQTT_BROKER_HOST": "127.0.0.1",
            "MQTT_BROKER_PORT": str(broker.port),
            "MQTT_USERNAME": USERNAME,
            "MQTT_PASSWORD": PASSWORD,
            "MQTT_QOS": "0",
            "SIMULATION_INTERVAL": str(INTERVAL_S),
            "FLEET": f"hvac={devices // 2},server={devices - devices // 2}",
        }
        service = Service(Path(folder), settings).start()
        try:
            wait_until(lambda: service.total() == devices, 300, "the fleet is there")
            device = service.request("GET", "/api/v1/devices?limit=1")[1]["devices"][0]["device_id"]
            time.sleep(2 * INTERVAL_S)
            for number in range(rounds):
                turn = list(QUERIES.items())
                for name, query in turn if number % 2 else reversed(turn):
                    found[name].append(window(service, query and query.format(device=device)))
        finally:
            service.end()
    report(found)


def report(found: dict[str, list[float]]) -> None:
    nobody = found["nobody"]
    for name, each in found.items():
        ratios = [one / beside for one, beside in zip(each, nobody, strict=True)]
        error = stdev(ratios) / len(ratios) ** 0.5 if len(ratios) > 1 else 0.0
        share = f"median {median(ratios):.3f}, mean {fmean(ratios):.3f} ± {error:.3f}"
        print(f"{name:32} {median(each):6.2f} µs a message, of that with nobody {share}")


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    main(*[*numbers, *(100_000, 5)[len(numbers) :]])
