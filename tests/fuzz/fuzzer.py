"""Peers by the dozen, for a while."""

import random

import trio

from tests.fuzz.attacks import ATTACKS
from tests.fuzz.peer import Answers, peer

_PEERS = 24
_PAUSE_S = 0.03


def fuzz(port: int, seconds: float, seed: int) -> Answers:
    """Attack a server for so long; the same seed does the same, but for what the time does."""
    answers = Answers()
    trio.run(_fuzz, port, seconds, seed, answers)
    return answers


async def _fuzz(port: int, seconds: float, seed: int, answers: Answers) -> None:
    with trio.move_on_after(seconds):
        async with trio.open_nursery() as nursery:
            for number in range(_PEERS):
                chance = random.Random(f"{seed}/{number}")
                nursery.start_soon(_attack, port, chance, answers)


async def _attack(port: int, chance: random.Random, answers: Answers) -> None:
    while True:
        async with peer(port, chance, answers) as one:
            with trio.move_on_after(5):
                await chance.choice(ATTACKS)(one)
                await one.part()
        await trio.sleep(chance.random() * _PAUSE_S)
