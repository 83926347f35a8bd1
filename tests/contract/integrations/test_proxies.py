"""Who is asked and who asks, behind proxies and without: through real servers, with headers that anybody can send."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.integrations.raw import Wire, exchange, request
from tests.contract.integrations.servers import INTEGRATIONS, forget_sanic, through_uvicorn, unused_port

from gatewright.testing.app import TestApp, make_app
from gatewright.wire.json import encode
from gatewright_integrations.asgi import AuthApp

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin") or shutil.which("nginx")
FORGED = (
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Proto: https",
    "Forwarded: host=evil.example;proto=https",
    "X-Host: evil.example",
    "X-Original-URL: /api/auth/sign-out",
    "X-Rewrite-URL: /api/auth/sign-out",
)
UNDERSCORED = ("X_Forwarded_Host: evil.example", "X_Forwarded_Proto: https", "X_Forwarded_For: 198.51.100.9")


def _person(number: int) -> bytes:
    return encode({"name": "Ada", "email": f"ada{number}@example.com", "password": "password-1234"})


class _Site:
    """An instance behind uvicorn, and how to sign up there."""

    def __init__(self, app: TestApp, port: int) -> None:
        self.app = app
        self.port = port
        self._numbers = 0

    def sign_up(
        self, *headers: str, host: str, origin: str, port: int | None = None, source: str = "127.0.0.1"
    ) -> Wire:
        self._numbers += 1
        given = ("Content-Type: application/json", f"Origin: {origin}", *headers)
        sent = request("POST", "/api/auth/sign-up/email", *given, body=_person(self._numbers), host=host)
        return exchange(port or self.port, sent, source=source)

    def address(self, *headers: str, host: str, origin: str, port: int | None = None) -> str:
        """The address that the new session records."""
        signed_up = self.sign_up(*headers, host=host, origin=origin, port=port)
        assert signed_up.status == 200, signed_up
        read = exchange(self.port, request("GET", "/api/auth/get-session", f"Cookie: {signed_up.cookie}", host=host))
        address: str = read.json["session"]["ipAddress"]
        return address


def _asgi(app: TestApp) -> contextlib.AbstractContextManager[int]:
    return through_uvicorn(AuthApp(app.auth))


@contextlib.contextmanager
def _site(
    options: dict[str, Any] | None = None,
    opening: Callable[[TestApp], contextlib.AbstractContextManager[int]] = _asgi,
    **more: Any,
) -> Generator[_Site]:
    app = make_app({**(options or {}), **more})
    try:
        with opening(app) as port:
            yield _Site(app, port)
    finally:
        forget_sanic()


def test_forged_headers_change_nothing_under_a_fixed_base_url() -> None:
    """The origin that is trusted stays the configured one, and the path the one that was sent."""
    with _site(base_url="https://auth.example.com") as site:
        own = site.sign_up(*FORGED, host="auth.example.com", origin="https://auth.example.com")
        evil = site.sign_up(*FORGED, "Cookie: a=b", host="evil.example", origin="https://evil.example")
    assert (own.status, evil.status) == (200, 403)
    assert all("; Secure" in line and "Domain" not in line for line in own.all("set-cookie"))


@pytest.mark.parametrize("headers", [FORGED, UNDERSCORED])
def test_forwarded_hosts_are_not_believed_unless_proxies_are_trusted(headers: tuple[str, ...]) -> None:
    options = {"base_url": {"allowed_hosts": ["a.example"]}, "advanced": {"trusted_proxy_headers": False}}
    with _site(options) as site:
        own = site.sign_up(*headers, "Cookie: a=b", host="a.example", origin="http://a.example")
        origin = site.sign_up(*headers, "Cookie: a=b", host="a.example", origin="https://evil.example")
        host = site.sign_up("X-Forwarded-Host: a.example", host="evil.example", origin="http://a.example")
    assert (own.status, origin.status, host.status) == (200, 403, 400)


def test_a_trusted_proxy_may_name_only_hosts_that_are_allowed() -> None:
    with _site(base_url={"allowed_hosts": ["a.example"]}) as site:
        good = site.sign_up("X-Forwarded-Host: a.example", host="inner", origin="http://a.example")
        evil = site.sign_up("X-Forwarded-Host: evil.example", host="inner", origin="http://evil.example")
        odd = site.sign_up("X_Forwarded_Host: a.example", host="inner", origin="http://a.example")
    assert (good.status, evil.status, odd.status) == (200, 400, 400)


@pytest.mark.parametrize(
    "host", ["", "a.example:99999999", "user@a.example", "a.example/path", "a example", "a.example\xa0", "[::1"]
)
def test_a_host_that_is_none_is_400(host: str) -> None:
    with _site(base_url={"allowed_hosts": ["a.example"]}) as site:
        answer = exchange(site.port, request("GET", "/api/auth/ok", host=host))
    assert answer.status == 400


def test_two_hosts_are_400() -> None:
    with _site(base_url={"allowed_hosts": ["a.example"]}) as site:
        answer = exchange(site.port, request("GET", "/api/auth/ok", "Host: b.example", host="a.example"))
    assert answer.status == 400


def test_the_address_comes_from_the_chain_behind_trusted_proxies() -> None:
    own: dict[str, Any] = {"host": "localhost:3000", "origin": "http://localhost:3000"}
    with _site(advanced={"ip_address": {"trusted_proxies": ["10.0.0.0/8"]}}) as site:
        assert site.address("X-Forwarded-For: 198.51.100.9, 203.0.113.5, 10.0.0.2", **own) == "203.0.113.5"
        assert site.address("X_Forwarded_For: 198.51.100.9", **own) == ""
        assert site.address("X-Forwarded-For: not-an-address, 10.0.0.2", **own) == ""


@contextlib.contextmanager
def _nginx(folder: Path, upstream: int, *, host: str = "internal") -> Generator[int]:
    """nginx in front, set up as its manual says: it writes the forwarded headers itself."""
    assert NGINX is not None
    port = unused_port()
    (folder / "nginx.conf").write_text(
        f"""
        daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
        events {{ }}
        http {{
            access_log off;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            server {{
                listen 127.0.0.1:{port};
                location / {{
                    proxy_pass http://127.0.0.1:{upstream};
                    proxy_set_header Host {host};
                    {"" if host == "$host" else "proxy_set_header X-Forwarded-Host $host;"}
                    proxy_set_header X-Forwarded-Proto https;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                }}
            }}
        }}
        """,
        encoding="utf-8",
    )
    started = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        started.terminate()
        started.communicate(timeout=20)


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_behind_nginx_scheme_host_and_address_are_the_outer_ones(tmp_path: Path) -> None:
    own: dict[str, Any] = {"host": "auth.example.com", "origin": "https://auth.example.com"}
    options: dict[str, Any] = {
        "base_url": {"allowed_hosts": ["auth.example.com"]},
        "advanced": {"ip_address": {"trusted_proxies": ["127.0.0.1"]}},
    }
    with _site(options) as site, _nginx(tmp_path, site.port) as front:
        good = site.sign_up(*UNDERSCORED, "Cookie: a=b", port=front, **own)
        evil = site.sign_up(
            "X-Forwarded-Host: evil.example", host="evil.example", origin="https://evil.example", port=front
        )
        # What a client adds to the chain stands left of what nginx has seen, which is the client's own address.
        forged = site.sign_up("X-Forwarded-For: 198.51.100.9", port=front, source="127.0.0.2", **own)
        read = request("GET", "/api/auth/get-session", f"Cookie: {forged.cookie}", host="auth.example.com")
        session = exchange(front, read).json["session"]
    assert (good.status, evil.status, forged.status) == (200, 400, 200)
    assert session["ipAddress"] == "127.0.0.2"


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
@pytest.mark.parametrize("opening", INTEGRATIONS.values(), ids=INTEGRATIONS.keys())
def test_the_preset_for_nginx_needs_three_lines_there_and_one_word_here(tmp_path: Path, opening: Any) -> None:
    """``Host``, ``X-Forwarded-Proto`` and ``X-Forwarded-For``; whatever else a client sends through it is not believed."""
    own: dict[str, Any] = {"host": "auth.example.com", "origin": "https://auth.example.com"}
    forged = ("X-Forwarded-Host: auth.example.com", "X-Real-IP: 198.51.100.7", "CF-Connecting-IP: 198.51.100.7")
    options: dict[str, Any] = {"base_url": None, "advanced": {"proxy": "nginx"}}
    with _site(options, opening) as site, _nginx(tmp_path, site.port, host="$host") as front:
        good = site.sign_up("X-Forwarded-For: 10.0.0.9", *forged, "Cookie: a=b", port=front, source="127.0.0.2", **own)
        evil = site.sign_up(*forged, "Cookie: a=b", host="evil.example", origin="https://auth.example.com", port=front)
        plain = site.sign_up("Cookie: a=b", host="auth.example.com", origin="http://auth.example.com", port=front)
        read = request("GET", "/api/auth/get-session", f"Cookie: {good.cookie}", host="auth.example.com")
        session = exchange(front, read).json["session"]
    assert (good.status, evil.status, plain.status) == (200, 403, 403)
    assert session["ipAddress"] == "127.0.0.2"
