"""What holds for any name, any etag and any bytes."""

from contextlib import suppress
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.adapters.caldav import address_of, entry_address, href_of
from equipoise.adapters.caldav.hrefs import plain_etag, resolved
from equipoise.adapters.caldav.multistatus import Multistatus, multistatus, names_in

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1, max_size=30)
CALENDAR = "https://cloud.example.org/dav/lena/work/"


class TestHrefs:
    @given(NAMES)
    def test_are_one_however_they_are_escaped(self, name: str) -> None:
        everything = "".join(f"%{byte:02x}" for byte in name.encode())
        forms = {f"/a/{quote(name, safe='')}", f"/a/{quote(name, safe=':@!$&()*+,=')}", f"/a/{everything}"}
        assert {href_of(form) for form in forms} == {f"/a/{quote(name, safe='@')}"}

    @given(NAMES)
    def test_stay_as_they_are_once_they_are_plain(self, name: str) -> None:
        href = href_of(f"/a/{quote(name, safe='')}")
        assert href_of(href) == href
        assert href_of(address_of(CALENDAR, href)) == href
        assert unquote(href) == f"/a/{name}"

    def test_keep_an_escaped_slash_inside_a_name(self) -> None:
        assert href_of("/a/b%2fc.ics") == "/a/b%2Fc.ics"

    def test_keep_letters_of_another_encoding(self) -> None:
        assert href_of("/b%e4r.ics") == "/b%E4r.ics"

    @pytest.mark.parametrize(
        ("href", "address"),
        [
            ("/x/a.ics", "https://cloud.example.org/x/a.ics"),
            ("a.ics", "https://cloud.example.org/dav/lena/work/a.ics"),
            ("https://cloud.example.org:443/x", "https://cloud.example.org/x"),
            ("https://lena:pw@cloud.example.org/x", "https://cloud.example.org/x"),
            ("//other.example.org/x", "https://other.example.org/x"),
            (" /x?query ", "https://cloud.example.org/x"),
        ],
    )
    def test_become_full_addresses(self, href: str, address: str) -> None:
        assert resolved(CALENDAR, href) == address

    @pytest.mark.parametrize("href", ["https://[::1", "https://host:port/"])
    def test_that_are_none_are_told(self, href: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            resolved(CALENDAR, href)


class TestEntryAddress:
    @given(st.text(max_size=300))
    def test_is_one_file_in_the_calendar_and_the_same_each_time(self, uid: str) -> None:
        uid = uid.encode("utf-8", "replace").decode()
        address = entry_address(CALENDAR, uid)
        name = address.removeprefix(CALENDAR)
        assert address == entry_address(CALENDAR.rstrip("/"), uid)
        assert name.endswith(".ics")
        assert "/" not in name
        assert len(name) <= 124
        assert urlsplit(address).query == ""

    @pytest.mark.parametrize("uid", ["../../etc/passwd", "..", ".", "", "a/b", "a?b", "a b", "ü"])
    def test_leads_nowhere_else(self, uid: str) -> None:
        name = entry_address(CALENDAR, uid).removeprefix(CALENDAR).removesuffix(".ics")
        assert name.isalnum()

    def test_is_told_apart_by_the_uid(self) -> None:
        assert entry_address(CALENDAR, "a b") != entry_address(CALENDAR, "a_b")


class TestEtags:
    @given(st.text())
    def test_fit_into_one_header(self, etag: str) -> None:
        assert all(letter.isprintable() for letter in plain_etag(etag))

    def test_of_the_same_version_are_the_same(self) -> None:
        assert plain_etag(' W/"1" ') == plain_etag('"1"') == '"1"'


class TestMultistatus:
    @given(st.binary(max_size=200) | st.text(alphabet='<>/&;!?"=:aDdAV[] \n', max_size=200).map(str.encode))
    def test_any_bytes_are_read_or_refused(self, data: bytes) -> None:
        with suppress(ValueError):
            assert isinstance(multistatus(data, CALENDAR), Multistatus)
        assert all(isinstance(name, str) for name in names_in(data))
