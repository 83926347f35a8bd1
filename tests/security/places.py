"""Places that no browser may be sent to, by the number of their case (RED), and what is trusted beside the own origin."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatewright.testing.browser import Answer

__all__ = ("CASES", "EVIL", "OPTIONS", "leads_nowhere")

EVIL: Mapping[str, tuple[str, ...]] = {
    "01": ("//evil.test",),
    "02": ("/\\evil.test", "\\\\evil.test", "/\\/evil.test"),
    "03": ("///evil.test", "////evil.test"),
    "04": ("https:evil.test", "https:/evil.test"),
    "05": ("http://localhost:3000@evil.test", "http://localhost:3000:x@evil.test"),
    "06": ("http://localhost:3000.evil.test", "http://localhost.evil.test:3000"),
    "07": ("http://evillocalhost:3000",),
    "08": ("http://localhost:30001", "http://localhost:300"),
    "09": (
        "https://evil.test#.t.test",
        "https://evil.test?.t.test",
        "https://evil.test/.t.test",
        "https://evil.test\\.t.test",
    ),
    "10": ("http://x.s.test",),
    "11": ("https://t.test",),
    "12": ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)"),
    "13": ("data:text/html,x", "vbscript:x", "blob:http://localhost:3000/x", "file:///etc/passwd", "mailto:a@b.c"),
    "14": ("/%0d%0aSet-Cookie:x=1\r\nSet-Cookie:x=1", "/ok\r\nSet-Cookie: x=1"),
    "16": (" //evil.test", "\t//evil.test", "/\t/evil.test"),
    "19": ("/a\x00b", "/a\u2028b"),
    "24": ("myapps://x", "myapp.evil://x"),
    "25": ("exp://10.0.0.1.evil.test:80/x",),
    "27": ("https://evil.test/" + "x" * 65536,),
}
OPTIONS: Mapping[str, object] = {
    "trusted_origins": ["*.t.test", "https://*.s.test", "myapp://", "exp://10.0.0.*:*/**"],
}
CASES = [pytest.param(place, id=f"red_{number}-{place[:24]!r}") for number, places in EVIL.items() for place in places]


def leads_nowhere(answer: Answer) -> None:
    assert 400 <= answer.status < 500, answer
    assert answer.header("location") is None
    assert answer.cookies == []
    assert set(answer.json) >= {"message"}
