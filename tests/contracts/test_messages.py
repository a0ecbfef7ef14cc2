"""Every text of the web pages can be translated, and is, in every language the pages are offered in."""

import html
import re
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from tests.cast import Cast
from tools.messages import NEEDED, PACKAGE, catalogue, compile_catalogue, gather, languages, tidied

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|</?\w+>")
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html")) + sorted(PACKAGE.glob("apps/*/templates/**/*.html"))
UNREAD = re.compile(r"<(script|style|code|pre)\b.*?</\1>", re.DOTALL)
MARKED = re.compile(r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
SPOKEN = re.compile(r'\b(?:aria-label|title|alt|placeholder)="([^"]*)"')
NAMES = {
    "Deutsch", "English", "Equipoise", "Fastmail", "Google", "HTML", "Markdown", "Microsoft", "Nextcloud", "Radicale",
    "doi", "iCloud", "min",
}  # fmt: skip
SAME_IN_ALL_LANGUAGES = {"Y-m-d", "Y-m", "F Y", "H:i", "D", "D H:i", "l", "j"}

every_language = pytest.mark.parametrize("language", languages())
Key = tuple[str, str]


def read(language: str) -> Catalog:
    with catalogue(language).open("rb") as file:
        return read_po(file, locale=language)


def messages(found: Catalog) -> list[Message]:
    return [message for message in found if message.id]


def forms(text: object) -> tuple[str, ...]:
    """The one form of a text, or its singular and plural forms."""
    return tuple(str(form) for form in text) if isinstance(text, tuple | list) else (str(text),)


def key(message: Message) -> Key:
    context = message.context or ""  # babel leaves those of a compiled catalogue as bytes
    return context.decode() if isinstance(context, bytes) else context, forms(message.id)[0]


def texts(found: Catalog) -> dict[Key, tuple[str, ...]]:
    return {key(message): forms(message.string) for message in messages(found)}


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


class TestLanguages:
    def test_are_more_than_english(self) -> None:
        assert "de" in languages()
        assert "en" in dict(settings.LANGUAGES)


@every_language
class TestACatalogue:
    def test_leaves_nothing_untranslated(self, language: str) -> None:
        empty = [key(message) for message in messages(read(language)) if not all(forms(message.string))]
        assert empty == []

    def test_holds_no_guess_of_gettext(self, language: str) -> None:
        assert [key(message) for message in messages(read(language)) if message.fuzzy] == []

    def test_keeps_placeholders_and_marks(self, language: str) -> None:
        wrong = []
        for message in messages(read(language)):
            allowed = [placeholders(form) for form in forms(message.id)]
            wrong += [form for form in forms(message.string) if placeholders(form) not in allowed]
            if placeholders(forms(message.string)[-1]) != allowed[-1]:
                wrong.append(forms(message.string)[-1])
        assert wrong == []

    def test_has_every_plural_form_of_its_language(self, language: str) -> None:
        found = read(language)
        for message in messages(found):
            if isinstance(message.id, tuple | list):
                assert len(forms(message.string)) == found.num_plurals

    def test_keeps_spaces_at_the_ends(self, language: str) -> None:
        for message in messages(read(language)):
            for form in forms(message.string):
                assert form == form.strip()

    def test_is_compiled_as_it_stands(self, language: str) -> None:
        with catalogue(language).with_suffix(".mo").open("rb") as file:
            compiled = read_mo(file)
        assert texts(compiled) == texts(read(language)), "Run python -m tools.messages and commit what it writes."

    def test_compiles_to_the_same_bytes_again(self, language: str, tmp_path: Path) -> None:
        if shutil.which("msgfmt") is None:
            pytest.skip("GNU gettext is not installed, so that nothing can be compiled.")
        compile_catalogue(catalogue(language), tmp_path / "again.mo")
        assert (tmp_path / "again.mo").read_bytes() == catalogue(language).with_suffix(".mo").read_bytes()

    def test_holds_every_text_of_the_code_and_no_other(self, language: str, tmp_path: Path) -> None:
        if any(shutil.which(name) is None for name in NEEDED):
            pytest.skip("GNU gettext is not installed, so that the texts of the code cannot be gathered.")
        with catalogue(language, locale=gather(tmp_path)).open("rb") as file:
            gathered = set(texts(read_po(file, locale=language)))
        assert set(texts(read(language))) == gathered, "Run python -m tools.messages, then translate what is new."


class TestTidied:
    def test_drops_what_changes_at_every_run(self) -> None:
        text = '# SOME TITLE.\n#\nmsgid ""\nmsgstr ""\n"POT-Creation-Date: 2026-11-25\\n"\n"Language: de\\n"\n'
        assert "2026" not in tidied(text)
        assert "SOME TITLE" not in tidied(text)
        assert '"Language: de\\n"' in tidied(text)
        assert tidied(tidied(text)) == tidied(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.name for path in TEMPLATES])
class TestATemplate:
    def test_marks_every_word_for_translation(self, path: Path) -> None:
        bare = UNREAD.sub("", MARKED.sub("", path.read_text(encoding="utf-8")))
        seen = html.unescape(" ".join([*SPOKEN.findall(bare), re.sub(r"<[^>]*>", " ", bare)]))
        assert set(re.findall(r"[^\W\d_]{2,}", seen)) - NAMES == set()

    def test_writes_dates_the_readers_way(self, path: Path) -> None:
        used = re.findall(r"\|(?:date|time):[\"']([^\"']+)", path.read_text(encoding="utf-8"))
        assert set(used) <= SAME_IN_ALL_LANGUAGES, "Use day, full_day, weekday or moment of the dates filters."


class TestPagesInGerman:
    @pytest.mark.parametrize(
        ("address", "words"),
        [("/", "Noch nichts zu zeigen."), ("/settings/", "Arbeitstag beginnt"), ("/help/", "Führen und Steuern")],
    )
    def test_speak_german(self, cast: Cast, as_lena: Client, address: str, words: str) -> None:
        cast.lena.language = "de"
        cast.lena.save()
        page = as_lena.get(address).content.decode()
        assert '<html lang="de"' in page
        assert words in page
