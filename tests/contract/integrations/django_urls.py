"""The small application's routes in Django, behind ASGI and behind WSGI."""

# Django has no types of its own.
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.http import JsonResponse
from django.urls import path
from tests.contract.integrations.applications import BELOW, RULES, asked_at, decide, name_of

from gatewright.wire.faults import ApiError
from gatewright_integrations.middleware import caller_of
from gatewright_integrations.wsgi import require_session, session_of


def _view(request: Any, **_: str) -> JsonResponse:
    if hasattr(request, "scope"):
        body, status = async_to_sync(decide)(caller_of(request.scope), request.path)
        return JsonResponse(body, status=status)
    try:
        if request.path == "/maybe":
            return JsonResponse(name_of(session_of(request.environ)))
        parameters, asked = asked_at(request.path)
        return JsonResponse(name_of(require_session(request.environ, parameters, **asked)))
    except ApiError as error:
        return JsonResponse(dict(error.body or {}), status=error.status)


urlpatterns = [
    path(each.removeprefix("/"), _view)
    for each in (*RULES, *(f"{each}/<str:organization>" for each in BELOW), "/maybe")
]
