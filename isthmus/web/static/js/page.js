// Every page reads and prints without this. It opens the slips of claims beside the text, sorts tables, and searches as one types.
const $ = (query, within = document) => within.querySelector(query);
const $$ = (query, within = document) => [...within.querySelectorAll(query)];
document.documentElement.classList.add("js");

// The claim slip: a mark points at a note of the page; here the note opens beside the text.
let opener = null;

export function openSlip(id, from = null) {
  const slip = document.getElementById(id);
  if (!slip?.classList.contains("slip")) return false;
  closeSlip(false);
  slip.classList.add("is-open");
  document.body.classList.add("has-slip");
  for (const mark of $$(`.mark[href="#${CSS.escape(id)}"]`)) mark.classList.add("on");
  opener = from;
  slip.focus({ preventScroll: true });
  return true;
}

function closeSlip(back = true) {
  for (const slip of $$(".slip.is-open")) slip.classList.remove("is-open");
  for (const mark of $$(".mark.on")) mark.classList.remove("on");
  document.body.classList.remove("has-slip");
  if (back) opener?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#s-"]');
  if (link && openSlip(link.getAttribute("href").slice(1), link)) event.preventDefault();
  if (event.target.closest("[data-close]")) closeSlip();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && $(".slip.is-open")) closeSlip();
});
if (location.hash.startsWith("#s-")) openSlip(decodeURIComponent(location.hash.slice(1)));

// A wide drawing on a small screen starts where most of it is.
for (const box of $$("[data-at]")) box.scrollLeft = (box.scrollWidth - box.clientWidth) * box.dataset.at;

// Tables: sort by what stands in data-v, or by the text.
for (const button of $$("th[aria-sort] button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th");
    const body = $("tbody", head.closest("table"));
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of $$("th[aria-sort]", head.parentNode)) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = (row) => row.cells[head.cellIndex].dataset.v ?? row.cells[head.cellIndex].textContent.trim();
    const order = (a, b) => (isNaN(value(a)) || isNaN(value(b)) ? value(a).localeCompare(value(b)) : value(a) - value(b));
    body.append(...[...body.rows].sort((a, b) => order(a, b) * (up ? 1 : -1)));
  });
}

// Search as one types: the list comes from the server as it is drawn there.
for (const form of $$("form[data-find]")) {
  const field = $("input[type=search]", form);
  const list = $("[data-results]", form);
  let wait = null;
  let asked = null;
  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(async () => {
      asked?.abort();
      const text = field.value.trim();
      list.hidden = !text;
      if (!text) return;
      asked = new AbortController();
      const query = new URLSearchParams(new FormData(form));
      try {
        const answer = await fetch(`/find/list?${query}`, { signal: asked.signal });
        if (answer.ok) list.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
      } catch (error) {
        if (error.name !== "AbortError") list.hidden = true;
      }
    }, 80);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") $("a", list)?.focus();
    if (event.key === "Escape") list.hidden = true;
  });
}
