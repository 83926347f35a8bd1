"""Gatewright behind the conformance control protocol; a test tool that serves on loopback only.

``python tests/conformance/app.py --port 0`` prints one line, ``ready http://127.0.0.1:<port>``, when it serves.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import sys
from pathlib import Path

LOOPBACK = ("127.0.0.1", "::1", "localhost")


async def serve(host: str, port: int) -> None:
    """Serve the protocol until the process is told to stop."""
    from tests.conformance.instances import Surroundings  # noqa: PLC0415 (after the search path is set)
    from tests.conformance.listen import Served, bound  # noqa: PLC0415 (likewise)
    from tests.conformance.server import Control  # noqa: PLC0415 (likewise)

    place = bound("127.0.0.1" if host == "localhost" else host, port)
    address, chosen = place.getsockname()[:2]
    surroundings = Surroundings()
    control = Control(surroundings)
    server = Served(control)
    serving = asyncio.create_task(server.serve(sockets=[place]))
    await server.up.wait()
    sys.stdout.write(f"ready http://{f'[{address}]' if ':' in address else address}:{chosen}\n")
    sys.stdout.flush()
    try:
        await serving
    finally:
        await control.close()
        await surroundings.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    if given.host not in LOOPBACK:
        parser.error(f"refusing to bind {given.host}: loopback only")
    # The host's environment must not configure the instances.
    for name in tuple(os.environ):
        if re.match(r"(BETTER_AUTH_|GATEWRIGHT_|AUTH_SECRET$|BASE_URL$)", name):
            del os.environ[name]
    # Run as a file, this folder is the first place where modules are looked for; the workspace should be.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(given.host, given.port))


if __name__ == "__main__":
    main()
