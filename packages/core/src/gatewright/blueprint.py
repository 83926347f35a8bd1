"""What an instance works out once: tables, router, programs, cookies and limits, from settings and plugins.

Not the database, and nothing that a request changes: a blueprint is bound to a database in microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, Generic, overload

import typing_extensions as te

from gatewright.api import CoreApi
from gatewright.crypto.passwords import Argon2id, Passwords, Scrypt
from gatewright.endpoints import CORE, CORE_ALIASES, FORMER_PATHS
from gatewright.http.base_url import BaseURL, DynamicBaseURL
from gatewright.http.origin import TrustedOrigins
from gatewright.http.proxies import PROXIES, Network
from gatewright.model.account import Account
from gatewright.model.assurance import AssuredSession
from gatewright.model.rate_limit import RateLimit
from gatewright.model.schema import Schema, TableOptions
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.pipeline.handles import Endpoint
from gatewright.pipeline.limits import LimitPlan
from gatewright.pipeline.origin_check import (
    OriginPolicy,
)
from gatewright.pipeline.program import ERROR_HEADERS, Program
from gatewright.pipeline.raw_hooks import RawHooks
from gatewright.pipeline.router import Router
from gatewright.pipeline.row_hooks import row_hooks as application_row_hooks
from gatewright.plugins.base import Parts, Plugin
from gatewright.ports.adapter import Adapter
from gatewright.services.cookies import Cookies
from gatewright.services.database import TableHooks
from gatewright.services.plan import Plan
from gatewright.services.rate_limiter import MemoryCounter
from gatewright.settings.derived import rate_limited, secret_set, session_copy
from gatewright.settings.settings import Settings
from gatewright.wire.calls import Api, methods_of
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import Operation

if TYPE_CHECKING:
    from gatewright.auth import Auth
    from gatewright.binding import Ports

__all__ = ("Blueprint",)

A = te.TypeVar("A", bound=CoreApi, default=CoreApi)


class Blueprint(Generic[A]):
    """Everything of an instance that does not depend on its database; immutable, made once.

    Args:
        settings: Validated options.
        plugins: In the order in which they see requests.
        api: The class of the server's methods, where plugins add some.
        stateless: It will be bound to no store at all but the memory of a process.

    Raises:
        ConfigError: Settings, plugins and methods do not fit together.
    """

    @overload
    def __init__(
        self: Blueprint[CoreApi], settings: Settings, *, plugins: Sequence[Plugin[Any]] = (), stateless: bool = False
    ) -> None: ...
    @overload
    def __init__(
        self, settings: Settings, *, plugins: Sequence[Plugin[Any]] = (), api: type[A], stateless: bool = False
    ) -> None: ...
    def __init__(
        self,
        settings: Settings,
        *,
        plugins: Sequence[Plugin[Any]] = (),
        api: Any = CoreApi,
        stateless: bool = False,
    ) -> None:
        for plugin in plugins:
            plugin.adopt(plugins)
        parts = [plugin.parts() for plugin in plugins]
        self.settings = settings
        self.plugins = tuple(plugins)
        self.api_type: type[A] = api
        schema = Schema.build(
            [
                *(User, Session, Account, Verification),
                *((RateLimit,) if settings.rate_limit.storage == "database" else ()),
                *(row for part in parts for row in part.tables),
            ],
            _table_options(settings, parts),
            naming=settings.advanced.database.naming,
            serial=settings.advanced.database.generate_id == "serial",
        )
        settings.check_secret()
        secrets = secret_set(settings)
        cookies = Cookies(settings, session_copy(settings.session, stateless=stateless))
        base, dynamic_base = _bases(settings)
        own = settings.trusted_origins
        always = [
            *([base.origin] if base is not None else dynamic_base.trusted_origins()),
            *(() if callable(own) else own),
        ]
        self.plan = Plan(
            settings,
            schema,
            cookies,
            secrets=secrets,
            base=base,
            dynamic_base=dynamic_base,
            origins=TrustedOrigins(always),
            plugins={type(plugin): plugin for plugin in reversed(plugins)},
            stateless=stateless,
            mails_verification=next((part.mails_verification for part in parts if part.mails_verification), None),
            plugin_cookies={name: spec for part in parts for name, spec in part.cookies.items()},
            signs_copies=next((part.signs_copies for part in parts if part.signs_copies), None),
            makers={name: maker for part in parts for name, maker in part.providers.items()},
            gates=[gate for part in parts for gate in part.gates],
            assures=any(row is AssuredSession for part in parts for row in part.tables),
            enrolling=[operation for part in parts for operation in part.enrolling],
            believed=[provider for part in parts for provider in part.believed],
        )
        endpoints = [*CORE, *(endpoint for part in parts for endpoint in part.endpoints)]
        hooks = [hook for part in parts for hook in part.hooks]
        replaced = {old: new for part in parts for new, old in part.replaces.items()}
        self.hardened = settings.advanced.security_headers
        self.fixed_headers = ERROR_HEADERS if self.hardened else ERROR_HEADERS[:1]
        self.programs = _compile(endpoints, hooks, replaced, hardened=self.hardened)
        self.by_name: dict[str, Program] = {program.name: program for program in self.programs.values()}
        aliases = [*CORE_ALIASES, *(alias for part in parts for alias in part.aliases)]
        self.disabled = frozenset(settings.disabled_paths)
        self.router = _route(self.programs, replaced, aliases)
        # Whole raw paths, so that whoever looks at a request sees the present spelling only.
        ends = ("", "/") if settings.advanced.skip_trailing_slashes else ("",)
        below = base.base_path if base is not None else dynamic_base.base_path
        self.respelled: Mapping[str, str] = {
            f"{below}{former}{end}": f"{below}{operation.route.path}"
            for former, operation in FORMER_PATHS.items()
            if former not in self.disabled
            for end in ends
        }
        self.row_hooks = TableHooks(
            [*application_row_hooks(settings.database_hooks), *(hook for part in parts for hook in part.row_hooks)]
        )
        self.raw_hooks = RawHooks.of(settings.hooks)
        self.on_request = tuple(hook for part in parts for hook in part.on_request)
        self.on_response = tuple(hook for part in parts for hook in part.on_response)
        self.farewells = tuple(each for part in parts for each in part.farewells)
        self.refusals = tuple(hook for part in parts for hook in part.refusals)
        self.origin_policy = OriginPolicy(settings.advanced.disable_csrf_check, settings.advanced.disable_origin_check)
        self.limits: LimitPlan | None = None
        if rate_limited(settings):
            self.limits = LimitPlan(settings.rate_limit, [rule for part in parts for rule in part.limits])
        # The counters of a process are shared by all that is bound in it.
        self.counter, self.target_counter = MemoryCounter(), MemoryCounter()
        self.schemes = Passwords(Scrypt() if settings.email_and_password.password_hash == "scrypt" else Argon2id())  # noqa: S105 (a scheme)
        _check_api(api, self.programs)
        for plugin in plugins:
            plugin.complete([each.endpoint for operation, each in self.programs.items() if operation not in replaced])

    def bind(self, adapter: Adapter, **ports: te.Unpack[Ports]) -> Auth[A]:
        """An instance on a database. Cheap enough to be done for every request.

        Opening it does not look at the database's tables, as that of ``Auth`` does; ``auth.check_tables()`` does.
        """
        from gatewright.auth import Auth  # noqa: PLC0415 (an instance is made of its blueprint, not the other way round)

        return Auth[A].bound(self, adapter, **ports)


def _table_options(settings: Settings, parts: Sequence[Parts]) -> dict[str, TableOptions]:
    """What plugins say about their tables, under what the settings say."""
    found = {model: options for part in parts for model, options in part.table_options.items()}
    for model, options in settings.table_options().items():
        known = found.get(model)
        found[model] = options if known is None else known.merged(options)
    return found


def _bases(settings: Settings) -> tuple[BaseURL | None, DynamicBaseURL]:
    said = settings.base_url
    proxied = settings.advanced.trusted_proxy_headers
    proxies = _proxies(settings)
    try:
        if isinstance(said, str):
            base = BaseURL.parse(said, settings.base_path)
            return base, DynamicBaseURL.of(None, base_path=base.base_path)
        if said is None:
            return None, DynamicBaseURL.of(
                None, base_path=settings.base_path, trusted_proxy_headers=bool(proxied), proxies=proxies
            )
        return None, DynamicBaseURL.of(
            said.allowed_hosts,
            protocol=said.protocol,
            fallback=said.fallback,
            base_path=settings.base_path,
            # A known proxy passes the host on as it is; without one the contract's default holds.
            trusted_proxy_headers=proxies is None if proxied is None else proxied,
            proxies=proxies,
        )
    except ValueError as error:
        raise ConfigError(str(error)) from None


def _proxies(settings: Settings) -> tuple[Network, ...] | None:
    """Where connections of the proxy in front come from, where it is a known one."""
    name = settings.advanced.proxy
    if name is None:
        return None
    return (
        *PROXIES[name].networks,
        *(ip_network(each, strict=False) for each in settings.advanced.ip_address.trusted_proxies),
    )


def _compile(
    endpoints: Sequence[Endpoint],
    hooks: Sequence[Any],
    replaced: Mapping[type[Operation[Any]], type[Operation[Any]]],
    *,
    hardened: bool,
) -> dict[type[Operation[Any]], Program]:
    programs: dict[type[Operation[Any]], Program] = {}
    for endpoint in endpoints:
        if endpoint.operation in programs:
            raise ConfigError(f"two handlers answer {endpoint.operation.__name__}")
        old = [each for each, new in replaced.items() if new is endpoint.operation]
        programs[endpoint.operation] = Program(endpoint, hooks, hardened=hardened, replaces=old)
    for old, new in replaced.items():
        if new not in programs:
            raise ConfigError(f"{new.__name__} replaces {old.__name__}, but nothing handles it")
        programs[old] = programs[new]
    return programs


def _route(
    programs: Mapping[type[Operation[Any]], Program],
    replaced: Mapping[type[Operation[Any]], type[Operation[Any]]],
    aliases: Sequence[tuple[str, str, type[Operation[Any]]]],
) -> Router[Program]:
    router: Router[Program] = Router()
    for operation, program in programs.items():
        route = operation.route
        if operation in replaced or not route.served or route.path is None:
            continue
        for method in route.methods:
            router.add(method, route.path, program)
    for method, path, operation in aliases:
        if operation not in programs:
            raise ConfigError(f"{method} {path} leads to {operation.__name__}, but nothing handles it")
        router.add(method, path, programs[operation])
    return router


def _check_api(api: type[Api], programs: Mapping[type[Operation[Any]], Program]) -> None:
    seen: dict[str, tuple[type[Operation[Any]], type[Api]]] = {}
    for name, operation, declared_in in methods_of(api):
        if operation not in programs:
            raise ConfigError(f"{api.__name__}.{name} needs a plugin that handles {operation.__name__}")
        known = seen.setdefault(name, (operation, declared_in))
        if known[0] is not operation and not issubclass(known[1], declared_in):
            raise ConfigError(
                f"{api.__name__}.{name} is {known[0].__name__} in {known[1].__name__} "
                f"and {operation.__name__} in {declared_in.__name__}"
            )
