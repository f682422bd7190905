from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from isthmus.kernels import compiled as module

Options = dict[str, Any]


def double(value: int) -> int:
    return 2 * value


def test_a_kernel_keeps_its_name_and_answer() -> None:
    kernel = module.compiled(double)
    assert kernel(4) == 8
    assert kernel.__name__ == "double"


def test_where_nothing_can_be_kept_a_kernel_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Options] = []

    def njit(**options: Any) -> Callable[[Any], Any]:
        asked.append(options)
        if options.get("cache"):
            raise RuntimeError("cannot cache function 'double': no locator available for file 'x'")
        return lambda kernel: kernel

    monkeypatch.setattr(module, "njit", njit)
    assert module.compiled(double)(4) == 8
    assert asked == [{"cache": True, "nogil": True}, {"nogil": True}]
