"""Gather the texts of the web pages for translators, and compile what they wrote: `python -m tools.messages`.

A maintainer's tool that needs GNU gettext (`xgettext`, `msgmerge`, `msgcat`, `msgfmt`). The compiled catalogues are
committed, so that nobody needs it to run Equipoise. How to translate stands in docs/guides/translate.md.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "equipoise"
LOCALE = PACKAGE / "locale"
READ = {".py", ".html", ".po"}
VOLATILE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Report-Msgid-Bugs-To|Last-Translator|Language-Team):.*\n', re.MULTILINE
)
BOILERPLATE = re.compile(r"\A(#.*\n)+")
HEAD = "# Equipoise. Same licence as the project. How to translate: docs/guides/translate.md\n"
NEEDED = ("xgettext", "msgmerge", "msgcat", "msgfmt")


def languages() -> list[str]:
    """The languages that pages are shown in, but for English, which the code is written in. Needs Django's settings."""
    from django.conf import settings

    return [code for code, _name in settings.LANGUAGES if code != "en"]


def catalogue(language: str, *, locale: Path = LOCALE) -> Path:
    """Where the texts of a language stand."""
    return locale / language / "LC_MESSAGES" / "django.po"


def gather(folder: Path) -> Path:
    """Bring the catalogues in step with the code, in a copy of the package made in `folder`.

    Django writes helper files beside the templates while it looks; a copy keeps them out of the tree.

    Returns:
        The copy's locale folder, with one gathered and tidied catalogue for each language.
    """
    from django.core.management import call_command
    from django.test.utils import override_settings

    copy = folder / PACKAGE.name
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in READ:
            target = copy / path.relative_to(PACKAGE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    locale = copy / "locale"
    locale.mkdir(exist_ok=True)
    with override_settings(LOCALE_PATHS=[locale]), contextlib.chdir(copy):
        call_command(
            "makemessages",
            locale=languages(),
            domain="django",
            add_location="file",
            no_wrap=True,
            no_obsolete=True,
            verbosity=0,
        )
    for language in languages():
        path = catalogue(language, locale=locale)
        # By text, so that one that moves to another page stays where it is in the catalogue.
        subprocess.run(["msgcat", "--sort-output", "--no-wrap", "-o", str(path), str(path)], check=True)
        path.write_text(tidied(path.read_text(encoding="utf-8")), encoding="utf-8")
    return locale


def tidied(text: str) -> str:
    """A catalogue without what changes at every run: dates, names of people, Django's boilerplate."""
    return VOLATILE.sub("", BOILERPLATE.sub(HEAD, text, count=1))


def compile_catalogue(source: Path, target: Path) -> None:
    """Check a catalogue and write its compiled form, the same bytes on every machine."""
    form = ["--check-format", "--check-domain", "--no-hash", "--endianness=little"]
    subprocess.run(["msgfmt", *form, "-o", str(target), str(source)], check=True)


def main() -> int:
    """Gather and compile all languages."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        print(f"{', '.join(missing)} is missing: install GNU gettext, for example with apt install gettext.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EQUIPOISE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
        import django

        django.setup()
        gathered = gather(Path(folder))
        for language in languages():
            path = catalogue(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(catalogue(language, locale=gathered), path)
            compile_catalogue(path, path.with_suffix(".mo"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
