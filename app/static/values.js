// The table of a measure's values: Enter goes down and makes rows, and what is pasted from a spreadsheet lands in its box.
// Without this the same is done with the buttons.

const form = document.getElementById("varden");
const body = form?.querySelector(".entry tbody");
const count = form?.elements.namedItem("rows");
const pasted = document.getElementById("pasted");

const rows = () => [...body.querySelectorAll("tr:not(.why)")];

/** One more empty row at the end, like the last one. */
function addRow() {
    const row = rows().at(-1).cloneNode(true);
    const place = Number(count.value);
    const renumbered = (text) => text.replace(/-\d+$/, `-${place}`);
    row.classList.remove("has-err");
    for (const box of row.querySelectorAll("input, select")) {
        box.id = renumbered(box.id);
        box.name = renumbered(box.name);
        box.value = "";
        box.removeAttribute("aria-invalid");
        box.removeAttribute("aria-describedby");
    }
    for (const label of row.querySelectorAll("label")) {
        label.htmlFor = renumbered(label.htmlFor);
        const said = label.querySelector(".vh");
        if (said) said.textContent = `, rad ${place + 1}`;
    }
    count.value = String(place + 1);
    body.append(row);
    return row;
}

body?.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.key !== "Enter" || box.tagName !== "INPUT") return;
    event.preventDefault();
    const row = box.closest("tr");
    const column = [...row.cells].indexOf(box.closest("td"));
    const all = rows();
    const below = all[all.indexOf(row) + 1] ?? addRow();
    below.cells[column].querySelector("input")?.focus();
});

document.getElementById("fler")?.addEventListener("click", (event) => {
    event.preventDefault();
    const first = addRow();
    for (let more = 1; more < 5; more += 1) addRow();
    first.querySelector("input").focus();
});

body?.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    pasted.value = [pasted.value.trimEnd(), text].filter(Boolean).join("\n");
    pasted.dispatchEvent(new Event("input", { bubbles: true }));
    pasted.focus();
});
