// What the pages do beyond links and forms. Everything works without it.

const csrf = document.querySelector('meta[name="csrf-token"]');
const said = document.getElementById("besked");

/** Say something to those who do not see the page change and, where one writes, to everybody. */
function say(text) {
    const kept = document.getElementById("utkast");
    if (!kept) {
        if (said) said.textContent = text;
        return;
    }
    const words = document.createElement("p");
    words.className = "err";
    words.textContent = text;
    kept.replaceChildren(words);
}

if (csrf) {
    document.addEventListener("htmx:configRequest", (event) => {
        event.detail.headers["X-CSRFToken"] = csrf.content;
    });
}

// A signed-out person's background save changes nothing on the page: the text stays where it was typed.
document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401 || status === 400) {
        say("Du har loggats ut. Det du har skrivit är kvar på sidan. Tryck på Spara för att logga in och spara.");
    } else {
        say("Det gick inte just nu. Försök igen om en stund.");
    }
});
document.addEventListener("htmx:sendError", () => say("Det går inte att nå Lärnät. Det du har skrivit är kvar på sidan."));

// Without scripts the browser's own menu prints; the page says so.
for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
}

// What is folded away belongs to the page when it is printed.
window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details:not([open])")) {
        details.open = true;
        details.dataset.printed = "";
    }
});
window.addEventListener("afterprint", () => {
    for (const details of document.querySelectorAll("details[data-printed]")) {
        details.open = false;
        delete details.dataset.printed;
    }
});

// An error summary is where the eyes and the screen reader should go first.
document.querySelector("[data-focus]")?.focus();
// The same for what htmx puts in its place; without this the focus is lost when a page of hits is turned.
document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector?.("[data-focus]")?.focus());
