"""The one way in which kernels are compiled: on first use, without the interpreter lock, and kept for the next process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Marks = NDArray[np.int8]
Words = NDArray[np.uint64]
Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(kernel: Kernel) -> Kernel:
    """Return the kernel as machine code that is made at its first call.

    The code is kept beside the module or, where that folder may not be written, in the user's cache; where neither can be, it is made
    again in each process, which is slower and gives the same answers.
    """
    try:
        return cast("Kernel", njit(cache=True, nogil=True)(kernel))
    except RuntimeError:
        return cast("Kernel", njit(nogil=True)(kernel))
