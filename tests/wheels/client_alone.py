"""What an installed client must be: run by the interpreter of an environment that holds only its wheel and the contract's.

Not a test module: the ``build`` session runs it in isolated mode, away from the source tree.
"""

import asyncio
import sys
from importlib.metadata import distributions, requires
from importlib.util import find_spec

NEEDED = {"anyio", "httpx", "msgspec"}
"""All that the client asks for by itself, besides the contract."""

BROUGHT = {"certifi", "h11", "httpcore", "idna", "sniffio", "typing-extensions"}
"""What those bring with them."""


def main() -> None:
    """Exit with a message where something is too much or too little."""
    installed = {each.metadata["Name"].lower().replace("_", "-") for each in distributions()}
    own = {"gatewright-client", "gatewright-contract"}
    assert installed - BROUGHT == NEEDED | own, f"a client brings {sorted(installed)}"
    asked = {
        each.partition(">")[0].partition("=")[0].partition(";")[0].strip()
        for each in requires("gatewright-client") or ()
    }
    asked -= {each.partition(">")[0] for each in requires("gatewright-client") or () if "extra ==" in each}
    assert asked == NEEDED | {"gatewright-contract"}, f"the client asks for {sorted(asked)}"
    assert find_spec("gatewright.auth") is None, "the contract's wheel holds rooms of the server"

    import gatewright_client  # noqa: PLC0415
    from gatewright_client import plugins  # noqa: PLC0415
    from gatewright_client.calls import actions_of  # noqa: PLC0415
    from gatewright_client.core import CoreCalls  # noqa: PLC0415

    for package in (gatewright_client, plugins):
        for name in package.__all__:
            getattr(package, name)
    calls = dict(actions_of(CoreCalls))
    result = asyncio.run(gatewright_client.Client("http://127.0.0.1:9").sign_in.email(email="a@b.c", password="pw"))
    assert isinstance(result.error, gatewright_client.NoAnswer), f"nobody listens there, and the answer is {result}"
    sys.stdout.write(f"gatewright_client alone: {len(installed)} distributions, {len(calls)} calls\n")


if __name__ == "__main__":
    main()
