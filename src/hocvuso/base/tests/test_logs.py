import logging
from typing import Any

from django.conf import settings
from django.test import RequestFactory
from django.utils.log import log_response

from hocvuso.base.logs import HideCodes
from hocvuso.base.views import forbidden


def test_no_log_holds_the_code_of_a_card(caplog: Any) -> None:
    caplog.handler.addFilter(HideCodes())
    request = RequestFactory().get("/the/K7M4Q2XDPR")

    log_response("%s: %s", "Too Many Requests", request.path, response=forbidden(request, Exception()))

    assert [record.getMessage() for record in caplog.records] == ["Too Many Requests: /the/…"]


def test_every_handler_hides_codes() -> None:
    handlers: dict[str, Any] = settings.LOGGING["handlers"]

    assert {name for name, handler in handlers.items() if handler.get("filters") != ["codes"]} == set()
    assert HideCodes().filter(logging.makeLogRecord({"msg": "ok", "args": ({"a": 1},)})) is True
