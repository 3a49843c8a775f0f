"""Hostile texts in a real Chromium that no policy protects: only that they are words can keep them from running.

The site's Content-Security-Policy is taken away on the way out. Pages are shown many at a time, each in a frame of its
own; every text has a number, so that whatever happens says which one did it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, Request, expect

from app import create_app
from app.config import Settings
from tests.browser.conftest import Open
from tests.cast import ADMIN, COLLEAGUE, EDITOR, browser
from tests.editing.writing import fill_in, open_form
from tests.hostile_texts.texts import FILED, TEXTS, culprit
from tests.hostile_texts.written import Written, write_everywhere, write_organisations
from tests.house import make_home
from tests.in_thread import served_in_thread

pytestmark = pytest.mark.browser

AT_A_TIME = 24
# What a text calls when it runs, and what people see of such: all of it is noted, whichever frame it is in.
TELL_TALE = """
window.ran = (number) => { (top.hits ??= []).push(`ran(${number})`); };
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
    window[name] = (...words) => { (top.hits ??= []).push(`${name} ${words.join(' ')} ${location.href}`); };
}
"""
SHOW = """async (addresses) => {
    const never = 'applet,area,audio,base,embed,fencedframe,foreignobject,frame,frameset,iframe,image,isindex,map,'
        + 'marquee,math,object,portal,source,style,track,video,webview,meta[http-equiv],script:not([src]),'
        + 'use:not([href^="#"])';
    const notInText = 'form,input:not([type=checkbox][disabled]),button,select,textarea,svg,script,link,meta,template';
    const found = [];
    const judge = (where, root, rendered) => {
        const say = (what, element) => found.push(`${where}: ${what}: ${element.outerHTML.slice(0, 300)}`);
        for (const element of root.querySelectorAll(never)) say('an element that no page has', element);
        for (const element of root.querySelectorAll('*')) {
            for (const {name} of element.attributes) {
                if (/^(on|style$|srcdoc$|srcset$|ping$|data-hx-|hx-on)|[<>"'=]/.test(name)) say(name, element);
                if (rendered && /^(hx-|name$|form|action$|title$|target$|data-)/.test(name)) say(name, element);
            }
            for (const name of ['href', 'action', 'formAction', 'src']) {
                if (!element.hasAttribute(name.toLowerCase())) continue;
                if (element.localName === 'use') continue; // an icon of this very page
                const url = String(element[name]?.baseVal ?? element[name]);
                if (!/^(https?|mailto|tel):/.test(url)) say(`${name} is ${url}`, element);
            }
            if (element.src && !element.src.startsWith(location.origin)) say('something from elsewhere', element);
            const fetched = element.localName === 'link' && element.rel !== 'canonical';
            if (fetched && !element.href.startsWith(location.origin)) say('something from elsewhere', element);
        }
        if (rendered) for (const element of root.querySelectorAll(notInText)) say('not a part of a text', element);
    };
    const parsedAgain = (where, document, part) => {
        const place = document.createElement('div');
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        const foreign = document.createElementNS('http://www.w3.org/2000/svg', 'foreignObject');
        svg.append(foreign);
        document.body.append(place, svg);
        for (const one of [place, foreign]) {
            one.innerHTML = part.innerHTML;
            one.innerHTML = one.innerHTML;
            judge(`${where} parsed again`, one, true);
        }
    };
    await Promise.all(addresses.map((address) => new Promise((done) => {
        const frame = document.createElement('iframe');
        frame.width = 800;
        frame.height = 600;
        frame.onload = () => {
            const shown = frame.contentDocument;
            if (!shown?.querySelector('main#innehall')) found.push(`${address}: is no page of ours any longer`);
            else {
                judge(address, shown, false);
                for (const part of shown.querySelectorAll('.prose')) {
                    judge(address, part, true);
                    parsedAgain(address, shown, part);
                }
                for (const name of ['getElementById', 'querySelector', 'createElement', 'addEventListener']) {
                    if (typeof shown[name] !== 'function') found.push(`${address}: document.${name} is another`);
                }
                for (const element of shown.querySelectorAll('a, button, summary, input')) element.focus();
            }
            setTimeout(done, 100);
        };
        frame.src = address;
        document.body.append(frame);
    })));
    const hits = top.hits ?? [];
    top.hits = [];
    for (const frame of document.querySelectorAll('iframe')) frame.remove();
    return [...found, ...hits];
}"""


@dataclass
class Relaxed:
    """A site without its policy, and what was written in it."""

    address: str
    app: Flask
    written: Written
    organisations: list[str]
    policies: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def relaxed(tmp_path_factory: pytest.TempPathFactory, peopled: Path) -> Iterator[Relaxed]:
    settings = Settings.for_tests(make_home(tmp_path_factory.mktemp("relaxed")))
    shutil.copy(peopled, settings.kept_file)
    organisations = write_organisations(settings.home)
    app = create_app(settings)
    site = Relaxed("", app, write_everywhere(app), organisations)

    def without_policy(environ: dict[str, Any], start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            site.policies |= {value for name, value in headers if name == "Content-Security-Policy"}
            kept = [one for one in headers if one[0] not in ("Content-Security-Policy", "X-Frame-Options")]
            return start_response(status, kept, error)

        return app(environ, start)

    with served_in_thread(without_policy) as port:
        site.address = f"http://127.0.0.1:{port}"
        yield site
    app.extensions["databases"].close()


@pytest.fixture(scope="module")
def address(relaxed: Relaxed) -> str:
    return relaxed.address


@dataclass
class Watched:
    """A page in which others are shown, and everything that it asks for."""

    page: Page
    asked_elsewhere: list[str] = field(default_factory=list)

    def show(self, addresses: Iterable[str]) -> list[str]:
        """Show the pages at some addresses; what happened that must not, each with the text that did it."""
        waiting, found = iter(addresses), []
        while some := list(islice(waiting, AT_A_TIME)):
            found += self.page.evaluate(SHOW, some)
        found += [f"asked for {url}" for url in self.asked_elsewhere]
        return [f"{one}  ← {culprit(one)}" for one in found]


@pytest.fixture
def watched(open_page: Open, relaxed: Relaxed) -> Watched:
    return _watched(open_page, relaxed, EDITOR)


def _watched(open_page: Open, relaxed: Relaxed, role: Any) -> Watched:
    page = open_page("/om", role=role)
    watched = Watched(page)

    def note(request: Request) -> None:
        if not request.url.startswith((relaxed.address, "data:", "about:")) or "/om#" in request.url:
            watched.asked_elsewhere.append(request.url)

    def dismiss(dialog: Dialog) -> None:
        watched.asked_elsewhere.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.context.add_init_script(TELL_TALE)
    page.context.route(lambda url: not url.startswith(relaxed.address), lambda route: route.abort())
    page.context.on("request", note)
    page.on("dialog", dismiss)
    page.goto("/healthz")
    return watched


def test_the_rules_find_a_text_that_is_more_than_text(watched: Watched) -> None:
    """The same page with texts put into it as they are: scripts run, others are asked, and all of it is seen."""
    watched.page.goto("/om")
    watched.page.evaluate(
        """() => {
            const hostile = '<img src=x onerror=ran(1000)><a href="javascript:ran(1000)">x</a><form></form>';
            const more = '<div style="x" hx-get="/">x</div><img src="//ond1000.example/a.png"><svg onload=ran(1000)>';
            window.history.replaceState(null, '', '/om#');
            document.querySelector('main').insertAdjacentHTML('beforeend', `<div class=prose>${hostile}${more}</div>`);
        }"""
    )
    watched.page.wait_for_function("top.hits?.length")
    assert watched.page.evaluate("top.hits[0]") == "ran(1000)"
    assert [url for url in watched.asked_elsewhere if "ond1000" in url]


def test_texts_in_titles_summaries_and_bodies_stay_texts(watched: Watched, relaxed: Relaxed) -> None:
    assert watched.show(page for _, page in relaxed.written.alone) == []
    assert relaxed.policies, "the site had a policy before it was taken away"


def test_texts_in_every_other_field_of_every_kind_stay_texts(watched: Watched, relaxed: Relaxed) -> None:
    assert watched.show(relaxed.written.all_pages) == []


def test_texts_in_forms_histories_and_lists_stay_texts(watched: Watched, relaxed: Relaxed) -> None:
    pages = [pages[0] for pages in relaxed.written.pages.values()]
    beside = (
        f"{page}/{part}" for page in pages for part in ("andra?steg=1", "andra?steg=2", "historik/1", "filer", "flytta")
    )
    assert watched.show(beside) == []
    lists = [f"/arbetssatt?sida={number}" for number in range(1, 8)]
    assert watched.show([*lists, "/", "/laget", "/organisationer", "/mitt-konto", "/natverk", "/lardomar"]) == []


def test_names_of_files_stay_texts(watched: Watched, relaxed: Relaxed) -> None:
    pages = relaxed.written.with_files
    assert watched.show([*pages, *(f"{page}/filer" for page in pages)]) == []


def test_names_of_people_and_organisations_stay_texts(open_page: Open, relaxed: Relaxed) -> None:
    watched = _watched(open_page, relaxed, ADMIN)
    assert watched.show(["/personer", "/personer/organisation/sodertalje", *relaxed.organisations[::9]]) == []


def test_words_that_are_searched_for_stay_texts(watched: Watched) -> None:
    asked = (urlencode({"q": text.written.encode("utf-8", "replace")}) for text in TEXTS)
    assert watched.show(f"/sok?{one}" for one in asked) == []


# ---- What the site says back, and how it looks on paper ----


def assert_nothing_happened(watched: Watched) -> None:
    assert watched.page.evaluate("top.hits ?? []") == []
    assert watched.page.locator("main :is(img[onerror], script:not([src]), iframe, [style])").count() == 0
    assert watched.asked_elsewhere == []


def test_what_two_wrote_at_once_stays_text(watched: Watched, relaxed: Relaxed) -> None:
    page, colleague = watched.page, browser(relaxed.app, COLLEAGUE)
    edit = "/arbetssatt/filer-0/andra?steg=1"
    # A link to a page that there is not is refused, and meets nobody.
    texts = [text for text in FILED if "[[" not in text.written]
    for mine, theirs in zip(texts[::90], texts[45::90], strict=False):
        page.goto(edit)
        saved = fill_in(colleague, open_form(colleague, edit), summary=theirs.on_one_line[:200])
        assert saved.status_code == 303, theirs
        page.locator("[name=summary]").fill(mine.on_one_line[:200])
        page.get_by_role("button", name="Spara", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Två har skrivit samtidigt")
        assert_nothing_happened(watched)
        page.get_by_role("button", name=re.compile("^Båda")).first.click()
        expect(page.locator("[name=summary]")).to_have_value(re.compile(re.escape(mine.on_one_line.split()[0])))
        assert_nothing_happened(watched)
        page.get_by_role("button", name="Spara den gemensamma texten").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Med filer")
        assert_nothing_happened(watched)


def test_what_is_said_of_what_was_just_done_stays_text(watched: Watched) -> None:
    page = watched.page
    for text in FILED[::70]:
        page.goto("/arbetssatt/filer-0/deltagare")
        for name in ("name", "title", "organisation"):
            page.locator(f"[name={name}]").last.fill(text.on_one_line[:90] or "x")
        page.locator("[name=_do][value=add]").click()
        page.wait_for_load_state()
        assert_nothing_happened(watched)
    assert page.locator("main").get_by_role("listitem").count() > 3


def test_on_paper_they_stay_texts(watched: Watched, relaxed: Relaxed) -> None:
    watched.page.emulate_media(media="print")
    pages = [pages[0] for pages in relaxed.written.pages.values()]
    beside = (f"{page}/{part}" for page in pages[:3] for part in ("historik/1", "laget"))
    assert watched.show([*pages, *beside, "/laget", "/arbetssatt"]) == []


def test_what_is_wrong_in_files_and_what_the_log_tells_stays_text(open_page: Open, relaxed: Relaxed) -> None:
    folder = relaxed.app.extensions["settings"].home / "content/practices"
    broken = []
    for text in FILED[::5]:
        front = f"title: {text.on_one_line}\nowner: sodertalje\npublication: {text.on_one_line}"
        name = text.on_one_line.replace("/", "⁄").encode()[:150].decode(errors="ignore").lstrip(".")
        for file in (folder / f"trasig-{text.number}.md", folder / f"{name}.md"):
            file.write_text(f"---\n{front}\n---\n", encoding="utf-8")
            broken.append(file)
    with relaxed.app.app_context():
        relaxed.app.extensions["archive"].reconcile()
    try:
        watched = _watched(open_page, relaxed, ADMIN)
        assert watched.show(["/problem", "/granskning", "/papperskorg"]) == []
        watched.page.goto("/problem")
        assert watched.page.get_by_role("heading", level=2).count() > len(broken) // 2
    finally:
        for file in broken:
            file.unlink()


# ---- What our own scripts do with them ----


def test_what_is_searched_for_while_one_types_stays_text(watched: Watched) -> None:
    page = watched.page
    page.goto("/sok")
    for text in TEXTS[::40]:
        with page.expect_response(lambda answer: "/sok?" in answer.url):
            page.locator("main input[type=search]").fill(text.on_one_line)
    page.wait_for_timeout(300)
    assert page.evaluate("top.hits ?? []") == []
    assert watched.asked_elsewhere == []


def test_what_is_pasted_and_what_is_linked_to_stays_text(watched: Watched) -> None:
    """Through the clipboard as HTML, to the server and back into the box, and through the list of pages."""
    page = watched.page
    page.goto("/arbetssatt/nytt?steg=2")
    area = page.locator("textarea[data-markdown]").first
    for text in FILED[::40]:
        area.fill("")
        area.evaluate(
            """async (area, html) => {
                const data = new DataTransfer();
                data.setData('text/html', `<p><b>x</b> ${html}</p>`);
                data.setData('text/plain', html);
                area.focus();
                area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
                await new Promise((done) => setTimeout(done, 250));
            }""",
            text.written,
        )
    page.locator('[data-md-button="page"]').first.click()
    for text in FILED[::60]:
        page.locator("#valj-sida input").fill(text.on_one_line)
        page.wait_for_timeout(300)
    page.locator("#valj-sida input").fill("ran")
    page.wait_for_timeout(500)
    assert page.evaluate("top.hits ?? []") == []
    assert page.locator("#valj-sida script, #valj-sida img, #valj-sida [onerror]").count() == 0
    assert watched.asked_elsewhere == []
