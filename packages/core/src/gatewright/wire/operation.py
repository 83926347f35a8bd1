"""One HTTP operation, declared once as a typed value.

A request is an instance; everything else (routing, decoding, the server method, the client method, the OpenAPI
document) is read off the class. Nothing here decodes or serves.

::

    @post("/sign-in/email", raises=(InvalidEmailOrPassword,), signals=SESSION)
    class SignInEmail(Operation[SignedIn]):
        email: str
        password: str
        remember_me: bool = True
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Generic, Literal, Self, TypeAlias, TypeVar, dataclass_transform, get_args, get_origin

import msgspec

from gatewright.wire.faults import ApiError
from gatewright.wire.masking import masked
from gatewright.wire.names import camel

if sys.version_info >= (3, 12):
    from types import get_original_bases
else:
    from typing_extensions import get_original_bases

__all__ = (
    "FORM",
    "JSON",
    "SESSION",
    "UNSET",
    "Extra",
    "Limit",
    "Maybe",
    "Method",
    "Operation",
    "OperationMeta",
    "OriginRule",
    "Route",
    "Signal",
    "get",
    "post",
    "route",
    "server_only",
)

R_co = TypeVar("R_co", covariant=True)
T = TypeVar("T")
Op = TypeVar("Op", bound="Operation[Any]")

UNSET = msgspec.UNSET
Maybe: TypeAlias = T | msgspec.UnsetType | None
"""A value that may be absent (:data:`UNSET`), null, or there; the wire keeps the three apart."""

Extra: TypeAlias = Mapping[str, object]
"""The members of a body that the operation does not name: the application's additional fields, by wire name."""

Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
OriginRule: TypeAlias = Literal["default", "form", "own"]
"""``form``: also guarded against forms of other sites when no cookie is sent (contract: formCsrfMiddleware). ``own``:
the handler checks the places that a query names, because it refuses them in its own way."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that clients announce when an operation has succeeded."""

    name: str


SESSION = Signal("$sessionSignal")
"""The session may have changed (contract: client.json, atomListeners)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate rule: at most ``max`` requests in ``window`` seconds.

    Attributes:
        window: Seconds.
        max: How many requests.
        length: The window as a length of time.
    """

    window: int
    max: int
    length: timedelta = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", timedelta(seconds=self.window))


@dataclass(frozen=True, slots=True)
class Route:
    """Everything an operation says about itself; nothing about a route is said anywhere else.

    Attributes:
        name: Operation id, as the TypeScript method is called (``signInEmail``).
        methods: HTTP methods; the first one is what clients send.
        path: Template below the base path (``/callback/{id}``), or ``None`` when only the server may call.
        raises: The documented faults.
        signals: What clients announce after a success.
        limit: The rate rule of its own.
        origin: Which of the contract's origin rules applies.
        no_store: Answers carry ``Cache-Control: no-store``.
        media: Request media types; empty means that no body is read.
        query: Fields that are read from the query when the body has none.
        needs_headers: A server call must say for whom it acts.
        served: Routed over HTTP.
        client: Offered by clients.
        open: Members that the operation does not name are kept (``extra``) rather than ignored.
        strict: Members that the operation does not name are refused.
        one_of: Fields of which exactly one is given; implies ``strict``.
    """

    name: str
    methods: tuple[Method, ...]
    path: str | None
    raises: tuple[type[ApiError], ...] = ()
    signals: Signal | None = None
    limit: Limit | None = None
    origin: OriginRule = "default"
    no_store: bool = False
    media: tuple[str, ...] = (JSON,)
    query: tuple[str, ...] = ()
    needs_headers: bool = False
    served: bool = True
    client: bool = True
    open: bool = False
    strict: bool = False
    one_of: tuple[str, ...] = ()


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class OperationMeta(msgspec.StructMeta):
    """Keyword-only, frozen, wire-named: the habits of every operation, said once."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any) -> OperationMeta:
        """Apply the habits; ``rename`` and the rest can still be overridden."""
        habits: dict[str, Any] = {"kw_only": True, "frozen": True, "omit_defaults": True, "rename": camel}
        return super().__new__(mcls, name, bases, namespace, **(habits | config))


class Operation(msgspec.Struct, Generic[R_co], metaclass=OperationMeta):
    """A request as a value; ``R_co`` is what a success gives back."""

    route: ClassVar[Route]
    returns: ClassVar[Any]

    def __repr__(self) -> str:
        return masked(self)

    @classmethod
    def promise(cls) -> tuple[Self, R_co]:
        """Type-level only: ties a handler to its input and its result."""
        raise TypeError("an operation has no result of its own")


def route(
    methods: tuple[Method, ...],
    path: str | None,
    *,
    name: str | None = None,
    raises: tuple[type[ApiError], ...] = (),
    signals: Signal | None = None,
    limit: Limit | None = None,
    origin: OriginRule = "default",
    no_store: bool = False,
    media: tuple[str, ...] = (JSON,),
    query: tuple[str, ...] = (),
    needs_headers: bool = False,
    served: bool = True,
    client: bool = True,
    strict: bool = False,
    one_of: tuple[str, ...] = (),
) -> Callable[[type[Op]], type[Op]]:
    """Declare where and how an operation is served; see :class:`Route` for the meaning of each fact."""

    def decorate(cls: type[Op]) -> type[Op]:
        cls.route = Route(
            name=name or cls.__name__[:1].lower() + cls.__name__[1:],
            methods=methods,
            path=path,
            raises=raises,
            signals=signals,
            limit=limit,
            origin=origin,
            no_store=no_store,
            media=media,
            query=query,
            needs_headers=needs_headers,
            served=served and path is not None,
            client=client and served and path is not None,
            open="extra" in cls.__struct_fields__,
            strict=strict or bool(one_of),
            one_of=one_of,
        )
        (base,) = (base for base in get_original_bases(cls) if get_origin(base) is Operation)
        (cls.returns,) = get_args(base)
        return cls

    return decorate


def get(
    path: str,
    *,
    name: str | None = None,
    raises: tuple[type[ApiError], ...] = (),
    signals: Signal | None = None,
    limit: Limit | None = None,
    origin: OriginRule = "default",
    no_store: bool = False,
    needs_headers: bool = False,
    client: bool = True,
    strict: bool = False,
    one_of: tuple[str, ...] = (),
) -> Callable[[type[Op]], type[Op]]:
    """An operation that reads: its fields are the query."""
    return route(
        ("GET",),
        path,
        name=name,
        raises=raises,
        signals=signals,
        limit=limit,
        origin=origin,
        no_store=no_store,
        media=(),
        needs_headers=needs_headers,
        client=client,
        strict=strict,
        one_of=one_of,
    )


def post(
    path: str,
    *,
    name: str | None = None,
    raises: tuple[type[ApiError], ...] = (),
    signals: Signal | None = None,
    limit: Limit | None = None,
    origin: OriginRule = "default",
    no_store: bool = False,
    media: tuple[str, ...] = (JSON,),
    query: tuple[str, ...] = (),
    needs_headers: bool = False,
    client: bool = True,
    strict: bool = False,
    one_of: tuple[str, ...] = (),
) -> Callable[[type[Op]], type[Op]]:
    """An operation that acts: its fields are the JSON body."""
    return route(
        ("POST",),
        path,
        name=name,
        raises=raises,
        signals=signals,
        limit=limit,
        origin=origin,
        no_store=no_store,
        media=media,
        query=query,
        needs_headers=needs_headers,
        client=client,
        strict=strict,
        one_of=one_of,
    )


def server_only(
    *, name: str | None = None, raises: tuple[type[ApiError], ...] = (), needs_headers: bool = False
) -> Callable[[type[Op]], type[Op]]:
    """An operation that only the application itself may call; no router knows it."""
    return route(("POST",), None, name=name, raises=raises, needs_headers=needs_headers, served=False)
