from pathlib import Path

import pytest

from equipoise.cli.zones import machine_zone, zone_named


class TestZoneNamed:
    @pytest.mark.parametrize("name", ["", "Mars/Olympus", "../UTC", "/etc/passwd", "Europe"])
    def test_knows_no_zone_of_a_wrong_name(self, name: str) -> None:
        assert zone_named(name) is None


class TestMachineZone:
    def test_follows_the_environment_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TZ", ":Asia/Tokyo")
        found = machine_zone()
        assert found is not None
        assert found.key == "Asia/Tokyo"

    def test_follows_the_link_of_the_machine(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.delenv("TZ", raising=False)
        there = tmp_path / "zoneinfo" / "Europe" / "Berlin"
        there.parent.mkdir(parents=True)
        there.touch()
        (tmp_path / "localtime").symlink_to(there)
        found = machine_zone(tmp_path / "localtime")
        assert found is not None
        assert found.key == "Europe/Berlin"

    def test_tells_nothing_where_nothing_is_named(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TZ", "CET-1CEST")
        assert machine_zone(tmp_path / "localtime") is None
