"""One process that many ask at once: pictures kept open for reading, and writing beside them.

Who reads sees one whole state of the picture. Who writes works on a copy of the file, which takes the file's place in one step when the
work is done: a process that dies in the middle leaves the picture as it was.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from isthmus.claims.reader import ReadStore
from isthmus.errors import InputError
from isthmus.picture import Picture
from isthmus.picture import Request as PictureRequest

__all__ = ["Desk", "PictureRequest"]

IDLE = 12
"""So many pictures are kept open that nobody uses just now."""
_NUMBERS = count(1)
P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """A picture's file, open for many readers. Use as a context manager, or call `close`.

    Parameters
    ----------
    path : Path
        The picture's file; it must exist.
    idle : int
        How many pictures are kept open that nobody uses.

    Raises
    ------
    StoreError
        The file cannot be used.
    """

    def __init__(self, path: Path, *, idle: int = IDLE) -> None:
        self.path = path.absolute()
        self.generation = 0
        """Rises with every change of the file."""
        self.memo: dict[object, object] = {}
        """What rooms above keep as long as the desk stands, by a name of theirs; it may be of an earlier state of the file."""
        self._idle = idle
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._kept: OrderedDict[int, tuple[PictureRequest, Picture]] = OrderedDict()
        self._alias = _alias(self.path)
        self._owner = self._open()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every picture that nobody uses, and let the file go."""
        with self._lock:
            self._drop_kept()
            self._owner.close()
            self._alias.unlink(missing_ok=True)

    @contextmanager
    def picture(self, request: PictureRequest | None = None) -> Iterator[Picture]:
        """Lend a picture to one reader at a time; what was worked out for an earlier one is still at hand.

        Raises
        ------
        ArgumentError, ValueFormatError
            The request cannot be read.
        """
        wanted = request or PictureRequest()
        generation, picture = self._take(wanted)
        try:
            yield picture
        except InputError:
            self._give_back(generation, wanted, picture)
            raise
        except BaseException:
            # A query that was broken off may have left the connection in the middle of something.
            picture.store.close()
            raise
        self._give_back(generation, wanted, picture)

    def read(
        self,
        request: PictureRequest | None,
        question: Callable[Concatenate[Picture, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Ask a question of the picture that a request wants."""
        with self.picture(request) as picture:
            return question(picture, *args, **kwargs)

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """Give a copy of the picture's file to write in; it takes the file's place where the block ends well.

        One at a time; who comes second waits.

        Raises
        ------
        OSError
            There is no room for the copy.
        """
        with self._writing:
            draft = self.path.with_name(f".{self.path.name}.{os.getpid()}.draft")
            try:
                shutil.copyfile(self.path, draft)
                shutil.copymode(self.path, draft)
                yield draft
                self._replace(draft)
            finally:
                for left in (draft, draft.with_name(draft.name + ".wal")):
                    left.unlink(missing_ok=True)
                shutil.rmtree(draft.with_name(draft.name + ".cache"), ignore_errors=True)

    def _replace(self, draft: Path) -> None:
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        with self._lock:
            draft.replace(self.path)
            self.generation += 1
            self._drop_kept()
            before, old = self._owner, self._alias
            self._alias = _alias(self.path)
            self._owner = self._open()
            before.close()
            old.unlink(missing_ok=True)

    def _open(self) -> ReadStore:
        return ReadStore(self.path, through=self._alias)

    def _take(self, wanted: PictureRequest) -> tuple[int, Picture]:
        with self._lock:
            for key, (request, picture) in reversed(self._kept.items()):
                if request == wanted:
                    del self._kept[key]
                    return self.generation, picture
            generation, store = self.generation, self._open()
        try:
            return generation, Picture(store, wanted)
        except BaseException:
            store.close()
            raise

    def _give_back(self, generation: int, request: PictureRequest, picture: Picture) -> None:
        with self._lock:
            if generation != self.generation:
                picture.store.close()
                return
            self._kept[next(_NUMBERS)] = (request, picture)
            while len(self._kept) > self._idle:
                self._kept.popitem(last=False)[1][1].store.close()

    def _drop_kept(self) -> None:
        for _, picture in self._kept.values():
            picture.store.close()
        self._kept.clear()


def _alias(path: Path) -> Path:
    """Give the file a second name that no other had before."""
    alias = path.with_name(f".{path.name}.{os.getpid()}-{next(_NUMBERS)}.open")
    alias.unlink(missing_ok=True)
    try:
        os.link(path, alias)
    except OSError:
        # Where the file system knows no second names, a symbolic one is as good until the file is replaced.
        alias.symlink_to(path.name)
    return alias
