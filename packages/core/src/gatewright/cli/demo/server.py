"""The demo's application: Gatewright in FastAPI over a SQLite file, the API reference, and the page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from rich.console import Console

from gatewright import Auth, Settings
from gatewright.cli.demo.issuer import DemoIssuer, WithIssuer
from gatewright.cli.demo.mails import ConsoleMails
from gatewright.cli.demo.secret import keep_database_private, kept_secret
from gatewright.plugins import (
    GenericOAuth,
    GenericOAuthConfig,
    GenericOAuthOptions,
    MagicLink,
    MagicLinkOptions,
    OpenApi,
    Passkey,
    PasskeyOptions,
    Plugin,
    TwoFactor,
    TwoFactorOptions,
)
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations.fastapi import GatewrightFastAPI

__all__ = ("create_app", "serve")

PAGE = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/ask.js": ("ask.js", "text/javascript"),
    "/factors.js": ("factors.js", "text/javascript"),
    "/passkeys.js": ("passkeys.js", "text/javascript"),
    "/provider.js": ("provider.js", "text/javascript"),
}
"""Path to file and media type."""

PAGE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that only this machine reaches: there the page shows the link that was mailed last."""

PROVIDER = "demo"
"""The demo's own provider, by the name in its callback."""

ANY_HOST = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 (recognised, not bound)


def serve(host: str, port: int, database: Path, console: Console) -> None:
    """Serve the demo until it is interrupted."""
    app = create_app(host, port, database, console)
    console.print(f"Gatewright demo on {_origin(host, port)}", soft_wrap=True)
    console.print(f"API reference on {_origin(host, port)}/api/auth/reference", soft_wrap=True)
    console.print(f"Database: {database}. Mails are printed here. Ctrl+C stops.", soft_wrap=True)
    uvicorn.run(app, host=host, port=port, log_level="warning")


def create_app(host: str, port: int, database: Path, console: Console) -> FastAPI:
    """The demo for one address; its secret is made on the first start and kept beside the database."""
    mails = ConsoleMails(console)
    settings = Settings.load(
        {
            "app_name": "Gatewright demo",
            "secret": kept_secret(database),
            "base_url": _origin(host, port),
            "trusted_origins": (f"http://localhost:{port}", f"http://127.0.0.1:{port}"),
            "email_and_password": {"enabled": True, "send_reset_password": mails.reset_password},
            "email_verification": {"send_verification_email": mails.verify_email, "send_on_sign_up": True},
        }
    )
    keep_database_private(database)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:  # noqa: ARG001 (given by the framework)
        await auth.create_tables()
        yield

    app = FastAPI(title="Gatewright demo", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    plugins, egress = _plugins(mails), None
    if host in LOCAL:
        # A provider that believes everything is for this machine alone.
        issuer = DemoIssuer(_origin(host, port), f"{_origin(host, port)}/api/auth/callback/{PROVIDER}")
        app.include_router(issuer.routes())
        plugins.append(_provider(issuer))
        egress = WithIssuer(issuer, app)
    auth = Auth(settings, SQLAlchemyAdapter.sqlite(database), plugins=plugins, egress=egress)
    app.include_router(GatewrightFastAPI(auth, include_in_schema=False).router)
    for path, (name, media_type) in PAGE.items():
        app.add_api_route(path, _page(name, media_type), methods=["GET", "HEAD"], include_in_schema=False)
    if host in LOCAL:
        app.add_api_route("/outbox", _outbox(mails, port), methods=["GET"], include_in_schema=False)
    return app


def _plugins(mails: ConsoleMails) -> list[Plugin[Any]]:
    return [
        OpenApi(),
        Passkey(PasskeyOptions(rp_name="Gatewright demo")),
        TwoFactor(TwoFactorOptions(issuer="Gatewright demo")),
        MagicLink(MagicLinkOptions(send_magic_link=mails.magic_link)),
    ]


def _provider(issuer: DemoIssuer) -> Plugin[Any]:
    return GenericOAuth(
        GenericOAuthOptions(
            config=[
                GenericOAuthConfig(
                    provider_id=PROVIDER,
                    client_id=issuer.client_id,
                    client_secret=issuer.client_secret,
                    discovery_url=issuer.discovery_url,
                    scopes=["openid", "email", "profile"],
                    require_id_token_verification=True,
                )
            ]
        )
    )


def _outbox(mails: ConsoleMails, port: int) -> Callable[[Request], Awaitable[Response]]:
    hosts = {f"{name}:{port}" for name in ("localhost", "127.0.0.1", "[::1]")}

    async def outbox(request: Request) -> Response:
        # A name of somebody else's that leads here is not answered, nor is a page of another site.
        if request.headers.get("host") not in hosts or request.headers.get("sec-fetch-site", "none") == "cross-site":
            return Response(status_code=404)
        return JSONResponse({"link": mails.last_link}, headers={"cache-control": "no-store"})

    return outbox


def _page(name: str, media_type: str) -> Callable[[], Awaitable[Response]]:
    body = files("gatewright.cli").joinpath("demo", name).read_bytes()

    async def page() -> Response:
        return Response(body, media_type=media_type, headers=PAGE_HEADERS)

    return page


def _origin(host: str, port: int) -> str:
    # Passkeys are for names, and not for addresses.
    name = "localhost" if host in ANY_HOST or host in LOCAL else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
