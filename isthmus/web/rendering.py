"""Pages from templates, kept while the picture is the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response

from isthmus import __version__
from isthmus.errors import IsthmusError
from isthmus.service.desk import Desk
from isthmus.serving.asking import Asked, asked
from isthmus.serving.faults import fault_body, status_of, unforeseen
from isthmus.serving.forms import PLACE
from isthmus.serving.reply import is_withheld, tag_of
from isthmus.web.assets import asset
from isthmus.web.kept import MOVED, OK, Made, PageCache, answer, key_of, made
from isthmus.web.notes import Notes, tagged_name
from isthmus.web.words import FILTERS, told

TRIES = 3
_LEFT = ("as_of", "known_at", "part", "page")
"""What another day does not take over from the address; the day has fields of its own."""
PAGES = (
    ("/map", "Map"),
    ("/network", "Network"),
    ("/strips", "Strips"),
    ("/sources", "Sources"),
    ("/changes", "Changes"),
    ("/work", "Conflicts and gaps"),
    ("/identity", "Identity"),
)
"""The pages in the order of the head of each page."""
Data = Mapping[str, Any]


class Moved(Exception):  # noqa: N818 - a way on, and no error
    """What an address names has another address: the reader is sent there.

    Parameters
    ----------
    address : str
        Where it is, within this server.
    """

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Templates(Environment):
    """Templates in which a part that an answer leaves out is none, while a name that nobody gave is an error."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute or the value of a key."""
        if isinstance(obj, Mapping) and attribute not in obj and not hasattr(obj, attribute):
            return None
        return super().getattr(obj, attribute)


@cache
def environment() -> Environment:
    """Return the templates; every text that they are given is escaped, and a name that is missing is an error."""
    found = Templates(
        loader=PackageLoader("isthmus.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=told,
    )
    found.globals |= {
        "asset": asset,
        "pages": PAGES,
        "version": __version__,
        "tagged_name": tagged_name,
        "form_token": PLACE,
    }
    found.filters |= FILTERS
    return found


def link(who: Asked, path: str, *names: str, **more: Any) -> str:
    """Return an address within this picture: as-of, known-at and what is left out go along.

    Parameters
    ----------
    path : str
        A path as the pages have it.
    names : str
        Ids to be put behind it; a slash in one is no step of the path.
    more : text, number or list
        Further parts of the query; None is left out.
    """
    query = {**who.frame, **{key: value for key, value in more.items() if value not in (None, "")}}
    whole = "/".join((path, *(quote(name, safe="@:+,~") for name in names)))
    return whole + ("?" + urlencode(query, doseq=True) if query else "")


def render(http: HttpRequest, who: Asked, template: str, data: Data, picture: str) -> str:
    """Return a page.

    Parameters
    ----------
    data : mapping
        What the template takes; `claims` and `sources` in it, where there are any, are what marks may be put on.
    picture : str
        The hash of the picture.
    """
    notes = Notes(data.get("claims", {}), data.get("sources", {}))
    page = environment().get_template(template)
    return page.render(
        **{key: value for key, value in data.items() if key not in ("claims", "sources")},
        notes=notes,
        mark=notes.mark,
        link=lambda path, *names, **more: link(who, path, *names, **more),
        reader=who.reader,
        asked=who.request,
        here=http.url.path,
        stays=[(key, value) for key, value in http.query_params.multi_items() if key not in _LEFT],
        picture=picture,
        withheld=who.reader.told and is_withheld(who),
    )


async def page(
    http: HttpRequest, template: str, gather: Callable[[Asked], Data], *, keep: bool = True, quick: bool = False
) -> Response:
    """Answer with a page: the kept one, or one made of what `gather` returns.

    Parameters
    ----------
    gather : callable
        Returns what the template takes; it runs beside the loop of the server. Of a page that is kept it asks nothing but the picture.
    keep : bool
        Whether the page is the same for all who ask with the same address and marking, as long as the picture is.
    quick : bool
        Whether it need not wait until others are made.
    """
    try:
        who = asked(http)
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    if not keep:
        return answer(http, await run_in_threadpool(_made, http, who, template, gather, _pages(http)), keep=False)
    pages, key = _pages(http), key_of(http, who)
    held = pages.get(key, who.desk.generation)
    if held is None:
        async with pages.alone(key):
            held = pages.fresh(key, who.desk.generation) or await _in_turn(http, who, template, gather, quick)
    return answer(http, held)


def _pages(http: HttpRequest) -> PageCache:
    found: PageCache = http.app.state.pages
    return found


async def _in_turn(http: HttpRequest, who: Asked, template: str, gather: Callable[[Asked], Data], quick: bool) -> Made:
    """Make a page when it is its turn, and keep it."""
    pages, key = _pages(http), key_of(http, who)
    if quick:
        return await _kept(http, who, template, gather)
    async with pages.lanes:
        # A write may have brought it meanwhile.
        return pages.fresh(key, who.desk.generation) or await _kept(http, who, template, gather)


async def _kept(http: HttpRequest, who: Asked, template: str, gather: Callable[[Asked], Data]) -> Made:
    pages, generation, plain = _pages(http), who.desk.generation, _plain(http)

    def again(desk: Desk, hashes: PageCache) -> Made:
        return _made(plain, replace(who, desk=desk), template, gather, hashes)

    found = await run_in_threadpool(_made, http, who, template, gather, pages)
    if found.status in (OK, MOVED):
        pages.keep(key_of(http, who), generation, found, again)
    return found


def _plain(http: HttpRequest) -> HttpRequest:
    """Return what a request asks, without the connection that it came by."""
    names = (
        "type",
        "http_version",
        "method",
        "scheme",
        "server",
        "root_path",
        "path",
        "raw_path",
        "query_string",
        "app",
    )
    scope = {name: http.scope[name] for name in names if name in http.scope}
    return HttpRequest({**scope, "headers": [pair for pair in http.scope["headers"] if pair[0] == b"host"]})


def _made(http: HttpRequest, who: Asked, template: str, gather: Callable[[Asked], Data], pages: PageCache) -> Made:
    try:
        for _ in range(TRIES):
            generation = who.desk.generation
            data, picture = gather(who), pages.hash_of(who, generation)
            if who.desk.generation == generation:
                break
            # Somebody wrote meanwhile: a page and the hash below it are of one state.
        text = render(http, who, template, data, picture)
    except Moved as moved:
        return Made(moved.address.encode(), "", MOVED)
    except IsthmusError as error:
        fault = fault_page(http, error)
        return Made(bytes(fault.body), "", fault.status_code)
    except Exception as error:
        fault = fault_page(http, error)
        return Made(bytes(fault.body), "", fault.status_code)
    return made(text, tag_of(who, picture, str(http.url)))


def fault_page(http: HttpRequest, error: BaseException) -> Response:
    """Answer with a page that says what went wrong and what to do; never with a traceback."""
    if isinstance(error, IsthmusError):
        status, body = status_of(error), fault_body(error)
    else:
        status, body = 500, unforeseen(error)[1]
    told = (
        environment()
        .get_template("fault.html")
        .render(status=status, fault=body["error"], candidates=body.get("candidates", []), here=http.url.path)
    )
    return HTMLResponse(told, status)
