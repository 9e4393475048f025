// Single-letter keys for the staff pages. Everything they do can also be done without them:
// data-key="r" on a link or button is clicked by r, "/" goes to search, j and k walk rows marked data-row.
const dialog = document.getElementById("keys");
const toggle = document.getElementById("keys-switch");
const list = dialog?.querySelector("dl");
const fixed = list?.innerHTML;

// A browser may refuse storage; then the keys are on, and the switch lasts as long as the page.
let off = false;
try { off = localStorage.getItem("datarett.keys") === "off"; } catch { /* refused */ }

const typing = (element) =>
  element.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

const keyed = () => [...document.querySelectorAll("[data-key]")].filter((element) => element.checkVisibility());

const words = (element) =>
  [...element.childNodes].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join(" ").trim();

function show() {
  list.innerHTML = fixed;
  for (const element of keyed()) {
    const row = list.lastElementChild.cloneNode(true);
    row.querySelector("kbd").textContent = element.dataset.key;
    row.querySelector("dd").textContent = words(element);
    list.append(row);
  }
  toggle.checked = !off;
  dialog.showModal();
}

function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[at < 0 ? 0 : at + step]?.querySelector("a, button")?.focus();
}

function press(event) {
  if (event.key === "Escape") document.documentElement.dataset.hints = "off";
  if (off || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const target = keyed().find((element) => element.dataset.key === event.key);
  const search = () => document.querySelector("[data-search]")?.focus();
  const action = { "?": show, "/": search, j: () => walk(1), k: () => walk(-1) };
  const act = target ? () => target.click() : action[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function remember() {
  document.documentElement.dataset.keys = off ? "off" : "on";
  try { localStorage.setItem("datarett.keys", off ? "off" : "on"); } catch { /* refused */ }
}

if (dialog) {
  remember();
  toggle.addEventListener("change", () => { off = !toggle.checked; remember(); });
  document.addEventListener("keydown", press);
  for (const kind of ["pointerover", "focusin"])
    document.addEventListener(kind, () => delete document.documentElement.dataset.hints);
  for (const opener of document.querySelectorAll("[data-keys-open]")) {
    opener.hidden = false;
    opener.addEventListener("click", show);
  }
}
