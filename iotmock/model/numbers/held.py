"""What devices share for as long as one of them holds it, and no longer."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple
from weakref import WeakValueDictionary

Key = TypeVarTuple("Key")
T = TypeVar("T")


def while_held(make: Callable[[*Key], T]) -> Callable[[*Key], T]:
    """Decorate what makes a constant from hashable arguments: equal ones get the same object.

    An `lru_cache` would keep those of thousands of devices that are gone, and forget some that a
    larger fleet still has.
    """
    made: WeakValueDictionary[tuple[*Key], T] = WeakValueDictionary()

    @wraps(make)
    def look_up(*key: *Key) -> T:
        value = made.get(key)
        if value is None:
            value = made[key] = make(*key)
        return value

    return look_up
