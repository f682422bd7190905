"""A small picture of who makes what, and who needs it, for the strips and their bench."""

from __future__ import annotations

from tests.small_picture import Row, row

HOSTILE = '<script>alert(1)</script>"><img src=x onerror="alert(1)">'


def made(maker: str, thing: str, share: float | None = None, **more: str) -> Row:
    told = {"low": str(share), "high": str(share), "unit": "share"} if share is not None else {}
    return row(maker, "produces", thing, **told, **more)


COUNTRIES = {"asml": "nl", "nikon": "jp", "shy": "us"}
ROWS_OF = [
    *(row(one, "kind", "state") for one in ("nl", "jp", "us")),
    *(row(maker, "located_in", country) for maker, country in COUNTRIES.items()),
    # 0.7² + 0.2² = 5,300. The tenth that nobody is named for is another maker's (at most 0.1²: 5,400), in a country that may be one of
    # these (at most 0.8² + 0.2²: 6,800).
    made("asml", "tools", 0.7, hedge="it is said"),
    made("nikon", "tools", 0.2),
    made("asml", "euv", 1.0),
    # Without shares there is no index.
    made("asml", "optics"),
    made("nikon", "optics"),
    made("nikon", "bolts", 0.5),
    made("shy", "bolts", qualifiers="reason=withheld"),
    row("chips", "uses", "tools"),
    row("best-chips", "uses", "euv"),
    row("phone", "uses", "chips"),
    row("phone", "uses", "glass-a", qualifiers="need=glass"),
    row("phone", "uses", "glass-b", qualifiers="need=glass"),
    row("evil", "kind", "product"),
    row("evil", "name", HOSTILE),
    made("asml", "evil", 0.9, hedge=HOSTILE, locator=HOSTILE),
    row("phone", "uses", "evil"),
    row("a/b?c#d🚢", "name", "Slashed"),
    made("nikon", "a/b?c#d🚢", 0.4),
    made("xyzzyplugh", "secret-thing", 0.9, marking="TLP:AMBER"),
    row("phone", "uses", "xyzzyplugh-part", marking="TLP:AMBER"),
]
