// While one writes: what is typed is kept also when one leaves, marks have keys, a page to link to is found by its title,
// and what is pasted from Word or the web keeps its headings, lists and tables. All of it can be typed without this.

const form = document.getElementById("skriv") ?? document.getElementById("varden");
const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

if (form) {
    keepWhatIsTyped();
    form.addEventListener("keydown", pressMark);
    form.addEventListener("click", (event) => {
        const tool = event.target.closest("[data-md-button=page]");
        if (tool) choosePage(document.getElementById(tool.parentElement.getAttribute("for")));
    });
    form.addEventListener("paste", pasteMarked);
}

/** Put text in the place of a part of a box, as if it had been typed: it can be undone, and is kept. */
function insert(area, start, end, text) {
    if (document.activeElement === area) {
        area.setSelectionRange(start, end);
        if (document.execCommand("insertText", false, text)) return;
    }
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
}

// ---- Nothing that is typed is lost ----

// As much as a browser takes along when its window is closed.
const MOST_TAKEN_ALONG = 60_000;

function keepWhatIsTyped() {
    let waiting = false; // something is typed that the server does not have
    let refused = false; // the server could not be reached, or did not keep it
    let leaving = false; // the form is sent by one of its buttons

    const isOurs = (event) => event.detail.elt === form || form.contains(event.detail.elt);

    form.addEventListener("input", () => {
        waiting = true;
        window.addEventListener("beforeunload", warn);
    });
    form.addEventListener("submit", () => {
        leaving = true;
        window.htmx?.trigger(form, "htmx:abort");
    });
    document.addEventListener("htmx:beforeRequest", (event) => {
        if (!isOurs(event)) return;
        // A background save that comes after the save would keep what is saved as half written.
        if (leaving) event.preventDefault();
        else waiting = false;
    });
    document.addEventListener("htmx:afterRequest", (event) => {
        if (!isOurs(event) || leaving) return;
        const { successful, xhr } = event.detail;
        refused = !successful || xhr.responseText.includes('class="err"');
        waiting ||= refused;
        if (!waiting) window.removeEventListener("beforeunload", warn);
        // Who reloads the page, or comes back to it, goes on with what was kept.
        if (successful && form.dataset.address) history.replaceState(history.state, "", form.dataset.address);
    });
    window.addEventListener("pageshow", (event) => {
        if (!event.persisted) return;
        waiting ||= leaving;
        leaving = false;
    });
    window.addEventListener("pagehide", takeAlong);
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden") takeAlong();
    });

    function fields() {
        const found = new FormData(form);
        found.delete("_files");
        found.delete("_file");
        return found;
    }

    function takeAlong() {
        if (!waiting || leaving) return;
        if (navigator.sendBeacon(form.getAttribute("hx-post"), fields())) waiting = refused;
    }

    function warn(event) {
        const size = () => new Blob([...fields().values()]).size;
        if (waiting && !leaving && (refused || size() > MOST_TAKEN_ALONG)) event.preventDefault();
    }
}

// ---- Marks by keys ----

const KEYS = { b: "bold", i: "italic", k: "page" };

function pressMark(event) {
    const mark = KEYS[event.key.toLowerCase()];
    if (!mark || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (!event.target.matches("textarea[data-markdown]")) return;
    const tool = document.querySelector(`markdown-toolbar[for="${event.target.id}"] [data-md-button="${mark}"]`);
    if (!tool) return;
    event.preventDefault();
    tool.click();
}

// ---- A page to link to ----

const chooser = document.getElementById("valj-sida");
let linkTo = () => {};

if (chooser) {
    const question = chooser.querySelector("input");
    let timer = 0;
    question.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => find(question.value), 200);
    });
    // Enter takes the first page that was found, and does not close the dialog.
    question.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        chooser.querySelector("[data-link]")?.focus();
    });
    chooser.addEventListener("click", (event) => {
        const found = event.target.closest("[data-link]");
        if (found) chooser.close(found.dataset.link);
    });
    chooser.addEventListener("close", () => linkTo(chooser.returnValue));
}

function choosePage(area) {
    const [start, end] = [area.selectionStart, area.selectionEnd];
    const words = area.value.slice(start, end);
    const oneLine = words.replace(/[[\]|\s]+/g, " ").trim();
    linkTo = (link) => {
        area.focus();
        area.setSelectionRange(start, end);
        if (link) insert(area, start, end, oneLine ? `[[${link}|${oneLine}]]` : `[[${link}]]`);
    };
    chooser.returnValue = "";
    chooser.querySelector("input").value = oneLine;
    chooser.showModal();
    chooser.querySelector("input").select();
    find(oneLine);
}

async function find(words) {
    const said = chooser.querySelector("[role=status]");
    try {
        const answer = await fetch(`${chooser.dataset.url}?${new URLSearchParams({ q: words })}`);
        if (!answer.ok) throw new Error(String(answer.status));
        const list = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("ul");
        if (chooser.querySelector("input").value.trim() !== words.trim()) return;
        chooser.querySelector("[data-found]").replaceChildren(list);
        said.textContent = list.dataset.told;
    } catch {
        said.textContent = "Det går inte att söka just nu. Skriv sidans adress mellan dubbla hakparenteser i stället.";
    }
}

// ---- Pasting from Word and the web ----

const LARGEST = 2_000_000;
const PATIENCE_MS = 8_000;
// What says more than the words do.
const MARKED =
    /<(?:h[1-6]|b|strong|i|em|a|[uo]l|li|table|td|blockquote)\b|mso-|font-weight:\s*(?:bold|[6-9]00)|font-style:\s*italic/i;
const BLOCK = /\n|^(?:#|- |> |\||\d+\. )/;

/** The plain text is pasted at once; when it comes back with its marks they take its place, in a step of their own. */
async function pasteMarked(event) {
    const area = event.target;
    if (!area.matches?.("textarea[data-markdown]")) return;
    const html = event.clipboardData.getData("text/html");
    const plain = event.clipboardData.getData("text/plain");
    if (!plain.trim() || html.length > LARGEST || !MARKED.test(html)) return;
    event.preventDefault();
    const start = area.selectionStart;
    insert(area, start, area.selectionEnd, plain);
    const pasted = area.value.slice(start, area.selectionEnd);
    const answer = await marked(html);
    if (!answer?.text || sameWords(answer.text, plain)) return tell(area, leftOut(answer));
    const at = placeOf(area, start, pasted);
    if (at < 0) return tell(area, "Klistrades in som ren text, för att du hann ändra i den.");
    replace(area, at, at + pasted.length, around(area, at, at + pasted.length, answer.text, plain));
    tell(area, `Rubriker, listor och länkar följde med. Ctrl+Z ger ren text.${leftOut(answer)}`);
}

async function marked(html) {
    try {
        const headers = { "Content-Type": "text/html; charset=utf-8", "X-CSRFToken": token };
        const signal = AbortSignal.timeout(PATIENCE_MS);
        const answer = await fetch(form.dataset.paste, { method: "POST", headers, body: html, signal });
        return answer.ok ? await answer.json() : null;
    } catch {
        return null;
    }
}

const sameWords = (one, other) => one.replace(/\s+/g, "") === other.replace(/\s+/g, "");

/** Where the pasted text stands now, somebody may have typed before it; -1 where it has been changed. */
function placeOf(area, start, pasted) {
    if (area.value.startsWith(pasted, start)) return start;
    const at = area.value.indexOf(pasted);
    return at === area.value.lastIndexOf(pasted) ? at : -1;
}

/** Headings, lists and tables stand in paragraphs of their own; words in a line keep the spaces around them. */
function around(area, start, end, text, plain) {
    if (!BLOCK.test(text)) return /^[ \t]*/.exec(plain)[0] + text + /[ \t]*$/.exec(plain)[0];
    const [before, after] = [area.value.slice(0, start), area.value.slice(end)];
    const missing = (there) => "\n".repeat(Math.max(0, 2 - there));
    const gap = before.trim() ? missing(/\n*$/.exec(before)[0].length) : "";
    return gap + text + (after.trim() ? missing(/^\n*/.exec(after)[0].length) : "");
}

/** Put text in the place of other text, and leave the cursor where somebody has gone on writing. */
function replace(area, start, end, text) {
    const typed = area.selectionStart >= end ? area.selectionStart - end : 0;
    const beforeIt = area.selectionStart < start ? area.selectionStart : -1;
    insert(area, start, end, text);
    const cursor = beforeIt < 0 ? start + text.length + typed : beforeIt;
    area.setSelectionRange(cursor, cursor);
}

function leftOut(answer) {
    const number = answer?.pictures ?? 0;
    if (!number) return "";
    if (number === 1) return " En bild följde inte med: klistra in den för sig.";
    return ` ${number} bilder följde inte med: klistra in dem för sig.`;
}

/** What came of it, below the box, for those who see and those who hear. */
function tell(area, words) {
    const below = area.parentElement.querySelector(".under-text");
    let said = below.querySelector(".told");
    if (!said) {
        said = document.createElement("p");
        said.className = "hint told";
        said.role = "status";
        below.append(said);
    }
    said.textContent = words.trim();
}
