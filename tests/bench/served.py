"""The benchmarked instance behind one integration and its own server: ``python -m tests.bench.served NAME PORT``."""

from __future__ import annotations

import os
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from quart import Quart
from sanic import Sanic
from tests.bench.server import options

from gatewright.auth import Auth
from gatewright.settings.settings import Settings
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_integrations import quart as quart_integration
from gatewright_integrations import sanic as sanic_integration
from gatewright_integrations.asgi import AuthApp
from gatewright_integrations.fastapi import GatewrightFastAPI


def main(name: str, port: int) -> None:
    """Serve."""
    auth = Auth(Settings.load(options()), SQLAlchemyAdapter.sqlite(os.environ["BENCH_DB"]))
    if name == "sanic":
        sanic: Any = Sanic("bench", configure_logging=False)
        sanic.config.MOTD = False
        sanic_integration.Gatewright(auth).init_app(sanic)
        sanic.run(host="127.0.0.1", port=port, single_process=True, access_log=False)
        return
    app: Any
    if name == "fastapi":
        app = FastAPI()
        GatewrightFastAPI(auth).init_app(app)
    elif name == "quart":
        app = Quart("bench")
        quart_integration.Gatewright(auth, app)
    else:
        app = AuthApp(auth)
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
