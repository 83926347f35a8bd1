"""Storages: what is put in comes out, for this process and the others, and for nobody else."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from gatewright.wire.faults import ConfigError
from gatewright_client import FileStorage, KeyringStorage, MemoryStorage, Profiles, Storage
from gatewright_client.cookies import Cookie
from gatewright_client.profiles import ProfileStorage
from gatewright_client.storage import EMPTY, Saved

SAVED = Saved(
    cookies=(Cookie(name="a", value="secret", domain="example.com"),), tokens={"https://example.com": "secret"}
)


class Drawer:
    """A keyring in memory."""

    def __init__(self) -> None:
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str, /) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self.secrets[service, username] = password


def make_file(folder: Path) -> Storage:
    return FileStorage(folder / "app" / "session.json")


def make_keyring(folder: Path) -> Storage:
    return KeyringStorage("app", keyring=Drawer())


def make_memory(folder: Path) -> Storage:
    return MemoryStorage()


def make_profile(folder: Path) -> Storage:
    return Profiles(FileStorage(folder / "app" / "session.json"))["work"]


@pytest.mark.parametrize("make", [make_memory, make_file, make_keyring, make_profile])
def test_what_is_kept_comes_back(make: Callable[[Path], Storage], tmp_path: Path) -> None:
    storage = make(tmp_path)
    assert storage.load() == EMPTY
    assert storage.update(lambda _: SAVED) == SAVED
    assert storage.load() == SAVED
    assert storage.update(lambda _: EMPTY) == EMPTY
    assert storage.load() == EMPTY


@pytest.mark.parametrize("make", [make_memory, make_file, make_keyring, make_profile])
def test_changes_of_several_threads_are_all_kept(make: Callable[[Path], Storage], tmp_path: Path) -> None:
    storage = make(tmp_path)

    def put(name: str) -> None:
        storage.update(lambda saved: msgspec.structs.replace(saved, tokens={**saved.tokens, name: "t"}))

    def add(number: int) -> None:
        for step in range(5):
            put(f"{number}.{step}")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(storage.load().tokens) == 20


def test_changes_of_several_processes_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    code = (
        "import sys, msgspec\n"
        "from gatewright_client import FileStorage\n"
        "storage = FileStorage(sys.argv[1])\n"
        "for step in range(10):\n"
        "    name = f'{sys.argv[2]}.{step}'\n"
        "    storage.update(lambda saved: msgspec.structs.replace(saved, tokens={**saved.tokens, name: 't'}))\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(path), str(number)], env=environment) for number in range(3)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert len(FileStorage(path).load().tokens) == 30


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "app" / "session.json"
    FileStorage(path).update(lambda _: SAVED)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    FileStorage(path).update(lambda _: Saved(tokens={"x": "y"}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b'{"cookies": 7}', b'{"cookies":[{"name":"a"}]}', b"[" * 9999]
)
def test_a_corrupt_file_is_an_empty_one(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "session.json"
    path.write_bytes(content)
    storage = FileStorage(path)
    assert storage.load() == EMPTY
    assert storage.update(lambda saved: msgspec.structs.replace(saved, tokens={"x": "y"})).tokens == {"x": "y"}
    assert storage.load().tokens == {"x": "y"}


def test_a_change_that_fails_leaves_the_file_and_nothing_beside_it(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path / "session.json")
    storage.update(lambda _: SAVED)

    def fail(saved: Saved) -> Saved:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        storage.update(fail)
    assert storage.load() == SAVED
    assert sorted(each.name for each in tmp_path.iterdir()) == ["session.json", "session.json.lock"]


def test_the_version_tells_of_another_writer_and_not_of_a_change_that_changes_nothing(tmp_path: Path) -> None:
    ours, theirs = FileStorage(tmp_path / "s.json"), FileStorage(tmp_path / "s.json")
    before = ours.version()
    theirs.update(lambda _: SAVED)
    after = ours.version()
    assert before != after
    theirs.update(lambda saved: saved)
    assert ours.version() == after


def test_profiles_are_kept_apart_from_each_other_and_from_what_has_no_name(tmp_path: Path) -> None:
    storage = FileStorage(tmp_path / "s.json")
    storage.update(lambda _: SAVED)
    profiles = Profiles(storage)
    assert profiles.names() == ()
    work, home = Saved(tokens={"u": "work"}), Saved(tokens={"u": "home"})
    profiles["work"].update(lambda _: work)
    profiles["home"].update(lambda _: home)
    assert (profiles["work"].load(), profiles["home"].load(), profiles["nobody"].load()) == (work, home, EMPTY)
    assert Profiles(FileStorage(tmp_path / "s.json")).names() == ("home", "work")
    assert msgspec.structs.replace(storage.load(), profiles={}) == SAVED
    profiles.remove("work")
    assert (profiles.names(), profiles["work"].load(), profiles["home"].load()) == (("home",), EMPTY, home)
    assert msgspec.structs.replace(storage.load(), profiles={}) == SAVED


def test_a_profile_has_a_name_and_no_profiles() -> None:
    storage = MemoryStorage()
    for make in (lambda: Profiles(storage)[""], lambda: ProfileStorage(ProfileStorage(storage, "a"), "b")):
        with pytest.raises(ConfigError):
            make()


def test_a_profile_blocks_as_its_storage_does(tmp_path: Path) -> None:
    assert Profiles(MemoryStorage())["a"].blocking is False
    assert Profiles(FileStorage(tmp_path / "s.json"))["a"].blocking is True


def test_no_secret_is_in_a_representation() -> None:
    assert repr(SAVED) == "Saved(cookies=1, tokens=1)"
    assert "secret" not in repr(Saved(profiles={"work": SAVED}))


def test_the_keyring_package_is_asked_for_only_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    drawer = Drawer()
    monkeypatch.setitem(sys.modules, "keyring", drawer)
    KeyringStorage("app", "ada").update(lambda _: SAVED)
    assert list(drawer.secrets) == [("app", "ada")]
