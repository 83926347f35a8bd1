"""Cookies: what is read, what is written, and that both agree with browsers and with JavaScript."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewright.http.cookies import (
    CHUNK_LIMIT,
    MAX_AGE_LIMIT,
    CookieAttributes,
    CookieTemplate,
    chunk,
    chunk_names,
    encode_uri_component,
    expire,
    find,
    join,
    parse,
    serialize,
)

NAME = "better-auth.session_token"
VALUE = "1v9L1lmb11XpWCKXBcK1NPYA3WQn27DL.tD6a/LPFWpoTjJT+r9xNfYRjMW8OFZ8frEXW7azn1pY="
WIRE = "1v9L1lmb11XpWCKXBcK1NPYA3WQn27DL.tD6a%2FLPFWpoTjJT%2Br9xNfYRjMW8OFZ8frEXW7azn1pY%3D"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (f"{NAME}={WIRE}", VALUE),
        (f'{NAME}="{WIRE}"', VALUE),
        (f" {NAME} = {WIRE} ", VALUE),
        (f"{NAME}\t={WIRE}\t", VALUE),
        (f"a=b;{NAME}={WIRE}", VALUE),
        (f"a; {NAME}={WIRE}", VALUE),
        (f";;;{NAME}={WIRE};;", VALUE),
        (f"=x; {NAME}={WIRE}", VALUE),
        (f"\u00e9=x; {NAME}={WIRE}", VALUE),
        (f"{NAME}={WIRE}; {NAME}=x", VALUE),
        (f"{NAME}={VALUE}", VALUE),
        (f"{NAME}=x; {NAME}={WIRE}", "x"),
        (f"{NAME}=; {NAME}={WIRE}", ""),
        (f"{NAME}=%zz; {NAME}={WIRE}", "%zz"),
        (f"{NAME}=%41%", "%41%"),
        (f"{NAME}=%2B%", "%2B%"),
        (f"{NAME}=%2%2B", "%2%2B"),
        (f"{NAME}=%252B%2f%3D", "%2B/="),
        (f"{NAME}=%C3%A9", "\u00e9"),
        (f"{NAME}=%E0%A4", "%E0%A4"),
        (f"{NAME}=%ED%A0%80", "%ED%A0%80"),
        (f'{NAME}="x', '"x'),
        (f'{NAME}="', '"'),
        (f'{NAME}=""', ""),
        (f'{NAME}=" x "', " x "),
        (f"a=b,{NAME}={WIRE}", None),
        (f"x{NAME}={WIRE}", None),
        (f"{NAME}x={WIRE}", None),
        (f"a={NAME}={WIRE}", None),
        (f'"{NAME}"={WIRE}', None),
        (f"{NAME.upper()}={WIRE}", None),
        (NAME, None),
        (f"{NAME}  ", None),
        (f"{NAME}; {NAME}={WIRE}", VALUE),
        ("", None),
    ],
)
def test_a_cookie_is_found_where_a_parser_of_the_whole_header_finds_it(header: str, expected: str | None) -> None:
    assert find(header, NAME) == expected
    assert parse(header).get(NAME) == expected


def test_no_cookie_has_an_empty_name() -> None:
    assert find("=x", "") is None
    assert parse("=x; a=1; b = 2") == {"a": "1", "b": "2"}


@given(st.text('ab=;" \t%41\xa0z', max_size=40), st.text("ab", min_size=1, max_size=2))
def test_find_and_parse_agree(header: str, name: str) -> None:
    assert find(header, name) == parse(header).get(name)


def test_a_hostile_header_is_searched_in_linear_time() -> None:
    assert find(f"{NAME} " * 20_000 + " " * 100_000, NAME) is None


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_serialised_is_read_back(value: str) -> None:
    header = serialize("n", value, CookieAttributes()).partition(";")[0]
    assert header.isascii()
    assert find(f"a=b; {header}; c=d", "n") == value


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("AZaz09-_.!~*'()", "AZaz09-_.!~*'()"),
        ("a+b/c=", "a%2Bb%2Fc%3D"),
        (' ;,"\\%&', "%20%3B%2C%22%5C%25%26"),
        ("\u00e9\u20ac\U0001f600", "%C3%A9%E2%82%AC%F0%9F%98%80"),
        ("a=\r\n", "a%3D%0D%0A"),
    ],
)  # fmt: skip
def test_values_are_encoded_as_javascript_encodes_them(text: str, encoded: str) -> None:
    assert encode_uri_component(text) == encoded


def test_a_lone_surrogate_cannot_be_encoded() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        encode_uri_component("\ud800")


def test_attributes_are_written_in_the_contracts_order() -> None:
    attributes = CookieAttributes(
        max_age=604800, domain=".example.com", path="/", expires=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        http_only=True, secure=True, same_site="none", partitioned=True,
    )  # fmt: skip
    assert serialize(NAME, VALUE, attributes) == (
        f"{NAME}={WIRE}; Max-Age=604800; Domain=.example.com; Path=/; Expires=Fri, 02 Jan 2026 03:04:05 GMT; HttpOnly; "
        "Secure; SameSite=None; Partitioned"
    )
    assert serialize(NAME, VALUE, CookieAttributes()) == f"{NAME}={WIRE}; Path=/; HttpOnly; SameSite=Lax"
    bare = CookieAttributes(path=None, http_only=False, same_site=None)
    assert serialize("n", "v", bare) == "n=v"


def test_expires_is_written_in_utc() -> None:
    eastern = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=-5)))
    assert "Expires=Fri, 02 Jan 2026 08:04:05 GMT" in serialize("n", "", CookieAttributes(expires=eastern))


def test_name_prefixes_force_their_attributes() -> None:
    attributes = CookieAttributes(domain="a.test", path="/x", same_site="strict")
    assert serialize("__Secure-n", "v", attributes) == (
        "__Secure-n=v; Domain=a.test; Path=/x; HttpOnly; Secure; SameSite=Strict"
    )
    assert serialize("__Host-n", "v", attributes) == "__Host-n=v; Path=/; HttpOnly; Secure; SameSite=Strict"


@pytest.mark.parametrize("max_age", [MAX_AGE_LIMIT + 1, -1])
def test_a_lifetime_out_of_bounds_is_refused(max_age: int) -> None:
    with pytest.raises(ValueError, match="max_age"):
        serialize("n", "v", CookieAttributes(max_age=max_age))


@pytest.mark.parametrize("max_age", [MAX_AGE_LIMIT, 0])
def test_a_lifetime_within_bounds_is_written(max_age: int) -> None:
    assert f"; Max-Age={max_age};" in serialize("n", "v", CookieAttributes(max_age=max_age))


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("", CookieAttributes()),
        ("a b", CookieAttributes()),
        ("a;b", CookieAttributes()),
        ("a\r\n", CookieAttributes()),
        ("a", CookieAttributes(domain="x; Secure")),
        ("a", CookieAttributes(path="/\r\nSet-Cookie: b=c")),
    ],
)
def test_nothing_can_be_smuggled_into_a_cookie(name: str, attributes: CookieAttributes) -> None:
    with pytest.raises(ValueError, match="malformed cookie"):
        CookieTemplate(name, attributes)


def test_deletion_keeps_the_attributes_with_max_age_zero() -> None:
    attributes = CookieAttributes(max_age=300, expires=datetime(2026, 1, 1, tzinfo=UTC))
    assert expire(NAME, attributes) == f"{NAME}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"


def test_a_template_writes_what_serialize_writes() -> None:
    attributes = CookieAttributes(max_age=300, secure=True)
    template = CookieTemplate(NAME, attributes)
    assert template.set(VALUE) == serialize(NAME, VALUE, attributes)
    assert template.expired == expire(NAME, attributes)
    assert template.lasting(None).set("x") == f"{NAME}=x; Path=/; HttpOnly; Secure; SameSite=Lax"
    assert NAME in repr(template)


def test_a_long_value_is_stored_in_the_contracts_chunks() -> None:
    name = "better-auth.session_data"
    attributes = CookieAttributes(max_age=300)
    value = "x" * (3977 + 3517)
    first, second = chunk(name, value, attributes)
    assert (len(first), len(second)) == (4049, 3589)
    assert first.startswith(f"{name}.0=")
    assert second == f"{name}.1={'x' * 3517}; Max-Age=300; Path=/; HttpOnly; SameSite=Lax"


def test_a_value_is_chunked_only_when_it_does_not_fit() -> None:
    fits = CHUNK_LIMIT - len(serialize("n", "", CookieAttributes()))
    assert chunk("n", "x" * fits, CookieAttributes()) == (serialize("n", "x" * fits, CookieAttributes()),)
    assert len(chunk("n", "x" * (fits + 1), CookieAttributes())) == 2


def test_a_value_too_long_for_a_hundred_chunks_is_not_stored() -> None:
    size = CHUNK_LIMIT - len(serialize("n.99", "", CookieAttributes()))
    assert len(chunk("n", "x" * size * 100, CookieAttributes())) == 100
    assert chunk("n", "x" * (size * 100 + 1), CookieAttributes()) == ()
    assert chunk("n", "x" * 5000, CookieAttributes(path="/" + "x" * 4040)) == ()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), st.integers(1, 400))
def test_chunks_join_to_the_value_they_came_from(text: str, times: int) -> None:
    value = text * times
    lines = chunk("n", value, CookieAttributes())
    assert all(len(line) <= CHUNK_LIMIT for line in lines)
    cookies = parse("; ".join(line.partition(";")[0] for line in reversed(lines)))
    assert join(cookies, "n") == (value or None)


def test_joining_prefers_the_whole_cookie_and_sorts_chunks_as_numbers() -> None:
    chunks = {f"n.{number}": f"{number}," for number in (10, 2, 0)} | {
        "n.x": "-",
        "n.01": "-",
        "n.100": "-",
        "nn.1": "-",
    }
    assert join(chunks, "n") == "0,2,10,"
    assert join(chunks | {"n": "whole"}, "n") == "whole"
    assert join(chunks | {"n": ""}, "n") == "0,2,10,"
    assert join({"m.0": "x"}, "n") is None
    assert chunk_names(chunks, "n") == ("n.10", "n.2", "n.0")
