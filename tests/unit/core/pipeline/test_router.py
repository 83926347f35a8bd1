"""Which operation a method and a path mean."""

import pytest

from gatewright.pipeline.router import Router
from gatewright.wire.faults import ConfigError


@pytest.fixture
def router() -> Router[str]:
    made: Router[str] = Router()
    for path in ("/a", "/a/b", "/a/{x}", "/a/{x}/c", "/{y}/b/c", "/a/{x}/{z}"):
        made.add("GET", path, path)
    made.add("POST", "/a", "posted")
    return made


@pytest.mark.parametrize(
    ("path", "target", "parameters"),
    [
        ("/a", "/a", {}),
        ("/a/b", "/a/b", {}),
        ("/a/other", "/a/{x}", {"x": "other"}),
        ("/a/%2f", "/a/{x}", {"x": "%2f"}),
        ("/a/1/c", "/a/{x}/c", {"x": "1"}),
        ("/z/b/c", "/{y}/b/c", {"y": "z"}),
        ("/a/1/2", "/a/{x}/{z}", {"x": "1", "z": "2"}),
    ],
)
def test_static_paths_win_over_templates(
    router: Router[str], path: str, target: str, parameters: dict[str, str]
) -> None:
    assert router.find("GET", path) == (target, parameters)


@pytest.mark.parametrize("path", ["", "/", "/b", "/a/", "/a//c", "a", "/a/b/c/d", "/A"])
def test_other_paths_are_unknown(router: Router[str], path: str) -> None:
    assert router.find("GET", path) is None


def test_methods_are_apart(router: Router[str]) -> None:
    assert router.find("POST", "/a") == ("posted", {})
    for method in ("post", "PUT", "HEAD", ""):
        assert router.find(method, "/a") is None


@pytest.mark.parametrize("path", ["/a", "/a/{other}"])
def test_a_path_is_taken_once(router: Router[str], path: str) -> None:
    with pytest.raises(ConfigError, match="two operations are served at GET"):
        router.add("GET", path, "again")
    assert router.find("GET", "/a") == ("/a", {})
