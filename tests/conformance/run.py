"""Play the conformance scenarios against the real better-auth and against Gatewright, and say how many are identical.

Not the scenarios, and not the comparison: both come with the conformance kit, which is found through the environment
variable ``GATEWRIGHT_CONFORMANCE`` or as ``../shared/conformance`` beside the checkout. Without the kit or without
Node.js the run is skipped, and says so. The kit is copied to a cache folder, because it is installed there with npm.
"""

from __future__ import annotations

import argparse
import filecmp
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path

import msgspec

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PARTS = ("reference", "scenarios")
LISTENS = ("none", "asgi", "fastapi", "quart", "sanic")
OLDEST_NODE = 20
START_SECONDS = 60.0
_WORD = re.compile(r"([^\w-]+)")
_RANDOM = re.compile(r"(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9]{16,}")


class Total(msgspec.Struct, frozen=True):
    """The figures of one run, as the kit's runner writes them."""

    scenarios: int
    whole: int
    steps: int
    identical: int


class Diff(msgspec.Struct, frozen=True):
    """One place that is not the same, as text; ``why`` where the kit knows more than that."""

    reference: str
    subject: str
    why: str | None = None

    @property
    def by_chance(self) -> bool:
        """Whether these are two random values after all, or texts such as addresses that hold them in the same places.

        The kit knows a random value of letters alone by its capitals, of which it must have more than a fifth and fewer
        than four fifths; about one in two thousand of 32 letters has not.
        """
        if self.why is not None or len(self.reference) != len(self.subject):
            return False
        parts = zip(_WORD.split(self.reference), _WORD.split(self.subject), strict=False)
        unequal = [pair for pair in parts if pair[0] != pair[1]]
        return all(map(_both_random, unequal)) and any(map(_unlucky, chain(*unequal)))


def _both_random(pair: tuple[str, str]) -> bool:
    return len(pair[0]) == len(pair[1]) and all(_RANDOM.fullmatch(each) is not None for each in pair)


def _unlucky(value: str) -> bool:
    return value.isalpha() and not 0.2 < sum(map(str.isupper, value)) / len(value) < 0.8


class Step(msgspec.Struct, frozen=True):
    """What differs in one step."""

    diffs: tuple[Diff, ...]


class Scenario(msgspec.Struct, frozen=True):
    """One scenario, step by step."""

    name: str
    steps: tuple[Step, ...]
    broken: msgspec.Raw | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What the kit's runner writes with ``--json``."""

    total: Total
    scenarios: tuple[Scenario, ...]

    def by_chance(self) -> list[str]:
        """The scenarios in which nothing differs but values that do not look as random as they are."""
        return [
            each.name
            for each in self.scenarios
            if each.broken is None
            and any(step.diffs for step in each.steps)
            and all(diff.by_chance for step in each.steps for diff in step.diffs)
        ]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 where every scenario is identical, or where there is nothing to run with."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="Other options go to the kit's runner.")
    parser.add_argument("--only", help="a regular expression on `file: scenario name`")
    parser.add_argument(
        "--listen",
        default="none",
        help=f"how requests reach the subject, comma-separated, each of {', '.join(LISTENS)}; one run for each",
    )
    parser.add_argument("--json", type=Path, help="a folder for what differs, as data: one file for each run")
    parser.add_argument("--install", action="store_true", help="install the kit, say in which folder, and play nothing")
    options, others = parser.parse_known_args(arguments)
    listens = tuple(str(options.listen).split(","))
    if unknown := [each for each in listens if each not in LISTENS]:
        parser.error(f"--listen: {', '.join(unknown)} is none of {', '.join(LISTENS)}")

    kit = _kit()
    if kit is None:
        return _skip("no conformance kit: set GATEWRIGHT_CONFORMANCE, or put it at ../shared/conformance")
    if (reason := node_missing()) is not None:
        return _skip(reason)
    installed = _install(kit)
    if options.install:
        sys.stdout.write(f"installed {installed}\n")
        return 0
    if options.only:
        others += ["--only", options.only]
    with tempfile.TemporaryDirectory() as temporary, _subject() as address:
        outcomes = {
            listen: _run(installed, address, listen, others, (options.json or Path(temporary)).resolve())
            for listen in listens
        }
    for listen, outcome in outcomes.items():
        told = "not run" if outcome is None else f"{outcome.whole} of {outcome.scenarios}"
        sys.stdout.write(f"identical scenarios: {told} (listen={listen})\n")
    good = all(each is not None and 0 < each.scenarios == each.whole for each in outcomes.values())
    return 0 if good else 1


def _skip(reason: str) -> int:
    sys.stdout.write(f"conformance is skipped: {reason}\n")
    return 0


def _kit() -> Path | None:
    named = os.environ.get("GATEWRIGHT_CONFORMANCE")
    kit = Path(named) if named else ROOT.parent / "shared" / "conformance"
    if all((kit / part / "package-lock.json").is_file() for part in PARTS):
        return kit
    if named:
        raise SystemExit(f"GATEWRIGHT_CONFORMANCE: {named} holds no conformance kit")
    return None


def node_missing() -> str | None:
    """Why the reference cannot run here, or ``None``."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return f"Node.js {OLDEST_NODE} or later and npm are not installed"
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(told.removeprefix("v").split(".")[0]) < OLDEST_NODE:
        return f"Node.js {told} is older than {OLDEST_NODE}"
    return None


def installed_reference() -> Path | None:
    """The kit's reference with its npm packages, where they are installed already, whole and for this Node.js."""
    kit = _kit()
    if kit is None:
        return None
    return next((home / "reference" for home in (kit, _home(kit)) if _works(home / "reference")), None)


def _home(kit: Path) -> Path:
    locks = b"".join((kit / part / "package-lock.json").read_bytes() for part in PARTS)
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatewright" / "conformance"
    return caches / hashlib.sha256(locks).hexdigest()[:16]


@cache
def _works(part: Path) -> bool:
    """Whether a part's packages are all there: an installation that was broken off leaves out what is compiled last."""
    if not (part / "node_modules").is_dir():
        return False
    if "better-sqlite3" not in (part / "package.json").read_text(encoding="utf-8"):
        return True
    probe = "new (require('better-sqlite3'))(':memory:')"
    return subprocess.run(["node", "-e", probe], cwd=part, capture_output=True, check=False).returncode == 0


def _install(kit: Path) -> Path:
    """A copy of the kit with its npm packages, kept for as long as the locked versions stay the same."""
    home = _home(kit)
    for part in PARTS:
        done = home / f"{part}.installed"
        _copy(kit / part, home / part)
        if done.exists() and _works(home / part):
            continue
        sys.stdout.write(f"npm ci in {home / part}\n")
        sys.stdout.flush()
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=home / part, check=True)
        _works.cache_clear()
        if not _works(home / part):
            raise SystemExit(f"npm ci left packages in {home / part} that do not load")
        done.touch()
    return home


def _copy(source: Path, target: Path) -> None:
    """Copy contents, not modes (the kit may be read-only), and nothing that npm installed."""
    for folder, names, files in os.walk(source):
        names[:] = [name for name in names if name != "node_modules"]
        there = target / Path(folder).relative_to(source)
        there.mkdir(parents=True, exist_ok=True)
        for name in files:
            if not (there / name).exists() or not filecmp.cmp(Path(folder) / name, there / name, shallow=False):
                shutil.copyfile(Path(folder) / name, there / name)


@contextmanager
def _subject() -> Generator[str]:
    """The control address of Gatewright's conformance application, which runs for as long as the block."""
    command = [sys.executable, str(HERE / "app.py"), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _ready(process)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _ready(process: subprocess.Popen[str]) -> str:
    watch = threading.Timer(START_SECONDS, process.kill)
    watch.start()
    output = process.stdout
    line = output.readline() if output is not None else ""
    watch.cancel()
    word, _, address = line.strip().partition(" ")
    if word != "ready" or not address:
        raise SystemExit(f"tests/conformance/app.py did not start: {line.strip() or 'it ended without a word'}")
    # What it prints from now on must not fill the pipe and stop it.
    threading.Thread(target=_drain, args=(process,), daemon=True).start()
    return address


def _drain(process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        sys.stderr.write(line)


def _run(home: Path, address: str, listen: str, others: Sequence[str], folder: Path) -> Total | None:
    """One run of the kit's runner; ``None`` where it ended without a result."""
    folder.mkdir(parents=True, exist_ok=True)
    result = folder / f"{listen}.json"
    result.unlink(missing_ok=True)
    command = ["node", "run.mjs", "--subject", address, "--json", str(result), *others]
    if listen != "none":
        command += ["--listen", listen]
    sys.stdout.write(f"== listen={listen}\n")
    sys.stdout.flush()
    subprocess.run(command, cwd=home / "scenarios", stdin=subprocess.DEVNULL, check=False)
    if not result.exists():
        return None
    outcome = msgspec.json.decode(result.read_bytes(), type=Outcome)
    for name in (chance := outcome.by_chance()):
        sys.stdout.write(f"the same but for random values that look like words: {name}\n")
    return msgspec.structs.replace(outcome.total, whole=outcome.total.whole + len(chance))


if __name__ == "__main__":
    sys.exit(main())
