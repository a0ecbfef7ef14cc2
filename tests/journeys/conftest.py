"""A real server and a real browser."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

SCREENSHOTS = Path(__file__).resolve().parents[1] / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
READY = re.compile(r"Equipoise is at http://\S+?:(\d+)/")


def looked_at(page: Page, name: str) -> None:
    """Photograph a page, and let axe and the ruler find nothing on it."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    found = Axe().run(page).response["violations"]
    assert [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def chromium() -> str:
    """Path of the browser; a missing one fails the tests, it is never skipped in silence."""
    found = [
        path for name in (os.environ.get("EQUIPOISE_CHROMIUM", ""), *NAMES) if name and (path := shutil.which(name))
    ]
    if not found:
        pytest.fail("The browser tests need Chromium. Run script/browser, which installs it or says how.")
    return found[0]


@contextmanager
def running(data: Path, *arguments: str, **environment: str) -> Iterator[str]:
    """`equipoise serve` on a free port; its address."""
    command = [sys.executable, "-c", "from equipoise.cli.app import main; main()", "serve", "--data", str(data)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE_", "DJANGO_"))}
    server = subprocess.Popen(
        [*command, "--port", "0", "--no-browser", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**inherited, "PYTHONUNBUFFERED": "1", **environment},
    )
    try:
        assert server.stdout is not None
        line = next((found for line in server.stdout if (found := READY.search(line))), None)
        assert line is not None, "the server did not start"
        yield f"http://localhost:{line.group(1)}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A server nobody has used yet."""
    with running(tmp_path / "data") as address:
        yield address


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the demo agency, looked around in by several tests."""
    with running(tmp_path_factory.mktemp("demo")) as address:
        yield address


def _is_trouble(message: ConsoleMessage) -> bool:
    """Errors of scripts and of the content policy; a page that answers 400 or 404 on purpose is none."""
    return message.type == "error" and "responded with a status of 40" not in message.text


@pytest.fixture
def watched(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages of which every error in the console fails the test."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def opened(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: trouble.append(message.text) if _is_trouble(message) else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda asked: None if "//localhost:" in asked.url else trouble.append(asked.url))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def looking_around(demo: str, watched: Callable[..., Page]) -> Callable[..., Page]:
    """Opens the demo agency in a browser of the wanted look."""

    def opened(**options: object) -> Page:
        page = watched(**options)
        page.goto(f"{demo}/welcome/")
        page.get_by_role("button", name="Look around with the demo agency").click()
        expect(page.locator("#lead, .lead-in").first).to_be_visible(timeout=20_000)
        return page

    return opened
