"""Zip archives that were made by hand, each hostile in its own way."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
import zlib
from io import BytesIO

import pytest

from landmark_gui.core.archives import ArchiveRefused, check_members, content
from landmark_gui.core.errors import BundleError
from landmark_gui.inference.bundle import read_bundle
from tests.tiny_bundle import tiny_members, write_zip

MANY = 16


def archive_of(*members: tuple[str | zipfile.ZipInfo, bytes], kind: int = 0) -> zipfile.ZipFile:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return zipfile.ZipFile(BytesIO(buffer.getvalue()))


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("card.json")
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    return entry


def test_a_plain_archive_passes_and_its_member_is_whole():
    data = bytes(range(256)) * 20_000  # several chunks
    with archive_of(("a/b.txt", data), ("..c", b""), kind=zipfile.ZIP_DEFLATED) as archive:
        check_members(archive, MANY)
        assert content(archive, "a/b.txt", 10**8) == data


@pytest.mark.parametrize(
    "name",
    [
        *("../out.txt", "a/../../out.txt", "/etc/passwd", "..\\out.txt", "\\\\server\\share\\x"),
        *("C:\\Windows\\x", "C:x", "//server/x", "a\\..\\..\\x", ".."),
    ],
)
def test_names_that_lead_outside_are_refused(name):
    with (
        archive_of(("card.json", b"{}"), (name, b"x")) as archive,
        pytest.raises(ArchiveRefused, match="outside"),
    ):
        check_members(archive, MANY)


def test_links_doubles_and_unusual_packing_are_refused():
    linked = archive_of((link(), b"/etc/passwd"))
    with linked, pytest.raises(ArchiveRefused, match="link"):
        check_members(linked, MANY)
    with pytest.warns(UserWarning, match="Duplicate"):
        doubled = archive_of(("card.json", b"{}"), ("card.json", b"[]"))
    with doubled, pytest.raises(ArchiveRefused, match="same name"):
        check_members(doubled, MANY)
    unusual = archive_of(("a", b"x"), kind=zipfile.ZIP_LZMA)
    with unusual, pytest.raises(ArchiveRefused, match="unusual"):
        check_members(unusual, MANY)


def test_an_encrypted_member_is_refused():
    with archive_of(("a", b"x")) as archive:
        archive.infolist()[0].flag_bits |= 1
        with pytest.raises(ArchiveRefused, match="encrypted"):
            check_members(archive, MANY)


def test_what_swells_is_refused_by_what_it_declares():
    with archive_of(("a", bytes(2**25)), kind=zipfile.ZIP_DEFLATED) as archive:
        with pytest.raises(ArchiveRefused, match="too large"):
            content(archive, "a", 2**30)
        with pytest.raises(ArchiveRefused, match="too large"):
            content(archive, "a", 2**24)


def lying(data: bytes, declared: int) -> bytes:
    """A zip by hand whose member says that it has `declared` bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    told = struct.pack(
        "<HHHHHIIIHH", 20, 0, 8, 0, 0x21, zlib.crc32(data), len(packed), declared, 1, 0
    )
    local = b"PK\3\4" + told + b"a" + packed
    central = b"PK\1\2" + struct.pack("<H", 20) + told + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a"
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def test_what_lies_about_its_size_is_read_no_further_than_that():
    """256 MB that say they are 1000 bytes: neither given nor held in memory."""
    with zipfile.ZipFile(BytesIO(lying(bytes(2**28), 1000))) as archive:
        check_members(archive, MANY)
        tracemalloc.start()
        try:
            with pytest.raises(zipfile.BadZipFile):
                content(archive, "a", 2**20)
            assert tracemalloc.get_traced_memory()[1] < 2**24
        finally:
            tracemalloc.stop()


def test_more_than_is_allowed_is_refused_whatever_is_declared(monkeypatch):
    """Should the archive's reader believe less than there is, the limit holds by itself."""
    with archive_of(("a", bytes(3 * 2**20))) as archive:
        archive.infolist()[0].file_size = 10  # what is checked first
        monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: BytesIO(bytes(3 * 2**20)))
        with pytest.raises(ArchiveRefused, match="too large"):
            content(archive, "a", 2**21)


@pytest.mark.parametrize(
    ("name", "words"), [("../x", "outside"), ("/x", "outside"), (link(), "link")], ids=str
)
def test_a_bundle_that_is_such_an_archive_is_refused(tmp_path, name, words):
    members = {**tiny_members(), name: b"/etc/passwd"}
    if not isinstance(name, str):
        del members[name.filename]
    path = write_zip(tmp_path / "m.landmark-model", members)
    with pytest.raises(BundleError, match=words) as caught:
        read_bundle(path)
    assert str(path) in str(caught.value)
    assert list(tmp_path.iterdir()) == [path]


def test_a_damaged_deflated_member_is_told(tmp_path):
    path = tmp_path / "m.landmark-model"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in tiny_members().items():
            archive.writestr(name, data)
        offset = archive.getinfo("model.tflite").header_offset
    file = bytearray(path.read_bytes())
    file[offset + 60 : offset + 120] = b"\xff" * 60
    path.write_bytes(file)
    with pytest.raises(BundleError, match="cannot be used"):
        read_bundle(path)
