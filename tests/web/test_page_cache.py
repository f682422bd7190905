"""Pages that many ask for at once are made once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from isthmus.web.kept import Made, PageCache


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run on a loop of a thread of its own: a browser of another test may hold that of this one."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, work).result()


def test_a_page_that_many_ask_for_at_once_is_made_once() -> None:
    cache, made = PageCache(), []

    async def ask() -> bytes:
        key = ("page",)
        async with cache.alone(key):
            _, held = cache.newest(key)
            if held is None:
                await asyncio.sleep(0.01)
                made.append(1)
                held = Made(b"body", "tag", 200)
                cache.keep(key, 1, held)
        return held[0]

    async def all_at_once() -> list[bytes]:
        return await asyncio.gather(*(ask() for _ in range(50)))

    assert run(all_at_once()) == [b"body"] * 50
    assert len(made) == 1 and not cache._making


def test_who_breaks_off_lets_the_next_one_make_it() -> None:
    cache = PageCache()

    async def broken() -> None:
        async with cache.alone(("page",)):
            raise RuntimeError("broken off")

    async def both() -> str:
        first = asyncio.create_task(broken())
        async with cache.alone(("page",)):
            await asyncio.gather(first, return_exceptions=True) if first.done() else None
        return "made"

    assert run(asyncio.wait_for(both(), 5)) == "made"
    assert not cache._making


def test_an_older_page_is_shown_only_while_the_new_one_is_made() -> None:
    cache, old, new = PageCache(), Made(b"old", "", 200), Made(b"new", "", 200)
    cache.keep(("page",), 1, old)
    assert cache.get(("page",), 1) == old and cache.get(("page",), 2) is None

    async def made() -> None:
        async with cache.alone(("page",)):
            assert cache.get(("page",), 2) == old
            cache.keep(("page",), 2, new)
        assert cache.get(("page",), 2) == new

    run(made())


def test_what_is_kept_has_a_bound() -> None:
    cache = PageCache(most=1_000)
    for number in range(50):
        cache.keep((number,), 1, Made(b"x" * 100, "", 200))
    assert sum(cache.get((number,), 1) is not None for number in range(50)) == 10
    assert cache.get((49,), 1) and not cache.get((0,), 1)
