"""What is sealed can be read with a key of the server alone, also after a new key came."""

import stat
from pathlib import Path

import pytest
from pytest_django import Settings

from equipoise.config import env
from equipoise.platform import vault
from equipoise.platform.refusals import WrongSetting

OLD, NEW = "b2xk" * 10 + "b2w=", "bmV3" * 10 + "bmU="


class TestTheVault:
    @pytest.mark.parametrize("text", ["", "plain", "süß ☕", "line\nline", "x" * 100_000])
    def test_gives_back_what_was_sealed(self, text: str) -> None:
        sealed = vault.seal(text)
        assert vault.unseal(sealed) == text
        assert not text or text not in sealed

    def test_seals_the_same_text_otherwise_each_time(self) -> None:
        assert vault.seal("same") != vault.seal("same")

    def test_opens_what_an_older_key_sealed(self, settings: Settings) -> None:
        settings.VAULT_KEYS = (OLD,)
        sealed = vault.seal("from before")
        settings.VAULT_KEYS = (NEW, OLD)
        assert vault.unseal(sealed) == "from before"
        settings.VAULT_KEYS = (NEW,)
        with pytest.raises(vault.KeyLost):
            vault.unseal(sealed)

    @pytest.mark.parametrize("sealed", ["", "gibberish", "gAAAAAB"])
    def test_says_so_when_it_is_none_of_its_texts(self, sealed: str) -> None:
        with pytest.raises(vault.KeyLost):
            vault.unseal(sealed)

    def test_marks_a_text_alike_each_time_and_by_every_key(self, settings: Settings) -> None:
        settings.VAULT_KEYS = (OLD,)
        mark = vault.digest("same")
        assert vault.digest("same") == mark != vault.digest("other")
        settings.VAULT_KEYS = (NEW, OLD)
        assert vault.digests("same") == [vault.digest("same"), mark]
        assert vault.digest("same") != mark


class TestTheKey:
    def test_is_made_once_for_the_owner_alone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("EQUIPOISE_VAULT_KEY", raising=False)
        first = env.vault_keys(tmp_path)
        assert env.vault_keys(tmp_path) == first
        assert stat.S_IMODE((tmp_path / "vault.key").stat().st_mode) == 0o600

    def test_may_come_from_outside_with_older_ones(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EQUIPOISE_VAULT_KEY", f"{NEW}, {OLD}")
        assert env.vault_keys(tmp_path) == (NEW, OLD)
        assert not (tmp_path / "vault.key").exists()

    @pytest.mark.parametrize("given", ["secret", "AAAA", ",", NEW + ",x"])
    def test_is_refused_when_it_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
        monkeypatch.setenv("EQUIPOISE_VAULT_KEY", given)
        with pytest.raises(WrongSetting, match="EQUIPOISE_VAULT_KEY"):
            env.vault_keys(tmp_path)
