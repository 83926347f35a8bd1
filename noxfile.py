"""Every check of the repository, one session each; ``nox -l`` lists them.

Needs Python 3.11 or later and ``pip install nox``; ``uv`` is used where it is installed. What a session installs comes
from the packages' own extras and from the dependency groups of the root ``pyproject.toml``.
"""

import os
import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["lint", "types", "tests", "contract", "security"]

ROOT = Path(__file__).parent
GROUPS: dict[str, list[str]] = nox.project.load_toml("pyproject.toml")["dependency-groups"]
PACKAGES = ("core/contract", "core", "adapters", "integrations", "client")
EXTRAS = {
    "core/contract": "",
    "core": "[bcrypt,cli,email,jwe,passkey,phone,siwe,testing,totp]",
    "adapters": "[asyncmy,d1,mysql,postgres,psycopg,redis,sqlalchemy,sqlite]",
    "integrations": "[fastapi,quart,sanic]",
    "client": "[rich]",
}
ELSEWHERE = frozenset({"bench", "conformance", "contract", "security"})
"""Folders of ``tests/`` that have a session of their own; every other one with a test belongs to ``tests``."""


@nox.session
def lint(session: nox.Session) -> None:
    """Formatting and every lint rule (ruff)."""
    session.install(*nox.project.dependency_groups({"dependency-groups": GROUPS}, "lint"))
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Pyright strict over everything; what must be accepted and refused in ``tests/types``, by pyright and by mypy."""
    _install(session, "tests", "services", "frameworks", "types")
    session.run("pyright", *session.posargs)
    if session.posargs or not list(ROOT.glob("tests/types/*.py")):
        return
    # Each line that must be refused carries an ignore, and an ignore that is not needed is an error.
    session.run("pyright", "--project", "tests/types")
    session.run("mypy", "--config-file", "tests/types/mypy.ini", "tests/types")


@nox.session
def tests(session: nox.Session) -> None:
    """Everything that needs no service: unit, architecture, integration."""
    _install(session, "tests")
    folders = {path.relative_to(ROOT).parts[1] for path in ROOT.glob("tests/*/**/test_*.py")}
    _pytest(session, *sorted(folders - ELSEWHERE), parallel=True)


@nox.session
def contract(session: nox.Session) -> None:
    """The suites that every adapter and integration passes; PostgreSQL, MariaDB and Redis where they answer, nginx too."""
    _install(session, "tests", "services", "frameworks")
    _pytest(session, "contract")


@nox.session
def conformance(session: nox.Session) -> None:
    """Scenarios of the official JavaScript client, compared with the real better-auth.

    Takes ``--only REGEX``, ``--listen none,asgi,fastapi,quart,sanic`` and the other options of the kit's runner. Needs Node.js and
    the conformance kit (``GATEWRIGHT_CONFORMANCE``, or ``../shared/conformance``); says so and skips without them.
    """
    _install(session, "tests", "services")
    session.run("python", "tests/conformance/run.py", *session.posargs)


@nox.session
def reference(session: nox.Session) -> None:
    """What the real better-auth and Gatewright make of each other: databases, tokens, the client against both servers.

    Needs what ``conformance`` needs, and PostgreSQL where it answers; says so and skips without them.
    """
    _install(session, "tests", "services", "frameworks")
    told = session.run("python", "tests/conformance/run.py", "--install", silent=True) or ""
    kit = next((line.removeprefix("installed ") for line in told.splitlines() if line.startswith("installed ")), None)
    if kit is None:
        session.skip(told.strip())
    session.env["GATEWRIGHT_CONFORMANCE"] = kit
    _pytest(session, "conformance", "unit/client", "unit/core/verify")


@nox.session
def security(session: nox.Session) -> None:
    """One test for each catalogued attack and fault."""
    _install(session, "tests", "services", "frameworks")
    _pytest(session, "security", parallel=True)


@nox.session
def bench(session: nox.Session) -> None:
    """Cost of the hot paths, printed; compare runs of one machine only."""
    _install(session, "tests")
    _pytest(session, "bench", "-s")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Requests made from the OpenAPI document (schemathesis): no server error, no status that it does not name.

    50,000 of them take about half an hour; ``-- --requests 5000`` sends fewer, ``-- --only '/api-key'`` to some operations.
    """
    _install(session, "tests", "services", "fuzz")
    session.run("python", "-m", "tests.fuzz.run", *session.posargs, env={"PYTHONPATH": str(ROOT)})


@nox.session
def build(session: nox.Session) -> None:
    """Build every wheel, install them in new environments elsewhere, import them with no extras; the client also alone."""
    session.install(*nox.project.dependency_groups({"dependency-groups": GROUPS}, "build"))
    made = Path(session.create_tmp()).resolve()
    wheels = made / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    for package in PACKAGES:
        session.run("python", "-m", "build", "--installer", "uv", "--outdir", str(wheels), f"packages/{package}")
    found = sorted(map(str, wheels.glob("*.whl")))
    client = [wheel for wheel in found if Path(wheel).name.startswith(("gatewright_client-", "gatewright_contract-"))]
    for check, installed in (("installed.py", found), ("client_alone.py", client)):
        environment = made / "environment"
        shutil.rmtree(environment, ignore_errors=True)
        session.run("uv", "venv", "--quiet", "--python", sys.executable, str(environment))
        python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        session.run("uv", "pip", "install", "--quiet", "--python", str(python), *installed)
        with session.chdir(made):
            session.run(str(python), "-I", str(ROOT / "tests" / "wheels" / check), external=True)


@nox.session
def demo(session: nox.Session) -> None:
    """Serve the demo on http://localhost:8000; takes the options of ``gatewright demo``."""
    _install(session)
    session.run("gatewright", "demo", *session.posargs)


def _install(session: nox.Session, *groups: str) -> None:
    packages = [part for name in PACKAGES for part in ("--editable", f"./packages/{name}{EXTRAS[name]}")]
    tools = nox.project.dependency_groups({"dependency-groups": GROUPS}, *groups) if groups else ()
    session.install(*packages, *tools)


def _pytest(session: nox.Session, *arguments: str, parallel: bool = False) -> None:
    folders = [f"tests/{name}" for name in arguments if not name.startswith("-")]
    if not any(list((ROOT / folder).rglob("test_*.py")) for folder in folders):
        session.skip(f"no tests in {', '.join(folders) or 'tests'}")
    options = [name for name in arguments if name.startswith("-")]
    if parallel:
        options += ["--numprocesses", "auto"]
    if reports := os.environ.get("GATEWRIGHT_REPORTS"):
        options.append(f"--junitxml={Path(reports) / session.name}.xml")
    # Folders stand last, so that a test named after ``--`` is run alone.
    targets = session.posargs if any(Path(each.split("::")[0]).exists() for each in session.posargs) else folders
    extra = () if targets is session.posargs else session.posargs
    session.run("pytest", *options, *extra, *targets)
