"""Bundle the programs of others that the tests run by Node into one file each, so that no test needs npm.

For maintainers, with npm at hand: `python -m tools.node_bundles`. The versions are pinned here. Beside each file stands
what is in it, under which licence, and the digest by which a change is seen.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ESBUILD = "esbuild@0.28.2"
BANNERS = {
    "esm": "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
    "cjs": "__dirname+='/read/lib';",
}
"""What the program needs to find at its beginning: a way to ask for parts of Node, and the folder it reads from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A package at one version, the line that names what is wanted of it, and where it goes.

    `read` are files and folders of packages that the program reads while it runs, each with its place under `read/`.
    """

    package: str
    wanted: str
    target: str
    read: tuple[tuple[str, str], ...] = ()


BUNDLES = (
    Bundle(
        package="oidc-provider@9.13.3",
        wanted='export { default as Provider } from "oidc-provider";',
        target="tests/openid_provider/oidc_provider.bundle.mjs",
    ),
    Bundle(
        package="samlp@8.0.0",
        wanted='export { default as samlp } from "samlp";',
        target="tests/saml_provider/samlp.bundle.cjs",
        read=(
            ("saml/lib/saml11.template", "lib/saml11.template"),
            ("saml/lib/saml20.template", "lib/saml20.template"),
            ("samlp/templates", "templates"),
        ),
    ),
)


def main() -> None:
    """Make all of them anew."""
    for bundle in BUNDLES:
        with tempfile.TemporaryDirectory() as folder:
            _make(bundle, Path(folder))


def _make(bundle: Bundle, folder: Path) -> None:
    (folder / "package.json").write_text("{}")
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", bundle.package, ESBUILD], cwd=folder, check=True)
    (folder / "wanted.mjs").write_text(bundle.wanted)
    form = "cjs" if bundle.target.endswith(".cjs") else "esm"
    command = [
        *("npx", "esbuild", "wanted.mjs", "--bundle", "--platform=node", f"--format={form}", "--target=node20"),
        # Both programs look at the names of their own classes while they run.
        *(
            "--minify",
            "--keep-names",
            "--outfile=bundle.mjs",
            "--metafile=made-of.json",
            f"--banner:js={BANNERS[form]}",
        ),
    ]
    subprocess.run(command, cwd=folder, check=True)
    content = (folder / "bundle.mjs").read_bytes()
    target = ROOT / bundle.target
    target.write_bytes(content)
    for source, place in bundle.read:
        _copy(folder / "node_modules" / source, target.with_name("read") / place)
    made_of = json.loads((folder / "made-of.json").read_text())["inputs"]
    target.with_name("NOTICE.md").write_text(_notice(bundle, folder, list(made_of), content), encoding="utf-8")


def _copy(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, place, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, place)


def _notice(bundle: Bundle, folder: Path, inputs: list[str], content: bytes) -> str:
    packages = sorted({_package_folder(each) for each in inputs if "node_modules/" in each})
    rows = [json.loads((folder / each / "package.json").read_text()) for each in packages]
    listed = "\n".join(f"- {row['name']} {row['version']}: {row.get('license', 'see its page')}" for row in rows)
    return (
        f"# {Path(bundle.target).name}\n\n"
        f"`{bundle.package}`, bundled by `tools/node_bundles.py` ({ESBUILD}). For tests only; it does not ship.\n\n"
        f"SHA-256: `{hashlib.sha256(content).hexdigest()}`\n\n## What is in it, and its licence\n\n{listed}\n"
    )


def _package_folder(path: str) -> str:
    before, _, inside = path.rpartition("node_modules/")
    parts = inside.split("/")
    return f"{before}node_modules/{'/'.join(parts[: 2 if parts[0].startswith('@') else 1])}"


if __name__ == "__main__":
    main()
