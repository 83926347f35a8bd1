"""What an installed Gatewright must be: run by the interpreter of an environment that holds only the wheels.

Not a test module: the ``build`` session runs it in isolated mode, away from the source tree.
"""

import importlib
import subprocess
import sys
from importlib.metadata import distribution, version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

DISTRIBUTIONS = {
    "gatewright": ("gatewright.testing", "gatewright.cli"),
    "gatewright_adapters": ("gatewright_adapters.memory",),
    "gatewright_integrations": ("gatewright_integrations.asgi",),
    "gatewright_client": (
        "gatewright_client.auth",
        "gatewright_client.browser",
        "gatewright_client.device",
        "gatewright_client.plugins",
    ),
}
"""Each package, with the modules beside it that need no extra."""

OPTIONAL = (
    "bcrypt",
    "eth_account",
    "fastapi",
    "joserfc",
    "phonenumbers",
    "pyotp",
    "rich",
    "sqlalchemy",
    "typer",
    "webauthn",
)
"""What only extras bring."""


def main() -> None:
    """Exit with a message where something is missing."""
    for name in OPTIONAL:
        assert find_spec(name) is None, f"{name} is installed: this environment does not show what the wheels need"
    versions = {version(name) for name in (*(each.replace("_", "-") for each in DISTRIBUTIONS), "gatewright-contract")}
    assert len(versions) == 1, f"the packages have different versions: {versions}"
    core, contract = (set(map(str, distribution(name).files or ())) for name in ("gatewright", "gatewright-contract"))
    assert not core & contract, f"two wheels have the same files: {sorted(core & contract)}"
    for name, modules in DISTRIBUTIONS.items():
        package = importlib.import_module(name)
        assert Path(str(package.__file__)).is_relative_to(sys.prefix), f"{name} comes from {package.__file__}"
        assert files(name).joinpath("py.typed").is_file(), f"{name} has no py.typed"
        exported: tuple[str, ...] = getattr(package, "__all__", ())
        for attribute in exported:
            getattr(package, attribute)
        for module in modules:
            importlib.import_module(module)
        sys.stdout.write(f"{name} {version(name.replace('_', '-'))}: imported, typed, {len(exported)} names\n")
    for page in ("page.html", "page.css", "page.js", "ask.js", "factors.js", "passkeys.js"):
        assert files("gatewright.cli").joinpath("demo", page).is_file(), f"the wheel has no {page}"
    for starter in ("auth", "fastapi", "quart", "sanic"):
        assert files("gatewright.cli").joinpath("starter", f"{starter}.py.txt").is_file(), f"the wheel has no {starter}"
    command = Path(sys.executable).with_name("gatewright")
    told = subprocess.run([command, "demo"], capture_output=True, text=True, check=False)
    assert told.returncode == 2, f"`gatewright demo` without its extra exits with {told.returncode}: {told.stderr}"
    assert "gatewright[cli]" in told.stderr, f"`gatewright demo` without its extra says: {told.stderr}"
    sys.stdout.write("gatewright demo: names the extra that it needs\n")


if __name__ == "__main__":
    main()
