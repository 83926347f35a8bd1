import builtins
import hashlib
import sys
import threading
import time
from base64 import b64encode
from unicodedata import normalize

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.core.crypto.vectors import CRYPTO, Password

from gatewright.crypto import passwords as module
from gatewright.crypto.libraries import MissingLibrary
from gatewright.crypto.passwords import Argon2id, PasswordHash, Passwords, Scrypt

QUICK = Argon2id(memory_kib=8, passes=1)
PASSWORDS = Passwords(QUICK)
BCRYPT = bcrypt.hashpw(b"password123", bcrypt.gensalt(4)).decode()


def _django(password: str, iterations: int = 10) -> str:
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), b"salt", iterations)
    return f"pbkdf2_sha256${iterations}$salt${b64encode(digest).decode()}"


def _werkzeug(password: str, method: str = "sha256", iterations: int = 10) -> str:
    return (
        f"pbkdf2:{method}:{iterations}$salt${hashlib.pbkdf2_hmac(method, password.encode(), b'salt', iterations).hex()}"
    )


def _werkzeug_scrypt(password: str) -> str:
    return f"scrypt:1024:8:1$salt${hashlib.scrypt(password.encode(), salt=b'salt', n=1024, r=8, p=1).hex()}"


@pytest.mark.parametrize("vector", CRYPTO.password, ids=lambda vector: vector.password)
def test_scrypt_hashes_are_the_contracts_in_both_directions(vector: Password) -> None:
    salt = bytes.fromhex(vector.hash.split(":")[0])
    assert Scrypt(random=lambda _: salt).hash(vector.password) == vector.hash
    assert PASSWORDS.verify(vector.password, vector.hash)
    assert not PASSWORDS.verify(vector.password + "x", vector.hash)


def test_both_ways_to_compute_scrypt_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    vector = CRYPTO.password[0]
    monkeypatch.setattr(module, "has_crypto_pwhash_scryptsalsa208sha256", False)
    assert Scrypt().verify(vector.password, vector.hash)
    assert not Scrypt().verify("password124", vector.hash)


def test_new_hashes_are_argon2id_with_the_documented_parameters() -> None:
    passwords = Passwords()
    hashed = passwords.hash("password123")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify("password123", hashed)
    assert not passwords.verify("password124", hashed)
    assert not passwords.needs_rehash(hashed)
    assert passwords.hash("password123") != hashed


@pytest.mark.parametrize("scheme", [QUICK, Scrypt()], ids=["argon2id", "scrypt"])
@pytest.mark.parametrize(
    ("password", "other"),
    [
        ("a" * 79 + "b", "a" * 79 + "c"),
        ("a" * 127 + "b", "a" * 127 + "c"),
        (" password ", "password"),
        ("Password", "password"),
        ("pass\0word", "pass\0other"),
        ("pass\0word", "pass"),
        ("🔐 пароль كلمة é", "🔐 пароль كلمة e"),
    ],
)
def test_every_byte_of_a_password_counts(scheme: PasswordHash, password: str, other: str) -> None:
    hashed = scheme.hash(password)
    assert scheme.verify(password, hashed)
    assert not scheme.verify(other, hashed)


@pytest.mark.parametrize("scheme", [QUICK, Scrypt()], ids=["argon2id", "scrypt"])
def test_composed_and_decomposed_spellings_are_one_password(scheme: PasswordHash) -> None:
    hashed = scheme.hash(normalize("NFC", "Pässwörd"))
    assert scheme.verify(normalize("NFD", "Pässwörd"), hashed)
    assert scheme.verify("ﬁ①", scheme.hash("fi1"))
    assert not scheme.verify("Password", hashed)


def test_a_lone_surrogate_hashes_as_the_replacement_character() -> None:
    assert QUICK.verify("a\ufffd", QUICK.hash("a\ud800"))


@pytest.mark.parametrize(
    "hashed",
    [
        BCRYPT,
        BCRYPT.replace("$2b$", "$2a$"),
        BCRYPT.replace("$2b$", "$2y$"),
        _django("password123"),
        _werkzeug("password123"),
        _werkzeug("password123", "sha512"),
        _werkzeug("password123", "sha1"),
        _werkzeug_scrypt("password123"),
    ],
    ids=["2b", "2a", "2y", "django", "werkzeug-sha256", "werkzeug-sha512", "werkzeug-sha1", "werkzeug-scrypt"],
)
def test_imported_hashes_verify_and_ask_to_be_replaced(hashed: str) -> None:
    assert PASSWORDS.verify("password123", hashed)
    assert not PASSWORDS.verify("password124", hashed)
    assert PASSWORDS.needs_rehash(hashed)


def test_hashes_published_by_their_makers_verify() -> None:
    # crypt_blowfish's test vector, and the argon2 reference implementation's.
    assert PASSWORDS.verify("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
    argon2 = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    assert PASSWORDS.verify("password", argon2)
    assert not PASSWORDS.verify("passwore", argon2)


def test_a_bcrypt_hash_never_matches_what_bcrypt_cannot_tell_apart() -> None:
    hashed = bcrypt.hashpw(b"a" * 72, bcrypt.gensalt(4)).decode()
    assert PASSWORDS.verify("a" * 72, hashed)
    assert not PASSWORDS.verify("a" * 73, hashed)
    assert not PASSWORDS.verify("password123\0", BCRYPT)


def test_bcrypt_without_its_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_bcrypt(name: str, *rest: object) -> object:
        if name == "bcrypt":
            raise ImportError(name)
        return real(name, *rest)  # pyright: ignore[reportArgumentType] - passed through as it came

    monkeypatch.delitem(sys.modules, "bcrypt")
    monkeypatch.setattr(builtins, "__import__", without_bcrypt)
    with pytest.raises(MissingLibrary, match=r"install gatewright\[bcrypt\]"):
        PASSWORDS.verify("password123", BCRYPT)
    assert not PASSWORDS.verify("password123", "$2b$04$short")


SALT, KEY = "ab" * 16, "cd" * 64
ARGON2_TAIL = "$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
CORRUPT = [
    "",
    ":",
    "::",
    f"{SALT}:",
    f":{KEY}",
    f"{SALT}:{KEY}:",
    f"{SALT}:{KEY[:-2]}",
    f"{SALT}:{KEY}00",
    f"{SALT}:{KEY[:-1]}g",
    f"{SALT}:{KEY}\n",
    "plain text",
    "é:ü",
    "\ud800",
    "$argon2id$",
    "$argon2id$v=19$m=8,t=1,p=1$$",
    "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRz$=====================",
    "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAA",
    "$argon2id$v=18$m=8,t=1,p=1" + ARGON2_TAIL,
    "$argon2d$v=19$m=8,t=1,p=1" + ARGON2_TAIL,
    "$argon2id$v=19$m=0,t=1,p=1" + ARGON2_TAIL,
    "$argon2id$v=19$m=8,t=0,p=1" + ARGON2_TAIL,
    "$argon2id$v=19$m=8,t=1,p=0" + ARGON2_TAIL,
    "$2b$",
    "$2b$04$" + "!" * 53,
    "$2b$03$" + BCRYPT[7:],
    "$2x$04$" + BCRYPT[7:],
    "pbkdf2_sha256$10$salt$",
    "pbkdf2_sha256$0$salt$" + b64encode(b"a" * 32).decode(),
    "pbkdf2_sha256$10$salt$AAAAA",
    "pbkdf2_sha256$10$salt$AAAA",
    "pbkdf2_md5$10$salt$" + b64encode(b"a" * 32).decode(),
    "pbkdf2:sha256:0$salt$" + "ab" * 32,
    "pbkdf2:sha256:x$salt$" + "ab" * 32,
    "scrypt:1000:8:1$salt$" + "ab" * 64,
    "scrypt:0:8:1$salt$" + "ab" * 64,
    "scrypt:1024:0:1$salt$" + "ab" * 64,
    "scrypt:2:1:0$salt$" + "ab" * 64,
    "scrypt:1024:8:1$salt$zz",
]
TOO_COSTLY = [
    "$argon2id$v=19$m=4194304,t=1,p=1" + ARGON2_TAIL,
    "$argon2id$v=19$m=65536,t=999,p=1" + ARGON2_TAIL,
    "$argon2id$v=19$m=65536,t=2,p=99" + ARGON2_TAIL,
    "$argon2id$v=19$m=" + "9" * 5000 + ",t=2,p=1" + ARGON2_TAIL,
    "$2b$31$" + BCRYPT[7:],
    "$2b$15$" + BCRYPT[7:],
    "pbkdf2_sha256$9999999$salt$" + b64encode(b"a" * 32).decode(),
    "pbkdf2:sha512:9999999$salt$" + "ab" * 64,
    "scrypt:1048576:8:1$salt$" + "ab" * 64,
    "scrypt:1024:8:99$salt$" + "ab" * 64,
    "1" * 1_000_000,
]


@pytest.mark.parametrize("hashed", CORRUPT + TOO_COSTLY, ids=lambda hashed: repr(hashed[:7]))
def test_a_corrupt_or_too_costly_hash_is_a_wrong_password_at_once(hashed: str) -> None:
    started = time.process_time()
    assert not PASSWORDS.verify("password123", hashed)
    assert time.process_time() - started < 0.05
    assert PASSWORDS.needs_rehash(hashed)


@settings(max_examples=200)
@given(
    st.text(st.characters())
    | st.builds(
        "{}{}".format, st.sampled_from(["$argon2id$", "$2b$04$", "pbkdf2_sha256$", "pbkdf2:", "scrypt:"]), st.text()
    )
)
def test_verifying_against_any_text_never_raises(hashed: str) -> None:
    assert not PASSWORDS.verify("password123", hashed)


def test_rehashing_is_asked_for_when_scheme_or_parameters_change() -> None:
    stronger, scrypt = Argon2id(memory_kib=16, passes=2), Scrypt()
    hashed = QUICK.hash("p")
    assert not QUICK.needs_rehash(hashed)
    assert stronger.needs_rehash(hashed)
    assert stronger.verify("p", hashed)
    assert scrypt.needs_rehash(hashed)
    assert not scrypt.needs_rehash(CRYPTO.password[0].hash)
    assert QUICK.needs_rehash(CRYPTO.password[0].hash)
    assert Passwords(scrypt).verify("p", hashed)


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes"), [(4, 1, 1), (8, 0, 1), (8, 1, 0), (2_000_000, 1, 1), (131_072, 6, 1), (8, 1, 2)]
)
def test_parameters_that_could_not_be_verified_again_are_refused(memory_kib: int, passes: int, lanes: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        Argon2id(memory_kib=memory_kib, passes=passes, lanes=lanes)


@pytest.mark.parametrize("scheme", [QUICK, Argon2id(), Scrypt()], ids=["quick", "argon2id", "scrypt"])
def test_the_dummy_is_a_hash_of_the_preferred_cost_that_matches_nothing(scheme: Argon2id | Scrypt) -> None:
    passwords = Passwords(scheme)
    dummy = passwords.dummy()
    assert dummy == passwords.dummy()
    assert dummy != Passwords(scheme).dummy()
    assert len(dummy) == len(scheme.hash("password123"))
    assert not scheme.needs_rehash(dummy)
    assert not passwords.verify("password123", dummy)


def test_verifying_the_dummy_does_the_work_of_a_real_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[str] = []
    real = module.verify_secret

    def counted(hashed: bytes, secret: bytes, kind: module.Type) -> bool:
        work.append(hashed.decode().rsplit("$", 2)[0])
        return real(hashed, secret, kind)

    monkeypatch.setattr(module, "verify_secret", counted)
    PASSWORDS.verify("password123", PASSWORDS.dummy())
    PASSWORDS.verify("password123", QUICK.hash("password123"))
    assert work == ["$argon2id$v=19$m=8,t=1,p=1"] * 2


class Reversed:
    """A scheme of an application's own."""

    def hash(self, password: str) -> str:
        return "own:" + password[::-1]

    def verify(self, password: str, hash: str) -> bool:  # noqa: A002
        return hash == self.hash(password)

    def needs_rehash(self, hash: str) -> bool:  # noqa: A002
        return not hash.startswith("own:")


def test_an_applications_own_scheme_comes_first_and_the_known_ones_still_verify() -> None:
    passwords = Passwords(Reversed())
    assert passwords.hash("abc") == "own:cba"
    assert passwords.verify("abc", "own:cba")
    assert not passwords.verify("abd", "own:cba")
    assert passwords.verify("password123", BCRYPT)
    assert passwords.needs_rehash(BCRYPT)
    assert not passwords.needs_rehash("own:cba")
    assert passwords.dummy() == passwords.dummy()
    assert passwords.dummy().startswith("own:")


@pytest.mark.parametrize("scheme", [Argon2id(passes=8), Scrypt()], ids=["argon2id", "scrypt"])
def test_other_threads_run_while_a_hash_is_computed(scheme: PasswordHash) -> None:
    turns: list[float] = []
    done = threading.Event()

    def count() -> None:
        while not done.is_set():
            turns.append(time.perf_counter())
            time.sleep(0)  # gives the other thread its turn; does not wait

    counter = threading.Thread(target=count)
    counter.start()
    started = time.perf_counter()
    scheme.hash("password123")
    ended = time.perf_counter()
    done.set()
    counter.join()
    assert len([turn for turn in turns if started < turn < ended]) > 20
