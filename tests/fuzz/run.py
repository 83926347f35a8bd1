"""Requests made from the complete OpenAPI document, sent to an instance with every plugin that listens on a socket.

``python -m tests.fuzz.run --requests 50000``. Refused are: an answer of 500 or more, a status that the document does not
name for the operation, a body of another shape than it says. Needs schemathesis (dependency group ``fuzz``).

Half of the requests fit the document, half of them nearly; of both, some name what is really there (identifiers,
addresses and tokens that earlier answers held). Callers are nobody, and users with a session of their own.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from tests.bench.load import Server

# By name: it has few types, and only this script needs it.
schemathesis: Any = import_module("schemathesis")
failures: Any = import_module("schemathesis.core.failures")

PASSWORD = "password-1234"
LEFT_AS_IT_IS = 0.4
"""Share of the requests in which nothing is replaced by what is really there."""


@dataclass
class Finding:
    """Answers that should not be: what is wrong, how often, and the first request with its answer."""

    what: str
    times: int
    example: str


@dataclass
class Fuzz:
    """One run: the server, who calls, what is known of what is there, and what was found."""

    base: str
    chance: random.Random
    known: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    callers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    findings: dict[str, Finding] = field(default_factory=dict[str, Finding])
    statuses: Counter[int] = field(default_factory=Counter[int])
    sent: int = 0

    def sign_up(self) -> dict[str, str]:
        """The headers of a new user who is signed in and owns an organization."""
        # An address that no generated request can have taken.
        email = f"u{self.chance.getrandbits(64):x}@example.com"
        session = httpx.Client(headers={"origin": self.base}, timeout=20)
        answer = session.post(
            f"{self.base}/api/auth/sign-up/email", json={"name": "Ada", "email": email, "password": PASSWORD}
        )
        answer.raise_for_status()
        self.learn(answer.json())
        slug = f"s{self.chance.getrandbits(64):x}"
        made = session.post(f"{self.base}/api/auth/organization/create", json={"name": "Acme", "slug": slug})
        made.raise_for_status()
        self.learn(made.json())
        for path, body in (("/organization/create-team", {"name": "Tea"}), ("/api-key/create", {"name": "key"})):
            self.learn(session.post(self.base + "/api/auth" + path, json=body).json())
        self.known.setdefault("password", [PASSWORD])
        cookies = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        return {"cookie": cookies, "origin": self.base}

    def caller(self) -> dict[str, str]:
        """Nobody, or somebody; sessions are renewed, for requests end them."""
        if self.sent % 40 == 0 or not self.callers:
            self.callers = [self.sign_up(), *self.callers[:2]]
        return self.chance.choice([{"origin": self.base}, *self.callers])

    def learn(self, value: object, name: str = "") -> None:
        """Keep the texts of an answer by the name that they stand under."""
        match value:
            case dict():
                for key, each in cast("dict[str, object]", value).items():
                    self.learn(each, key)
            case list():
                for each in cast("list[object]", value)[:3]:
                    self.learn(each, name)
            case str() if 0 < len(value) < 300:
                kept = self.known.setdefault(name, [])
                kept.append(value)
                del kept[:-20]
            case _:
                pass

    def replaced(self, members: dict[str, Any]) -> dict[str, Any]:
        """Some members with what is really there under their name."""
        found = dict(members)
        for name, value in members.items():
            if not isinstance(value, str) or self.chance.random() < LEFT_AS_IT_IS:
                continue
            kept = self.known.get(name) or (self.known.get("id") if name.lower().endswith("id") else None)
            if kept:
                found[name] = self.chance.choice(kept)
        return found

    def send(self, case: Any) -> None:
        """One request, and what is to be said of its answer."""
        if self.chance.random() >= LEFT_AS_IT_IS:
            body: object = case.body
            if isinstance(body, dict):
                case.body = self.replaced(cast("dict[str, Any]", body))
            if case.query:
                case.query = self.replaced(dict(case.query))
        headers = self.caller()
        answer = case.call(base_url=f"{self.base}/api/auth", headers=headers, timeout=20)
        self.sent += 1
        self.statuses[answer.status_code] += 1
        responses: dict[str, Any] = case.operation.definition.raw["responses"]
        wrong: str | None = None
        if answer.status_code >= 500:
            wrong = f"answered {answer.status_code}"
        elif str(answer.status_code) not in responses:
            wrong = f"answered {answer.status_code}, which is not in the document"
        elif answer.content:
            # The contract has errors without a body, which a document cannot say.
            try:
                case.validate_response(answer, checks=_SHAPES)
            except failures.FailureGroup as error:
                wrong = "another shape: " + re.sub(r"\s+", " ", str(error.exceptions[0]))[:600]
        if wrong is not None:
            key = f"{case.operation.label}: {wrong[:60]}"
            found = self.findings.get(key)
            if found is None:
                shown = case.as_curl_command(headers=headers)
                self.findings[key] = Finding(wrong, 1, f"{shown[:1500]}\n    -> {answer.content[:500]!r}")
            else:
                found.times += 1
        if answer.status_code == 200 and answer.headers.get("content-type") == ["application/json"]:
            self.learn(answer.json())


_SHAPES: list[Any] = [schemathesis.checks.response_schema_conformance]


def _round(fuzz: Fuzz, operations: list[Any], *, each: int, seed: int, until: int) -> None:
    for operation in operations:
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            if fuzz.sent >= until:
                return
            try:
                strategy = operation.as_strategy(generation_mode=mode)
            except Exception:  # noqa: BLE001 (an operation without inputs has none that are wrong)
                continue

            @seeded(seed)
            @settings(
                max_examples=each,
                database=None,
                deadline=None,
                phases=(Phase.generate,),
                suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large),
            )
            @given(case=strategy)
            def send(case: Any) -> None:
                fuzz.send(case)

            try:
                send()
            except (schemathesis.errors.SchemathesisError, Unsatisfiable):
                continue


def main() -> int:
    """Generate, send, tell. The exit code is 1 when there were findings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--each", type=int, default=25, help="of one kind for one operation before the next comes")
    parser.add_argument("--only", default="", help="a regular expression for METHOD /path")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="a URL; by default a new SQLite file")
    given_options = parser.parse_args()
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        place = given_options.database or str(Path(folder) / "fuzz.db")
        with Server("", {"FUZZ_DB": place}, module="tests.fuzz.server") as server:
            fuzz = Fuzz(f"http://127.0.0.1:{server.port}", random.Random(given_options.seed))
            document = httpx.get(f"{fuzz.base}/api/auth/openapi.json", timeout=10).json()
            everything = [each.ok() for each in schemathesis.openapi.from_dict(document).get_all_operations()]
            operations = [each for each in everything if re.search(given_options.only, each.label)]
            seed = given_options.seed
            while fuzz.sent < given_options.requests:
                before = fuzz.sent
                _round(fuzz, operations, each=given_options.each, seed=seed, until=given_options.requests)
                seed += 1
                sys.stdout.write(f"{fuzz.sent} requests, {len(fuzz.findings)} findings\n")
                sys.stdout.flush()
                if fuzz.sent == before:
                    break
    for key, finding in sorted(fuzz.findings.items()):
        sys.stdout.write(f"\n{key} ({finding.times} times)\n    {finding.what}\n    {finding.example}\n")
    sys.stdout.write(
        f"\n{fuzz.sent} requests to {len(operations)} of {len(everything)} operations in {time.monotonic() - begun:.0f} s, "
        f"seed {given_options.seed}; statuses {dict(sorted(fuzz.statuses.items()))}; {len(fuzz.findings)} findings\n"
    )
    return 1 if fuzz.findings else 0


if __name__ == "__main__":
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", tempfile.gettempdir())
    sys.exit(main())
