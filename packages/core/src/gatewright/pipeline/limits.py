"""Rate limits: which rule a request falls under, whom it is counted for, and the answer to one too many.

Rules are chosen at construction, one for each operation; only rules of an application that depend on the request, or on
a path with parameters, are worked out later. Source: contract, endpoints.json ``rate_limit_rules``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gatewright.http.client_ip import ClientIpOptions, client_ip
from gatewright.http.glob import compile_glob, glob_matches
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.ports.cache import CacheUnavailable
from gatewright.ports.clock import Clock
from gatewright.ports.log import Log
from gatewright.services.rate_limiter import Counter, MemoryCounter
from gatewright.settings.callbacks import CustomRule
from gatewright.settings.rate_limit import LimitOptions, RateLimitOptions
from gatewright.wire.operation import Limit, Operation

if TYPE_CHECKING:
    from gatewright.plugins.base import LimitRule

__all__ = ("UNKNOWN_ADDRESS", "LimitPlan", "Limits", "Rule", "too_many")

UNKNOWN_ADDRESS = "no-trusted-ip"
"""Whom requests are counted for whose address nobody can tell: all of them together (contract)."""

_GUARDED = ("/sign-in", "/sign-up", "/change-password", "/change-email")
_GUARDED_LIMIT = Limit(window=10, max=3)
_NO_HEADERS = Headers()
_BODY = b'{"message":"Too many requests. Please try again later."}'


@dataclass(frozen=True, slots=True)
class Rule:
    """What one operation falls under.

    Attributes:
        limit: How often; ``None`` for as often as one likes.
        choose: The application's function that decides for each request, given ``limit``.
        guarded: The limit protects against guessing: without its counters there is no answer.
    """

    limit: Limit | None
    choose: CustomRule | None = None
    guarded: bool = False


class LimitPlan:
    """The rules of one instance, made once.

    Args:
        options: Of the instance.
        plugins: Rules of plugins, in order.

    Attributes:
        known: Rules that were asked for, of operations at their own paths.
        longest_seconds: The longest window of any rule.
    """

    __slots__ = ("_custom", "_default", "_plugins", "known", "longest_seconds")

    def __init__(self, options: RateLimitOptions, plugins: Sequence[LimitRule] = ()) -> None:
        self._default = Limit(window=options.window, max=options.max)
        self._plugins = tuple(plugins)
        self._custom = [(_matcher(path), rule) for path, rule in options.custom_rules.items()]
        self.known: dict[type[Operation[Any]], Rule] = {}
        said = [rule.window for _, rule in self._custom if isinstance(rule, LimitOptions)]
        if options.per_account:
            said += [options.per_account.passwords.window, options.per_account.messages.window]
        self.longest_seconds = max([options.window, 60, *said, *(rule.limit.window for rule in self._plugins)])

    def rule(self, operation: type[Operation[Any]], path: str) -> Rule:
        """The rule for a request.

        Args:
            operation: What it asks for.
            path: Its path below the base path.
        """
        own = operation.route.limit
        if path != operation.route.path:
            return self._choose(path, own)
        known = self.known.get(operation)
        if known is None:
            known = self.known[operation] = self._choose(path, own)
        return known

    def _choose(self, path: str, own: Limit | None) -> Rule:
        limit = own or (_GUARDED_LIMIT if path.startswith(_GUARDED) else None)
        limit = next((rule.limit for rule in self._plugins if rule.matches(path)), limit)
        rule = Rule(limit or self._default, guarded=limit is not None)
        for matches, said in self._custom:
            if matches(path):
                if isinstance(said, LimitOptions):
                    return Rule(Limit(window=said.window, max=said.max), guarded=True)
                return Rule(rule.limit, choose=said, guarded=True) if callable(said) else Rule(None)
        return rule


class Limits:
    """Counts the requests of a running instance.

    Args:
        plan: The rules.
        counter: Where requests are counted.
        addresses: How callers are told apart.
        clock: The current moment.
        log: Told when a storage is not available and a request is let through.
        hardened: A refusal has the standard headers as well as the contract's.
    """

    __slots__ = (
        "_addresses",
        "_clock",
        "_counter",
        "_disabled",
        "_hardened",
        "_here",
        "_log",
        "_of_peer",
        "_plan",
        "_proxied",
    )

    def __init__(
        self,
        plan: LimitPlan,
        counter: Counter,
        addresses: ClientIpOptions,
        *,
        clock: Clock,
        log: Log,
        hardened: bool = True,
    ) -> None:
        self._plan = plan
        self._counter = counter
        self._here = counter.count if isinstance(counter, MemoryCounter) else None
        self._addresses = addresses
        self._disabled, self._proxied = addresses.disabled, bool(addresses.trusted_proxies)
        self._clock = clock
        self._log = log
        self._hardened = hardened
        # Nobody speaks for others: the address follows from the connection, and most connections come again.
        self._of_peer = _peers(addresses)

    async def refusal(
        self, request: Request, path: str, operation: type[Operation[Any]], template: str
    ) -> Response | None:
        """The answer to a request that is one too many, or ``None``.

        Args:
            request: The request.
            path: Its path below the base path.
            operation: What it asks for.
            template: The operation's path: whatever stands for its parameters, requests are counted together.

        Raises:
            CacheUnavailable: The counters cannot be asked, and the rule protects against guessing.
        """
        if self._disabled:
            return None  # contract: who does not want to know addresses does not count by them
        rule = self._plan.known.get(operation) if path == template else None
        if rule is None:
            rule = self._plan.rule(operation, path)
        limit = rule.limit
        if limit is None:
            return None
        if rule.choose is not None:
            limit = await _chosen(rule.choose, request, limit)
            if limit is None:
                return None
        peer = request.peer
        if peer is None or self._proxied:
            address = client_ip(request.headers, peer, self._addresses) or UNKNOWN_ADDRESS
        else:
            address = self._of_peer(peer)
        key = f"{address}|{template}"
        now = self._clock.now()
        if self._here is not None:
            wait = self._here(key, limit, now)
            return None if wait is None else too_many(wait, hardened=self._hardened)
        try:
            wait = await self._counter.consume(key, limit, now)
        except CacheUnavailable as error:
            if rule.guarded:
                raise
            self._log.warning("requests are not counted: the secondary storage is not available", error=error)
            return None
        return None if wait is None else too_many(wait, hardened=self._hardened)


def too_many(seconds: int, *, hardened: bool = True) -> Response:
    """The answer to one request too many.

    Args:
        seconds: How long to wait.
        hardened: Say so in the standard header as well (RFC 9110 §10.2.3), and keep the answer out of caches.
    """
    wait = str(seconds)
    lines = (("content-type", "text/plain;charset=UTF-8"), ("x-retry-after", wait))
    if hardened:
        lines += (("retry-after", wait), ("x-content-type-options", "nosniff"), ("cache-control", "no-store"))
    return Response(429, lines, _BODY)


def _peers(addresses: ClientIpOptions) -> Callable[[str], str]:
    @lru_cache(maxsize=4096)
    def of_peer(peer: str) -> str:
        return client_ip(_NO_HEADERS, peer, addresses) or UNKNOWN_ADDRESS

    return of_peer


async def _chosen(choose: CustomRule, request: Request, limit: Limit) -> Limit | None:
    answer = choose(request, LimitOptions(window=limit.window, max=limit.max))
    said = await answer if inspect.isawaitable(answer) else answer
    if isinstance(said, Mapping):
        said = LimitOptions.model_validate(said)
    return None if said is False else Limit(window=said.window, max=said.max)


def _matcher(pattern: str) -> Callable[[str], bool]:
    """Which paths a key of ``custom_rules`` stands for; without a star, its own alone."""
    if "*" not in pattern:
        return pattern.__eq__
    glob = compile_glob(pattern)
    return lambda path: glob_matches(glob, path.split("/"))
