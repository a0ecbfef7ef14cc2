"""Commands shown in the pages, with their output: `python -m tools.examples` runs them and renews the output."""

import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
FILE = re.compile(r"```toml\n# (\w+\.toml)\n(.*?)```", re.DOTALL)
"""A file that a page shows in full, named in its first line."""
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
RUNNABLE = re.compile(r"^(?:\.venv/bin/)?equipoise (?:demo|measure|classify|plan|--version)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A command in a page as `written`, and the output shown below it."""

    page: Path
    written: str
    command: str
    shown: str


def examples(page: Path) -> list[Example]:
    """The commands of a page that can be run and show their output."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for written, shown in COMMAND.findall(block):
            command = " ".join(written.replace("\\\n", " ").split())
            if RUNNABLE.match(command) and shown.strip():
                found.append(Example(page=page, written=written, command=command, shown=shown.strip("\n")))
    return found


def output_of(example: Example, folder: Path) -> str:
    """What the command prints when it runs in a folder; examples of a page build on each other there."""
    for name, content in FILE.findall(example.page.read_text(encoding="utf-8")):
        (folder / name).write_text(content, encoding="utf-8")
    words = shlex.split(example.command)[1:]
    command = [sys.executable, "-c", "from equipoise.cli.app import main; main()", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=True)
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines())


def main() -> int:
    """Renew the output in all pages."""
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            text = page.read_text(encoding="utf-8")
            for example in examples(page):
                before, after = f"{example.written}\n{example.shown}", output_of(example, Path(folder))
                text = text.replace(before, f"{example.written}\n{after}")
            page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
