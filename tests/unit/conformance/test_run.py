"""Which differences are none: random values that the kit does not take for random."""

import pytest
from tests.conformance.run import Diff, Outcome, Scenario, Step, Total

CAPITALS = "ZVCAEBCgYyfCOCPFSkKXGMNhHRdHUDXI"
MIXED = "OWBPiOTcBxVJWEmowlyquDTylchrEBWs"


def outcome(*diffs: Diff) -> Outcome:
    return Outcome(Total(2, 1, 3, 2), (Scenario("same", (Step(()),)), Scenario("other", (Step(()), Step(diffs)))))


@pytest.mark.parametrize("diff", [Diff(MIXED, CAPITALS), Diff(CAPITALS, MIXED), Diff(MIXED, CAPITALS.swapcase())])
def test_letters_with_very_many_or_very_few_capitals_are_random_as_well(diff: Diff) -> None:
    assert outcome(diff).by_chance() == ["other"]


def address(token: str, page: str = "%2Fhome") -> str:
    return f"http://localhost:3000/api/auth/magic-link/verify?token={token}&callbackURL={page}"


@pytest.mark.parametrize(
    "diff",
    [
        Diff(address(MIXED), address(CAPITALS)),
        Diff(address(CAPITALS), address(f"{MIXED[:-1]}7")),
        Diff(f"{MIXED} {MIXED}", f"{CAPITALS} {MIXED[::-1]}"),
    ],
)
def test_so_they_are_within_a_text(diff: Diff) -> None:
    assert outcome(diff).by_chance() == ["other"]


@pytest.mark.parametrize(
    "diff",
    [
        Diff(address(MIXED), address(MIXED[::-1])),
        Diff(address(MIXED), address(CAPITALS, "%2Fpage")),
        Diff(address(MIXED), address(CAPITALS)[:-1]),
        Diff(address(CAPITALS, "%2Fhome"), address(CAPITALS, "%2Fpage")),
        Diff(MIXED, MIXED[::-1]),
        Diff(MIXED, CAPITALS, "not the value it was before"),
        Diff(MIXED, CAPITALS[1:]),
        Diff(MIXED, CAPITALS.upper()),
        Diff(MIXED, f"{CAPITALS[:-1]}-"),
        Diff(MIXED, f"{CAPITALS[:-1]}1"),
        Diff("Invalid password", "Invalid username"),
        Diff("200", "500"),
    ],
)
def test_everything_else_differs(diff: Diff) -> None:
    assert outcome(diff).by_chance() == []
    assert outcome(Diff(MIXED, CAPITALS), diff).by_chance() == []


def test_what_does_not_differ_is_not_named() -> None:
    assert outcome().by_chance() == []
