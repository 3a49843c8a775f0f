"""Hostile files in a real Chromium: whatever they hold and however they are asked for, nothing in them runs."""

from __future__ import annotations

import http.server
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Dialog, Page, Request

from tests.browser.conftest import Open, Site
from tests.cast import EDITOR
from tests.library import hostile

pytestmark = pytest.mark.browser

PAGE = "/arbetssatt/fientligt"
SCRIPT = b"window.owned = true; alert(1);"
# As they lie there: some came by the form, and some were laid there by hand, as they are.
FILES = {
    "dubbel.png": hostile.png_and_html(),
    "skript.gif": hostile.gif_and_script(),
    "dubbel.jpg": hostile.jpeg_and_html(),
    "sida.png": hostile.HTML,
    "bild.png": hostile.SVG,
    "skript.jpg": SCRIPT,
    "sida.pdf": hostile.POLYGLOT_PDF,
    "aktiv.pdf": hostile.ACTIVE_PDF,
    "html.pdf": hostile.HTML,
    "skript.txt": SCRIPT,
    "sida.txt": hostile.HTML,
    "stil.csv": b"* { background: red !important }\n",
    "rapport.docx": SCRIPT + hostile.docx(),
}
# Everything in a page that fetches something and may do something with it.
ASK = """async (address) => {
    const asked = [];
    const add = (tag, attributes) => new Promise((done) => {
        const made = Object.assign(document.createElement(tag), attributes);
        made.onload = () => { asked.push(tag); done(); };
        made.onerror = () => done();
        document.body.append(made);
        setTimeout(done, 400);
    });
    await add('script', {src: address});
    await add('script', {src: address, type: 'module'});
    await add('link', {rel: 'stylesheet', href: address});
    await add('iframe', {src: address});
    await add('embed', {src: address});
    await add('object', {data: address});
    await import(address).then(() => asked.push('import'), () => {});
    try { new Worker(address); } catch {}
    await navigator.serviceWorker?.register(address).then(() => asked.push('service worker'), () => {});
    await new Promise((done) => setTimeout(done, 200));
    return {asked: asked.filter((tag) => !['iframe', 'embed', 'object'].includes(tag)), owned: !!window.owned};
}"""


@pytest.fixture(scope="module")
def with_files(site: Site) -> str:
    """A page beside which all of them lie."""
    home: Path = site.app.extensions["settings"].home
    folder = home / "content/practices/fientligt.files"
    folder.mkdir()
    pictures = "\n\n".join(f"![x]({name})" for name in FILES)
    text = f"---\ntitle: Fientligt\nowner: sodertalje\npublication: published\n---\n\n{pictures}\n"
    (home / "content/practices/fientligt.md").write_text(text, encoding="utf-8")
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    with site.app.app_context():
        site.app.extensions["archive"].reconcile()
    return PAGE


@pytest.fixture
def dialogs() -> list[str]:
    return []


def listened(page: Page, dialogs: list[str]) -> Page:
    def dismiss(dialog: Dialog) -> None:
        dialogs.append(f"{page.url}: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.context.on("page", lambda opened: opened.on("dialog", dismiss))
    return page


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_opened_by_itself_is_a_picture_or_is_saved(
    open_page: Open, with_files: str, dialogs: list[str], name: str
) -> None:
    page = listened(open_page(with_files), dialogs)
    address = f"/filer{with_files}/{name}"
    if name in ("dubbel.png", "skript.gif", "dubbel.jpg"):
        page.goto(address)
        assert page.evaluate("document.contentType").startswith("image/")
        assert page.evaluate("document.scripts.length") == 0
    else:
        with page.expect_download() as download:
            page.evaluate("address => { location.href = address }", address)
        assert download.value.path().read_bytes() == FILES[name]
        assert page.url.endswith(with_files), "the page is still the page"
    assert dialogs == []
    assert page.evaluate("window.owned") is None


@pytest.mark.parametrize("name", FILES)
def test_a_page_of_ours_that_is_tricked_into_asking_for_it_runs_nothing(
    open_page: Open, with_files: str, dialogs: list[str], name: str
) -> None:
    """As if somebody had got their tags into one of our pages: the file's type is what keeps it from running."""
    page = listened(open_page(with_files, role=EDITOR), dialogs)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.evaluate(ASK, f"/filer{with_files}/{name}") == {"asked": [], "owned": False}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background
    for frame in page.frames[1:]:
        assert "alert" not in frame.content()
    assert dialogs == []


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Another site, which has no policy of its own."""

    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Elsewhere</title><body>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is written."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


# Werkzeug's small server forgets to close a file when the browser hangs up on it, as this one does; gunicorn closes it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_another_site_can_neither_run_nor_show_our_files(
    open_page: Open, address: str, with_files: str, elsewhere: str, dialogs: list[str]
) -> None:
    page = listened(open_page(with_files, role=EDITOR), dialogs)
    page.goto(elsewhere)
    for name in FILES:
        assert page.evaluate(ASK, f"{address}/filer{with_files}/{name}") == {"asked": [], "owned": False}
    drawn = page.evaluate(
        """(address) => new Promise((done) => {
            const picture = new Image();
            picture.onload = () => done(true);
            picture.onerror = () => done(false);
            picture.src = address;
        })""",
        f"{address}/filer{with_files}/dubbel.png",
    )
    assert drawn is False
    assert dialogs == []


def test_the_page_itself_asks_nobody_else_and_runs_nothing(
    open_page: Open, address: str, with_files: str, dialogs: list[str]
) -> None:
    page = listened(open_page("/"), dialogs)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.goto(with_files)
    page.evaluate("document.querySelectorAll('img').forEach(one => { one.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    assert asked
    assert all(one.startswith(address) for one in asked)
    drawn = page.evaluate("[...document.querySelectorAll('.prose img')].filter(one => one.naturalWidth).length")
    assert drawn == 3
    assert dialogs == []
