// The drawing of the sites on a canvas: the part of the sheet that is seen, crowds, badges, and what lies under the pointer.

const CELL = 26; // sites nearer to one another than about so many pixels are one crowd
const NEAREST = 80; // how many times nearer than the whole world one can come
const TAU = 2 * Math.PI;
const NEAR = [[0, 0], [0, -19], [0, 19], [26, -10], [-26, -10], [26, 10], [-26, 10]]; // where a badge may stand beside its country

export class Drawing {
  constructor(canvas, svg, moved) {
    this.canvas = canvas;
    this.moved = moved;
    this.context = canvas.getContext("2d");
    [this.width, this.height] = svg.dataset.whole.split(" ").map(Number);
    this.land = new Path2D(svg.querySelector(".land").getAttribute("d"));
    this.mesh = new Path2D(svg.querySelector(".mesh").getAttribute("d"));
    this.shapes = [0, 1, 2, 3, 4, 5].map((n) => new Path2D(document.querySelector(`#m-${n} path`).getAttribute("d")));
    this.sites = null;
    this.crowds = new Map();
    this.waiting = false;
    this.on = -1;
    this.colours();
    new ResizeObserver(() => this.resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (this.colours(), this.draw()));
  }

  // Colours come from the style sheet, so that light and dark are said in one place.
  colours() {
    const style = getComputedStyle(this.canvas);
    const of = (name) => style.getPropertyValue(name).trim();
    this.colour = { bg: of("--bg"), land: of("--land"), ink: of("--ink"), ink2: of("--ink-2"), wash: of("--wash"), link: of("--link") };
    this.font = of("--sans") || "sans-serif";
    const names = ["site", "company", "state", "product", "body", "place"];
    this.fills = names.map((name) => of(`--k-${name}-f`));
    this.strokes = names.map((name) => of(`--k-${name}`));
  }

  resize() {
    const { clientWidth: w, clientHeight: h } = this.canvas;
    if (!w || !h) return;
    const view = this.w ? this.view() : this.wanted;
    const ratio = devicePixelRatio || 1;
    [this.canvas.width, this.canvas.height, this.ratio] = [Math.round(w * ratio), Math.round(h * ratio), ratio];
    [this.w, this.h] = [w, h];
    this.least = Math.min(w / this.width, h / this.height);
    if (view) this.fit(view, false);
    this.draw();
  }

  // The part of the sheet that is seen: left, top, right, bottom.
  view() {
    return [this.left, this.top, this.left + this.w / this.k, this.top + this.h / this.k];
  }

  fit([left, top, right, bottom], told = true) {
    this.wanted = [left, top, right, bottom];
    if (!this.w) return;
    const k = Math.min(this.w / (right - left), this.h / (bottom - top));
    this.place(k, (left + right) / 2, (top + bottom) / 2, told);
  }

  // Puts a point of the sheet into the middle, at a scale.
  place(k, x, y, told = true) {
    this.k = Math.min(Math.max(k, this.least), this.least * NEAREST);
    const [w, h] = [this.w / this.k, this.h / this.k];
    const within = (middle, size, whole) => (size >= whole ? (whole - size) / 2 : Math.min(Math.max(middle - size / 2, 0), whole - size));
    this.left = within(x, w, this.width);
    this.top = within(y, h, this.height);
    this.draw();
    if (told) this.moved();
  }

  world() {
    this.place(this.least, this.width / 2, this.height / 2);
  }

  isWorld() {
    return this.k <= this.least * 1.001;
  }

  pan(dx, dy) {
    this.place(this.k, this.left + (this.w / 2 - dx) / this.k, this.top + (this.h / 2 - dy) / this.k);
  }

  // Zooms so that what lies under a place of the canvas stays there.
  zoom(factor, px = this.w / 2, py = this.h / 2) {
    const k = Math.min(Math.max(this.k * factor, this.least), this.least * NEAREST);
    const [x, y] = [this.left + px / this.k, this.top + py / this.k];
    this.place(k, x + (this.w / 2 - px) / k, y + (this.h / 2 - py) / k);
  }

  show(sites) {
    this.sites = sites;
    this.crowds.clear();
    this.draw();
  }

  draw() {
    if (this.waiting || !this.w) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.paint();
    });
  }

  // Crowds keep their cells on the sheet, so that they stay as they are while it is moved; each stands at its first site.
  crowded() {
    const step = Math.round(Math.log2(this.k / this.least) * 3);
    if (this.crowds.has(step)) return this.crowds.get(step);
    const { sites } = this;
    const { site } = sites.data.spots;
    const cell = CELL / (this.least * 2 ** (step / 3));
    const cells = new Map();
    const countries = new Map();
    for (const i of sites.spots) {
      const key = sites.exact[i] ? Math.floor(sites.x[i] / cell) * 65536 + Math.floor(sites.y[i] / cell) : -1 - sites.data.spots.country[i];
      const into = sites.exact[i] ? cells : countries;
      const held = into.get(key);
      if (!held) into.set(key, { x: sites.x[i], y: sites.y[i], spots: [i], country: sites.data.spots.country[i] });
      else if (site[held.spots.at(-1)] !== site[i]) held.spots.push(i);
    }
    const marks = [...cells.values()].sort((a, b) => a.spots.length - b.spots.length);
    for (const mark of marks) {
      const kinds = new Set(mark.spots.map((i) => sites.data.sites.kind[site[i]]));
      mark.kind = kinds.size === 1 ? Math.min([...kinds][0], 5) : -1;
      mark.radius = mark.spots.length === 1 ? 6 : Math.min(17, 7 + 1.1 * Math.log2(mark.spots.length));
    }
    const found = { marks, badges: [...countries.values()].sort((a, b) => b.spots.length - a.spots.length) };
    if (this.crowds.size > 12) this.crowds.clear();
    this.crowds.set(step, found);
    return found;
  }

  paint() {
    const { context: pen, k, ratio, colour } = this;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = colour.bg;
    pen.fillRect(0, 0, this.w, this.h);
    pen.setTransform(ratio * k, 0, 0, ratio * k, -this.left * k * ratio, -this.top * k * ratio);
    pen.fillStyle = colour.land;
    pen.fill(this.land);
    pen.strokeStyle = colour.bg;
    pen.lineWidth = 0.7 / k;
    pen.stroke(this.mesh);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.hits = [];
    if (!this.sites) return;
    const { marks, badges } = this.crowded();
    const placed = this.badges(badges);
    for (const mark of marks) this.mark(mark);
    for (const badge of placed) this.badge(badge);
  }

  seen(x, y, room) {
    return x > -room && y > -room && x < this.w + room && y < this.h + room;
  }

  mark(mark) {
    const [x, y] = [(mark.x - this.left) * this.k, (mark.y - this.top) * this.k];
    if (!this.seen(x, y, 20)) return;
    const { context: pen, colour } = this;
    this.hits.push({ x, y, radius: Math.max(mark.radius, 9), spots: mark.spots, mark });
    pen.save();
    pen.translate(x, y);
    if (mark.spots.length > 1) {
      pen.fillStyle = colour.bg;
      pen.strokeStyle = mark.kind < 0 ? colour.ink2 : this.strokes[mark.kind];
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(0, 0, mark.radius, 0, TAU);
      pen.fill();
      pen.stroke();
      pen.fillStyle = colour.ink;
      pen.font = `700 ${mark.spots.length < 1000 ? 10 : 9}px ${this.font}`;
      pen.textAlign = "center";
      pen.fillText(mark.spots.length.toLocaleString("en"), 0, 3.6);
    } else this.glyph(mark.kind, this.sites.data.statuses[this.sites.status[this.sites.data.spots.site[mark.spots[0]]]]);
    if (mark.spots.includes(this.on)) {
      pen.strokeStyle = colour.ink;
      pen.lineWidth = 2.5;
      pen.beginPath();
      pen.arc(0, 0, mark.radius + 4, 0, TAU);
      pen.stroke();
    }
    pen.restore();
  }

  // One site: its kind in shape and colour, its stage in fill and line, as the key shows them.
  glyph(kind, status) {
    const { context: pen, colour } = this;
    const shape = this.shapes[kind];
    const hollow = { agreed: colour.bg, planned: colour.bg, "not stated": colour.wash }[status];
    pen.fillStyle = hollow ?? this.fills[kind];
    pen.strokeStyle = this.strokes[kind];
    pen.lineWidth = { agreed: 2.4, planned: 1.8, "not stated": 1 }[status] ?? 1.5;
    pen.setLineDash(status === "planned" ? [2.6, 2] : []);
    pen.globalAlpha = status === "past" ? 0.28 : 1;
    pen.fill(shape);
    pen.globalAlpha = status === "past" ? 0.6 : 1;
    pen.stroke(shape);
    pen.globalAlpha = 1;
    pen.setLineDash([]);
  }

  // Badges stand at the middle of their country or close by, the largest first; one that finds no room joins the nearest that did.
  badges(badges) {
    const placed = [];
    for (const badge of badges) {
      const [ax, ay] = [(badge.x - this.left) * this.k, (badge.y - this.top) * this.k];
      if (!this.seen(ax, ay, 0)) continue;
      const made = this.sized({ countries: [badge], ax, ay, x: ax, y: ay });
      if (this.room(made, placed)) placed.push(made);
      else {
        const far = (one) => Math.hypot(one.ax - ax, one.ay - ay);
        const near = placed.reduce((best, one) => (best && far(best) <= far(one) ? best : one), null);
        near ? this.sized(near, near.countries.push(badge)) : placed.push(made);
      }
    }
    return placed;
  }

  sized(badge) {
    const { context: pen } = this;
    const code = this.sites.data.countries[badge.countries[0].country]?.[0] ?? "?";
    const others = badge.countries.length > 1 ? `+${badge.countries.length - 1}` : "";
    badge.spots = badge.countries.flatMap((one) => one.spots);
    badge.text = `${code}${others} · ${badge.spots.length.toLocaleString("en")}`;
    pen.font = `600 11px ${this.font}`;
    badge.half = pen.measureText(badge.text).width / 2 + 5;
    badge.x = Math.min(Math.max(badge.x, badge.half + 2), this.w - badge.half - 2);
    return badge;
  }

  // Finds a place near its country where a badge, with what may still join it, covers no other.
  room(badge, placed) {
    for (const [dx, dy] of NEAR) {
      const x = Math.min(Math.max(badge.ax + dx, badge.half + 2), this.w - badge.half - 2);
      const y = Math.min(Math.max(badge.ay + dy, 10), this.h - 10);
      if (placed.every((other) => Math.abs(other.x - x) > other.half + badge.half + 16 || Math.abs(other.y - y) > 19)) {
        [badge.x, badge.y] = [x, y];
        return true;
      }
    }
    return false;
  }

  badge({ countries, spots, text, half, x, y, ax, ay }) {
    const { context: pen, colour } = this;
    this.hits.push({ x, y, half, spots, badge: countries });
    pen.strokeStyle = colour.ink2;
    pen.lineWidth = 1;
    if (x !== ax || y !== ay) {
      pen.beginPath();
      pen.moveTo(ax, ay);
      pen.lineTo(x, y);
      pen.stroke();
    }
    pen.fillStyle = colour.bg;
    pen.beginPath();
    pen.roundRect(x - half, y - 8, 2 * half, 16, 3);
    pen.fill();
    pen.stroke();
    pen.fillStyle = colour.ink;
    pen.font = `600 11px ${this.font}`;
    pen.textAlign = "center";
    pen.fillText(text, x, y + 4);
  }

  // What is drawn at a place of the canvas, the topmost first.
  under(px, py) {
    for (let i = this.hits.length - 1; i >= 0; i--) {
      const hit = this.hits[i];
      const inside = hit.half ? Math.abs(px - hit.x) <= hit.half && Math.abs(py - hit.y) <= 10 : Math.hypot(px - hit.x, py - hit.y) <= hit.radius;
      if (inside) return hit;
    }
    return null;
  }

  nearest(px, py) {
    let best = null;
    for (const hit of this.hits) {
      const far = Math.hypot(hit.x - px, hit.y - py);
      if (this.seen(hit.x, hit.y, 0) && (best === null || far < best.far)) best = { far, hit };
    }
    return best?.hit ?? null;
  }
}
