"""Whatever the OpenAPI document allows, and much that it does not: no request makes the server fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from isthmus.server.app import build_app
from isthmus.service.desk import Desk
from tests.served import copied, demo_picture

CASES = int(os.environ.get("ISTHMUS_CASES", "4"))
"""How many requests of each route are tried; ISTHMUS_CASES=200 tries many."""


@pytest.fixture(scope="module")
def operations(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[schemathesis.APIOperation[Any, Any, Any, Any]]]:
    """Return the routes of an application over a copy of the demo's picture: some of them write."""
    picture = copied(demo_picture(tmp_path_factory), tmp_path_factory.mktemp("schema"))
    with Desk(picture) as desk:
        document = schemathesis.openapi.from_asgi("/api/v1/openapi.json", build_app(desk))
        yield [found.ok() for found in document.get_all_operations() if isinstance(found, Ok)]


@pytest.mark.timeout(0 if CASES > 4 else 180)
def test_no_request_makes_the_server_fail(operations: list[schemathesis.APIOperation[Any, Any, Any, Any]]) -> None:
    assert len(operations) > 20
    for operation in operations:

        @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def tried(case: schemathesis.Case[Any]) -> None:
            # The door to other hosts is tried apart: here everything comes by the server's own name.
            response = case.call(headers={"Host": "127.0.0.1"})
            case.validate_response(response, checks=[not_a_server_error])

        tried()
