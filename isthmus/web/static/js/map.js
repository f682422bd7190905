// The map on the screen: moved by mouse, touch and keys; the list beside it comes from the server for the part that is seen.
// Without this script the page has the same map as a drawing, and the same list.
import { Drawing } from "./map_canvas.js";
import { Sites, lastDay } from "./map_data.js";

const $ = (query, within = document) => within.querySelector(query);
const box = $("[data-map]");
const canvas = $("canvas", box);
const svg = $("svg.draw", box);
const card = $(".card", box);
const beside = $("#beside");
const FRAME = ["as_of", "known_at", "without", "ceiling"];
let asOf = box.dataset.asOf;
let touched = Boolean(box.dataset.view);
let sites = null;
let listing = null;
let loading = null;
let drawing = null;

function address(path, change = {}) {
  const found = new URL(path, location.href);
  for (const [key, value] of Object.entries(change)) value ? found.searchParams.set(key, value) : found.searchParams.delete(key);
  return found.pathname + found.search;
}

function entity(id) {
  const query = new URLSearchParams();
  for (const [key, value] of new URLSearchParams(location.search)) if (FRAME.includes(key) && key !== "as_of") query.append(key, value);
  if (asOf) query.set("as_of", asOf);
  return `/entity/${encodeURIComponent(id)}${query.size ? `?${query}` : ""}`;
}

// -- the list, always in step ---------------------------------------------------------------------------------------------

function here() {
  const view = touched && !drawing.isWorld() ? drawing.view().map((part) => part.toFixed(2)).join(",") : "";
  return { as_of: asOf, view };
}

function busy() {
  clearTimeout(listing?.timer);
  listing?.asked?.abort();
  $("[data-rows]", beside).setAttribute("aria-busy", "true");
}

function excuse() {
  const told = document.createElement("p");
  told.className = "note";
  told.textContent = "The list could not be read for this part of the map. Move the map to try again.";
  $("[data-rows]", beside).prepend(told);
  $("[data-rows]", beside).removeAttribute("aria-busy");
}

function inStep(wait = 180) {
  busy();
  const rows = $("[data-rows]", beside);
  const mine = (listing = { asked: new AbortController() });
  mine.timer = setTimeout(async () => {
    const change = here();
    try {
      const answer = await fetch(address(box.dataset.list, change), { signal: mine.asked.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = $("[data-part]", part);
      if (!fresh) throw new Error("no list");
      takeRows(part, fresh);
      $("[data-head]", beside).textContent = change.view ? "In this view" : "Listed";
      $("[data-shown]", beside).textContent = Number(fresh.dataset.total).toLocaleString("en");
      $("[data-noun]", beside).textContent = fresh.dataset.total === "1" ? "site" : "sites";
      history.replaceState(null, "", address(box.dataset.here, change));
      keepView(change.view);
      rows.removeAttribute("aria-busy");
    } catch (error) {
      if (error.name !== "AbortError") excuse();
    }
  }, wait);
}

// The date form of the frame keeps the part of the map that is seen.
function keepView(view) {
  const form = $("form.asof");
  const field = $('input[name="view"]', form);
  if (!view) field?.remove();
  else if (field) field.value = view;
  else form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "view", value: view }));
}

// The claims of the page are those of the rows: they come and go with them.
function takeRows(part, fresh) {
  const rows = $("[data-rows]", beside);
  rows.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  const counts = $("[data-counts]", part);
  if (counts) $("[data-counts]").replaceWith(document.adoptNode(counts));
  const notes = $("#notes", part);
  const old = $("#notes");
  if (notes) old ? old.replaceWith(document.adoptNode(notes)) : $("main").append(document.adoptNode(notes));
  else old?.remove();
}

// -- the card of what is under the pointer or the key ----------------------------------------------------------------------

function element(name, text, more = {}) {
  const made = Object.assign(document.createElement(name), more);
  if (text) made.textContent = text;
  return made;
}

function linked(id, name) {
  return element("a", name.length > 90 ? `${name.slice(0, 89)}…` : name, { href: entity(id) });
}

const WORDS = { supplies: "supplied by", builds: "built by", develops: "developed by", operates: "run by", owns: "owned by", finances: "financed by" };

function tell(site) {
  const { id, name, kind, status, rows } = sites.told(site);
  const head = element("p");
  head.append(linked(id, name), element("br"), element("small", `${kind.replaceAll("_", " ")}, ${status}`));
  const lines = rows.slice(0, 3).map((row) => {
    const line = element("p");
    const small = element("small", `${WORDS[row.role] ?? row.role} `);
    small.append(linked(row.id, row.name));
    const own = row.sure.length === 1 && row.sure[0].id === row.id;
    if (row.sure.length && !own) small.append("; controlled by ", ...row.sure.map((top) => linked(top.id, top.name)));
    if (row.may.length) small.append("; ", linked(row.may[0].id, row.may[0].name), row.may.length > 1 ? ` and ${row.may.length - 1} more` : "", " may control it");
    line.append(small);
    return line;
  });
  return [head, ...lines, ...(rows.length > 3 ? [element("small", `and ${rows.length - 3} more parties`)] : [])];
}

function lands(badges) {
  const named = badges.map((one) => sites.data.countries[one.country]?.[1] ?? "a country");
  return named.length > 6 ? `${named.slice(0, 5).join(", ")} and ${named.length - 5} more countries` : named.join(", ");
}

function tellAll(hit) {
  const { spots } = sites.data;
  const ids = hit.spots.map((spot) => spots.site[spot]);
  if (ids.length === 1 && !hit.badge) return tell(ids[0]);
  const head = element("p", `${ids.length.toLocaleString("en")} ${ids.length === 1 ? "site" : "sites"}${hit.badge ? `, known only to lie in ${lands(hit.badge)}` : " here"}`);
  const list = element("ul");
  for (const site of ids.slice(0, 5)) {
    const line = element("li");
    line.append(linked(sites.data.sites.id[site], sites.data.sites.name[site]));
    list.append(line);
  }
  const rest = ids.length > 5 ? [element("small", `and ${(ids.length - 5).toLocaleString("en")} more: see the list`)] : [];
  return [head, list, ...rest];
}

function openCard(hit) {
  card.replaceChildren(...tellAll(hit));
  card.hidden = false;
  const x = Math.min(Math.max(hit.x + 12, 4), Math.max(4, drawing.w - card.offsetWidth - 4));
  const below = hit.y + 14 + card.offsetHeight < drawing.h;
  card.style.transform = `translate(${Math.round(x)}px, ${Math.round(below ? hit.y + 14 : Math.max(4, hit.y - 14 - card.offsetHeight))}px)`;
  drawing.on = hit.spots[0];
  mark(hit.spots.map((spot) => sites.data.sites.id[sites.data.spots.site[spot]]));
  drawing.draw();
}

function closeCard() {
  if (card.hidden) return;
  card.hidden = true;
  drawing.on = -1;
  mark([]);
  drawing.draw();
}

function mark(ids) {
  const wanted = new Set(ids);
  for (const row of beside.querySelectorAll("li[data-site]")) row.classList.toggle("on", wanted.has(row.dataset.site));
}

// A crowd comes nearer until it comes apart; what lies at one and the same point is told.
function choose(hit) {
  if (!hit) return closeCard();
  const { x, y } = sites;
  const spread = Math.max(...hit.spots.slice(0, 500).map((i) => Math.hypot(x[i] - x[hit.spots[0]], y[i] - y[hit.spots[0]])));
  const apart = hit.badge ? hit.badge.length > 1 : spread > 0.02;
  if (hit.spots.length > 1 && apart && drawing.k < drawing.least * 70) {
    closeCard();
    const many = hit.spots;
    const [cx, cy] = [many.reduce((sum, i) => sum + x[i], 0) / many.length, many.reduce((sum, i) => sum + y[i], 0) / many.length];
    drawing.place(drawing.k * 2.5, cx, cy);
  } else openCard(hit);
}

// -- mouse, touch, keys ----------------------------------------------------------------------------------------------------

const fingers = new Map();
let dragged = false;

function at(event) {
  const edge = canvas.getBoundingClientRect();
  return [event.clientX - edge.left, event.clientY - edge.top];
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, at(event));
  dragged = fingers.size > 1;
});
canvas.addEventListener("pointermove", (event) => {
  const now = at(event);
  const before = fingers.get(event.pointerId);
  if (!before) {
    canvas.classList.toggle("over", Boolean(sites && drawing.under(...now)));
    return;
  }
  if (!dragged && Math.hypot(now[0] - before[0], now[1] - before[1]) < 4) return;
  dragged = true;
  touched = true;
  closeCard();
  canvas.classList.add("moving");
  if (fingers.size === 2) {
    const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
    const [was, is] = [Math.hypot(before[0] - other[0], before[1] - other[1]), Math.hypot(now[0] - other[0], now[1] - other[1])];
    if (was > 0) drawing.zoom(is / was, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
  } else drawing.pan(now[0] - before[0], now[1] - before[1]);
  fingers.set(event.pointerId, now);
});
for (const kind of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(kind, (event) => {
    fingers.delete(event.pointerId);
    canvas.classList.remove("moving");
  });
}
// A click, not the finger's leaving: else the click that follows it would fall on the card that has just come up there.
canvas.addEventListener("click", (event) => {
  if (dragged || !sites) return;
  touched = true;
  choose(drawing.under(...at(event)));
});
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  touched = true;
  closeCard();
  drawing.zoom(2 ** (-event.deltaY / (event.deltaMode ? 12 : 300)), ...at(event));
}, { passive: false });
const MOVES = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  const known = key in MOVES || ["+", "=", "-", "0", "Enter", "Escape"].includes(key);
  if (!known) return;
  event.preventDefault();
  touched = true;
  if (key === "Escape") return closeCard();
  if (key === "Enter") {
    const hit = sites && drawing.nearest(drawing.w / 2, drawing.h / 2);
    if (hit) openCard(hit);
    $("a", card)?.focus();
    return;
  }
  closeCard();
  if (key in MOVES) drawing.pan(...MOVES[key]);
  else if (key === "0") drawing.world();
  else drawing.zoom(key === "-" ? 1 / 1.5 : 1.5);
});
card.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  closeCard();
  canvas.focus();
});
for (const [name, act] of [["in", () => drawing.zoom(1.6)], ["out", () => drawing.zoom(1 / 1.6)], ["world", () => drawing.world()]]) {
  $(`[data-${name}]`, box).addEventListener("click", () => {
    touched = true;
    closeCard();
    act();
  });
}
beside.addEventListener("pointerover", (event) => {
  const row = event.target.closest("li[data-site]");
  const site = row && sites ? sites.data.sites.id.indexOf(row.dataset.site) : -1;
  drawing.on = site < 0 ? -1 : sites.spotsFrom[site];
  drawing.draw();
});

// -- the date ---------------------------------------------------------------------------------------------------------------

const slider = $("#until");
const time = $("[data-time]", box);
let playing = null;

function say() {
  $("#until-out").textContent = asOf || "any date";
  const field = $("#as-of");
  if (field) field.value = asOf;
  for (const hidden of document.querySelectorAll('form input[type=hidden][name="as_of"]')) hidden.value = asOf;
}

// Where the choice rests on who is tied to a site, or on its stage, the server is asked for the day; else all days are here.
async function until(text, wait = 180) {
  asOf = text;
  say();
  closeCard();
  busy();
  if (box.dataset.asksAgain) {
    try {
      await load();
    } catch (error) {
      if (error.name !== "AbortError") excuse();
      return;
    }
  } else {
    sites.at(asOf ? lastDay(asOf) : null);
    drawing.show(sites);
  }
  inStep(wait);
}

function stop() {
  clearInterval(playing);
  playing = null;
  $("[data-play]", box).textContent = "Play";
}

// The years come from what was read: of a picture of one day, what comes later is not known, so it may go on until today.
function years() {
  let [first, last] = sites.years();
  if (asOf && box.dataset.asksAgain) last = Math.max(last, new Date().getFullYear());
  if (first > last) return;
  slider.min = first;
  slider.max = last;
  slider.value = asOf ? asOf.slice(0, 4) : last;
  time.hidden = false;
}

if (slider) {
  slider.addEventListener("input", () => (stop(), until(slider.value)));
  $("[data-any]", box).addEventListener("click", () => (stop(), until("")));
  $("[data-play]", box).addEventListener("click", () => {
    if (playing) return stop(), inStep();
    if (!asOf || Number(slider.value) >= Number(slider.max)) slider.value = slider.min;
    $("[data-play]", box).textContent = "Stop";
    const step = () => {
      // The list follows when the years stop.
      until(slider.value, 1200);
      if (Number(slider.value) >= Number(slider.max)) return stop();
      slider.value = Number(slider.value) + 1;
    };
    step();
    playing = setInterval(step, 900);
  });
}

// -- begin -------------------------------------------------------------------------------------------------------------------

async function load() {
  loading?.abort();
  loading = new AbortController();
  const change = box.dataset.asksAgain ? { as_of: asOf } : { as_of: "" };
  const answer = await fetch(address(box.dataset.map, change), { signal: loading.signal });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = new Sites((await answer.json()).data);
  const day = asOf ? lastDay(asOf) : null;
  if (!box.dataset.asksAgain && day) found.at(day);
  sites = found;
  drawing.show(sites);
}

async function begin() {
  const start = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
  try {
    $(".screen", box).hidden = false;
    drawing = new Drawing(canvas, svg, () => inStep());
    drawing.fit([start[0], start[1], start[0] + start[2], start[1] + start[3]], false);
    drawing.resize();
    await load();
  } catch {
    // The drawing of the server stays.
    $(".screen", box).hidden = true;
    return;
  }
  svg.setAttribute("hidden", "");
  for (const name of ["tabindex", "role", "aria-label"]) svg.parentNode.removeAttribute(name);
  years();
  $("#map-keys").hidden = false;
  say();
  // The canvas is seldom as wide and high as the drawing was: the list is of what is seen on it.
  if (touched) inStep(0);
  requestAnimationFrame(() => {
    performance.mark("map-ready");
    document.documentElement.dataset.mapReady = String(Math.round(performance.now()));
  });
  // For tests and for who looks under the hood: how many stand in the part that is seen.
  canvas.inView = () => sites.countIn(here().view ? drawing.view() : [-1e9, -1e9, 1e9, 1e9]);
}

if (box) begin();
