// Suggestions while somebody types in a search box. The form works without them, and the focus never leaves the box:
// the combobox with a list of the WAI-ARIA Authoring Practices.

const PAUSE = 150;
// What may become a personal number is not sent before somebody asks for it.
const LONG_NUMBER = /\d(?:[\s.+–-]*\d){5}/;

/** An element with attributes and what stands in it; texts stay texts. */
function element(name, attributes, ...inside) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    made.append(...inside);
    return made;
}

/** A suggestion as an option: what it is called, and what it is. */
function optionOf(one, id) {
    const text = one.kind === "spelling" ? ["Menade du ", element("strong", {}, one.text), "?"] : [one.text];
    const note = element("small", {}, one.kind === "word" ? "sök" : one.about);
    return element("li", { role: "option", id, "aria-selected": "false" }, element("span", {}, ...text), " ", note);
}

function suggestTo(box) {
    const form = box.form;
    const list = element("ul", { role: "listbox", id: `${box.id}-forslag`, class: "suggested", "aria-label": "Förslag" });
    const said = element("div", { class: "vh", role: "status", "aria-live": "polite" });
    let found = [];
    let active = -1;
    let waiting = 0;
    let asking = null;

    list.hidden = true;
    box.after(list, said);
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    for (const [name, value] of Object.entries(combobox)) box.setAttribute(name, value);

    function show(open) {
        list.hidden = !open;
        box.setAttribute("aria-expanded", String(open));
        activate(-1);
    }

    function activate(number) {
        list.children[active]?.setAttribute("aria-selected", "false");
        active = number;
        const option = list.children[active];
        if (!option) {
            box.removeAttribute("aria-activedescendant");
            return;
        }
        option.setAttribute("aria-selected", "true");
        option.scrollIntoView({ block: "nearest" });
        box.setAttribute("aria-activedescendant", option.id);
    }

    /** Forget what is asked for and close the list; what is answered later is not shown. */
    function stop() {
        clearTimeout(waiting);
        asking?.abort();
        said.textContent = "";
        show(false);
    }

    async function ask() {
        asking?.abort();
        asking = new AbortController();
        const asked = box.value;
        try {
            const address = `${box.dataset.suggest}&q=${encodeURIComponent(asked)}`;
            const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
            const told = answer.ok ? await answer.json() : { suggestions: [] };
            if (asked === box.value && document.activeElement === box) fill(told.suggestions);
        } catch (error) {
            if (error.name !== "AbortError") stop();
        }
    }

    function fill(suggestions) {
        found = suggestions;
        list.replaceChildren(...found.map((one, number) => optionOf(one, `${list.id}-${number}`)));
        active = -1;
        show(found.length > 0);
        said.textContent = found.length ? `${found.length} förslag` : "";
    }

    function choose(number) {
        const one = found[number];
        stop();
        if (one.kind === "word" || one.kind === "spelling") {
            box.value = one.text;
            form.requestSubmit();
        } else {
            location.assign(one.url);
        }
    }

    // While a letter is being put together (IME, dead keys) nothing is searched for, here or in the results.
    form.addEventListener("input", (event) => event.isComposing && event.stopPropagation(), true);
    box.addEventListener("compositionend", () => box.dispatchEvent(new Event("input", { bubbles: true })));

    box.addEventListener("input", () => {
        clearTimeout(waiting);
        if (box.value.trim() && !LONG_NUMBER.test(box.value)) waiting = setTimeout(ask, PAUSE);
        else stop();
    });
    box.addEventListener("keydown", (event) => {
        if (event.isComposing || event.ctrlKey || event.metaKey) return;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && !event.altKey && found.length) {
            event.preventDefault();
            if (list.hidden) show(true);
            // Between the last and the first stands what is typed, without a choice.
            const places = found.length + 1;
            activate(((active + 1 + step + places) % places) - 1);
        } else if (event.key === "Enter" && !list.hidden && active >= 0) {
            event.preventDefault();
            choose(active);
        } else if (event.key === "Escape" && !list.hidden) {
            event.preventDefault();
            stop();
        }
    });
    box.addEventListener("blur", stop);
    form.addEventListener("submit", stop);
    // The press would take the focus from the box before the click arrives.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) choose([...list.children].indexOf(option));
    });
}

document.querySelectorAll("input[data-suggest]").forEach(suggestTo);
