// Slow parts arrive after the page: each is a page of its own, of which the body of the part and its slips are taken over.
// Without this script each is a link.

const slips = () => document.getElementById("notes") ?? document.querySelector("main").appendChild(empty());

function empty() {
  const notes = document.createElement("div");
  notes.className = "notes";
  notes.id = "notes";
  notes.innerHTML = "<h2>Claims on this page</h2>";
  return notes;
}

// A claim has one number on a page: that of its slip. New ones count on from the last.
function takeSlips(part, box) {
  const known = new Map([...document.querySelectorAll(".slip")].map((slip) => [slip.id, slip]));
  let last = known.size;
  for (const slip of part.querySelectorAll(".slip")) {
    if (known.has(slip.id)) continue;
    const head = slip.querySelector("header b");
    if (head) head.textContent = `Claim ${++last}`;
    known.set(slip.id, slip);
    slips().append(document.adoptNode(slip));
  }
  for (const mark of box.querySelectorAll('a.mark[href^="#s-"]')) {
    const slip = known.get(decodeURIComponent(mark.getAttribute("href").slice(1)));
    const told = slip?.querySelector("header b")?.textContent.replace("Claim ", "");
    if (!told) continue;
    mark.setAttribute("aria-label", mark.getAttribute("aria-label")?.replace(/^claim \d+/, `claim ${told}`) ?? `claim ${told}`);
    mark.textContent = told;
  }
}

async function load(box) {
  const link = box.innerHTML;
  if (!("quiet" in box.dataset)) {
    box.setAttribute("aria-busy", "true");
    box.innerHTML = '<p class="note waiting">Reading the claims that bear on this …</p>';
  }
  try {
    const answer = await fetch(box.dataset.later, { headers: { "X-Part": "1" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    const body = part.querySelector("[data-part]");
    if (!body) throw new Error("no part");
    const fresh = document.createElement("div");
    fresh.append(...[...body.childNodes].map((node) => document.adoptNode(node)));
    takeSlips(part, fresh);
    if ("quiet" in box.dataset && !fresh.querySelector(".maybe")) box.replaceChildren();
    else box.replaceChildren(fresh);
    for (const wide of box.querySelectorAll("[data-at]")) wide.scrollLeft = (wide.scrollWidth - wide.clientWidth) * wide.dataset.at;
  } catch {
    // What could not be read stays a link, which says on its own page what went wrong.
    box.innerHTML = link;
  }
  box.removeAttribute("aria-busy");
  document.dispatchEvent(new CustomEvent("later", { detail: box }));
}

// One after the other: two slow parts at once only wait for one another.
(async () => {
  for (const box of document.querySelectorAll("[data-later]")) await load(box);
  document.documentElement.dataset.whole = "yes";
})();
