"""`equipoise serve` refuses what would be unsafe or cannot work, in one sentence."""

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from equipoise.cli.app import main; main()", "serve", "--no-browser"]


def serve(data: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE_", "DJANGO_"))}
    command = [*COMMAND, "--data", str(data), *arguments]
    return subprocess.run(
        command, env={**inherited, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


class TestServe:
    def test_refuses_to_open_to_others_without_a_password(self, tmp_path: Path) -> None:
        done = serve(tmp_path / "data", "--host", "0.0.0.0", "--port", "0")  # noqa: S104 - refused is what is tested
        assert done.returncode == 3
        assert "the owner needs a password first" in done.stderr
        assert "Traceback" not in done.stderr

    def test_refuses_a_port_in_use(self, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = serve(tmp_path / "data", "--port", str(taken.getsockname()[1]))
        assert done.returncode == 3
        assert "Choose another --port" in done.stderr

    def test_refuses_a_folder_it_cannot_make(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        done = serve(tmp_path / "file" / "data", "--port", "0")
        assert done.returncode == 3
        assert "Choose another folder with --data" in done.stderr

    def test_refuses_a_database_that_is_not_there(self, tmp_path: Path) -> None:
        address = "postgresql://nobody:x@127.0.0.1:9/none"
        done = serve(tmp_path / "data", "--port", "0", EQUIPOISE_DATABASE_URL=address)
        assert done.returncode == 3
        assert "Check EQUIPOISE_DATABASE_URL" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize("name", ["EQUIPOISE_SMTP_HOST", "EQUIPOISE_VAULT_KEY"])
    def test_names_the_variable_that_holds_what_it_cannot(self, tmp_path: Path, name: str) -> None:
        done = serve(tmp_path / "data", "--port", "0", **{name: "nonsense"})
        assert done.returncode == 3
        assert done.stderr.count("\n") == 1
        assert name in done.stderr

    def test_refuses_a_folder_another_server_uses(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        data.mkdir()
        with (data / "serving").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            done = serve(data, "--port", "0")
        assert done.returncode == 3
        assert "Another equipoise serve uses" in done.stderr

    @pytest.mark.parametrize(
        ("email", "password", "why"),
        [("nobody", "a boat, a lamp, a hill", "valid email"), ("a@b.example", "short", "too short")],
    )
    def test_refuses_an_owner_of_the_environment_that_will_not_do(
        self, tmp_path: Path, email: str, password: str, why: str
    ) -> None:
        given = {"EQUIPOISE_OWNER_EMAIL": email, "EQUIPOISE_OWNER_PASSWORD": password}
        done = serve(tmp_path / "data", "--host", "0.0.0.0", "--port", "0", **given)  # noqa: S104 - refused
        assert done.returncode == 3
        assert why in done.stderr
