"""Add up the tests of several pytest runs from their JUnit reports, and print one line like pytest's own."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def main(folder: Path) -> None:
    """Print what was run, by session and as a whole."""
    whole = dict.fromkeys(("passed", "failed", "errors", "skipped"), 0)
    seconds = 0.0
    for report in sorted(folder.glob("*.xml")):
        suites = list(ET.parse(report).getroot().iter("testsuite"))
        counts = {
            key: sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "errors", "skipped")
        }
        told = {
            "passed": counts["tests"] - counts["failures"] - counts["errors"] - counts["skipped"],
            "failed": counts["failures"],
            "errors": counts["errors"],
            "skipped": counts["skipped"],
        }
        seconds += sum(float(suite.get("time", 0)) for suite in suites)
        for key, count in told.items():
            whole[key] += count
        print(f"{report.stem}: {_line(told)}")
    print(f"==== {_line(whole)} in {seconds:.2f}s ====")


def _line(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {key}" for key, count in counts.items() if count or key == "passed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
