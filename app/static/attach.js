// Pictures and files while one writes: pasted, dropped or chosen, sent at once, and put into the text where they belong.
// Without this the same is done with the file field and its button.

const form = document.getElementById("skriv");
const said = document.getElementById("besked");
const box = () => document.getElementById("filer");
const OLD_PAGE = "Du har loggats ut. Det du har skrivit är kvar på sidan. Tryck på Spara för att logga in och spara.";
const UNREACHABLE = "Det går inte att nå Lärnät. Det du har skrivit är kvar på sidan.";

function say(text) {
    if (said) said.textContent = text;
}

/** Send a form's fields; resolves with the request when it has been answered, and shows how far it has come. */
function send(url, fields) {
    const progress = box()?.querySelector("progress");
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", url);
        request.upload.addEventListener("progress", (event) => {
            if (!progress || !event.lengthComputable) return;
            progress.hidden = false;
            progress.value = Math.round((100 * event.loaded) / event.total);
        });
        request.addEventListener("load", () => resolve(request));
        request.addEventListener("error", reject);
        request.addEventListener("loadend", () => {
            if (progress) progress.hidden = true;
        });
        request.send(fields);
    });
}

function parsed(html) {
    return new DOMParser().parseFromString(html, "text/html");
}

// ---- In a form ----

/** The picture as it is on the sender's own machine: whoever says what it shows has to see it. */
async function draw(file, canvas) {
    canvas.removeAttribute("width");
    try {
        const picture = await createImageBitmap(file, { resizeWidth: 512, resizeQuality: "medium" });
        canvas.width = picture.width;
        canvas.height = picture.height;
        canvas.getContext("2d").drawImage(picture, 0, 0);
        picture.close();
    } catch {
        // It is described without being seen, and refused if it is none.
    }
}

/** What a picture shows, as its author says it; null where they changed their mind. */
function askWhatItShows(file) {
    const dialog = document.getElementById("beskriv");
    const text = dialog.querySelector("input");
    dialog.querySelector("[data-name]").textContent = file.name || "bilden";
    text.value = "";
    draw(file, dialog.querySelector("canvas"));
    dialog.returnValue = "";
    dialog.showModal();
    text.focus();
    return new Promise((resolve) => {
        dialog.addEventListener("close", () => resolve(dialog.returnValue ? text.value.trim() : null), { once: true });
    });
}

/** Keep one file for the form, and put it into the text at its place if it has one. Whether it was taken. */
async function keep(file, place) {
    const largest = Number(box().dataset.largest);
    if (file.size > largest && !file.type.startsWith("image/")) {
        say(`${file.name} är för stor. Den får vara högst ${Math.round(largest / 1_000_000)} MB.`);
        return false;
    }
    const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(file.type);
    const alt = isPicture ? await askWhatItShows(file) : "";
    if (alt === null) return false;
    const fields = new FormData();
    fields.append("csrf_token", form.elements.csrf_token.value);
    fields.append("_token", form.elements._token.value);
    fields.append("_alt", alt);
    for (const mark of new FormData(form).getAll("_declared")) fields.append("_declared", mark);
    fields.append("_files", file, file.name || "bild.png");
    say(`Skickar ${file.name}.`);
    let answer;
    try {
        answer = await send(box().dataset.upload, fields);
    } catch {
        say(UNREACHABLE);
        return false;
    }
    const section = parsed(answer.responseText).getElementById("filer");
    if (!section) {
        say(answer.status === 413 ? `${file.name} är för stor.` : answer.status < 500 ? OLD_PAGE : UNREACHABLE);
        return false;
    }
    show(section);
    if (answer.status >= 400) {
        section.querySelector('[role="alert"]')?.focus();
        return false;
    }
    if (place) insert(place, section.dataset.insert);
    say(`${file.name} är tillagd. Den sparas när du sparar sidan.`);
    return true;
}

/** Put the answer in the place of the form's part of files, with what has been typed there meanwhile. */
function show(section) {
    for (const field of box().querySelectorAll("input[type=text]")) {
        const same = section.querySelector(`#${CSS.escape(field.id)}`);
        if (same && field.value) same.value = field.value;
    }
    box().replaceWith(section);
    listen(section);
}

/** Where the cursor is: a dialog in between may take it away. */
const placeIn = (area) => ({ area, start: area.selectionStart, end: area.selectionEnd });

/** Pictures stand in a paragraph of their own. */
function insert(place, text) {
    if (!text) return;
    const { area } = place;
    const [before, after] = [area.value.slice(0, place.start), area.value.slice(place.end)];
    const picture = text.startsWith("!");
    const gap = picture && before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "";
    const end = picture && after && !after.startsWith("\n") ? "\n\n" : "";
    area.setRangeText(gap + text + end, place.start, place.end, "end");
    place.start = place.end = area.selectionEnd;
    area.dispatchEvent(new Event("input", { bubbles: true }));
}

async function keepAll(files, area) {
    const place = area && placeIn(area);
    for (const file of files) {
        const taken = await keep(file, place);
        if (!taken) break;
    }
    if (area && !box().querySelector('[role="alert"]')) area.focus();
}

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const places = "textarea, #filer";

function listen(section) {
    section.querySelector("[data-scripted]")?.removeAttribute("hidden");
    const chooser = section.querySelector("input[type=file]");
    chooser.addEventListener("change", async () => {
        const chosen = [...chooser.files];
        chooser.value = "";
        await keepAll(chosen, null);
        if (!box().querySelector('[role="alert"]')) box().focus();
    });
}

if (form && box()) {
    listen(box());
    form.addEventListener("paste", (event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        // Word and Excel lay a picture of the text beside the text: then the text is what is meant.
        if (!files.length || event.target.tagName !== "TEXTAREA" || event.clipboardData.getData("text/plain")) return;
        event.preventDefault();
        keepAll(files, event.target);
    });
    form.addEventListener("dragover", (event) => {
        const place = event.target.closest(places);
        if (!place || !hasFiles(event)) return;
        event.preventDefault();
        place.classList.add("dropping");
    });
    form.addEventListener("dragleave", (event) => event.target.closest(places)?.classList.remove("dropping"));
    form.addEventListener("drop", (event) => {
        const place = event.target.closest(places);
        if (!place || !hasFiles(event)) return;
        event.preventDefault();
        place.classList.remove("dropping");
        keepAll([...event.dataTransfer.files], place.tagName === "TEXTAREA" ? place : null);
    });
}

// ---- On a page's own page of files ----

const page = box()?.tagName === "FORM" ? box() : null;
if (page) startPage(page);

function startPage(adding) {
    const chooser = adding.querySelector("input[type=file]");
    adding.addEventListener("dragover", (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        adding.classList.add("dropping");
    });
    adding.addEventListener("dragleave", () => adding.classList.remove("dropping"));
    adding.addEventListener("drop", (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        adding.classList.remove("dropping");
        chooser.files = event.dataTransfer.files;
        say(`${chooser.files.length} valda filer. Tryck på Lägg till.`);
    });
    adding.addEventListener("submit", async (event) => {
        event.preventDefault();
        try {
            const answer = await send(adding.action, new FormData(adding, event.submitter));
            const main = parsed(answer.responseText).querySelector("main");
            document.querySelector("main").replaceWith(main);
            history.replaceState(null, "", answer.responseURL);
            (main.querySelector("[autofocus]") ?? main).focus();
            if (box()?.tagName === "FORM") startPage(box());
        } catch {
            say(UNREACHABLE);
        }
    });
}
