// The sites as the server sends them, column by column; on which day which of them stand where; and the Equal Earth sheet.

// B. Šavrič, T. Patterson, B. Jenny, 2019, doi:10.1080/13658816.2018.1504949, equations 6-8; the same as the server's.
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const M = Math.sqrt(3) / 2;
const RADIANS = Math.PI / 180;

function raw(lambda, phi) {
  const theta = Math.asin(M * Math.sin(phi));
  const t2 = theta * theta;
  const t6 = t2 * t2 * t2;
  return [
    (lambda * Math.cos(theta)) / (M * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2))),
    theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2)),
  ];
}

// Returns a function from degrees to the sheet's units, x to the right and y down.
export function projection({ width, central, north }) {
  const scale = (width / 2) * ((M * A1) / Math.PI);
  const top = raw(0, north * RADIANS)[1];
  const west = central - 180;
  return (lon, lat) => {
    const turned = ((((lon - west) % 360) + 360) % 360) + west;
    const [x, y] = raw((turned - central) * RADIANS, lat * RADIANS);
    return [width / 2 + x * scale, (top - y) * scale];
  };
}

// The last day of a year, month or day as it stands in an address, as the server counts days: 2022 is 20221231.
export function lastDay(text) {
  const found = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text);
  if (!found) return null;
  const [, year, month, day] = found;
  return Number(year) * 10000 + Number(month ?? 12) * 100 + Number(day ?? 31);
}

const holds = (begin, end, day) => (begin === null || begin <= day) && (end === null || end >= day);

export class Sites {
  constructor(data) {
    this.data = data;
    const { spots, countries, sites, ties } = data;
    const project = projection(data.sheet);
    this.total = sites.id.length;
    const n = spots.site.length;
    this.x = new Float64Array(n);
    this.y = new Float64Array(n);
    this.exact = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
      this.exact[i] = spots.lon[i] === null ? 0 : 1;
      const home = this.exact[i] ? null : countries[spots.country[i]];
      [this.x[i], this.y[i]] = home ? project(home[3], home[4]) : project(spots.lon[i], spots.lat[i]);
    }
    // Spots and ties stand in the order of their sites: each site knows where its own begin.
    this.spotsFrom = starts(spots.site, this.total);
    this.tiesFrom = starts(ties.site, this.total);
    this.at(null);
  }

  // Shows the sites of a day; null: of any. Sets `spots` (numbers of the spots that stand), and `status` of each site.
  at(day) {
    const { spots, sites, stages } = this.data;
    this.day = day;
    this.status = sites.status;
    if (day !== null) {
      this.status = sites.unstaged.map((status, site) => {
        if (sites.stages[site] < 0) return status;
        let newest = null;
        for (const stage of stages[sites.stages[site]]) {
          if (!holds(stage[0], stage[1], day)) continue;
          const later = newest === null || (stage[0] ?? 0) > (newest[0] ?? 0);
          if (later || ((stage[0] ?? 0) === (newest[0] ?? 0) && stage[2] > newest[2])) newest = stage;
        }
        return newest === null ? status : newest[2];
      });
    }
    const kept = [];
    for (let site = 0; site < this.total; site++) {
      const [from, to] = [this.spotsFrom[site], this.spotsFrom[site + 1]];
      let points = 0;
      for (let i = from; i < to; i++) {
        if (this.exact[i] && (day === null || holds(spots.begin[i], spots.end[i], day))) {
          kept.push(i);
          points++;
        }
      }
      if (points) continue;
      for (let i = from; i < to; i++) {
        if (!this.exact[i] && (day === null || holds(spots.begin[i], spots.end[i], day))) kept.push(i);
      }
    }
    this.spots = Int32Array.from(kept);
  }

  // How many sites have a point or badge in a part of the sheet.
  countIn([left, top, right, bottom]) {
    const { site } = this.data.spots;
    let count = 0;
    let last = -1;
    for (const i of this.spots) {
      const inside = this.x[i] >= left && this.x[i] <= right && this.y[i] >= top && this.y[i] <= bottom;
      if (inside && site[i] !== last) {
        count++;
        last = site[i];
      }
    }
    return count;
  }

  // The first and the last year in which a place, a tie or a stage begins or ends.
  years() {
    let [first, last] = [9999, 0];
    const meet = (day) => {
      if (day === null) return;
      first = Math.min(first, Math.floor(day / 10000));
      last = Math.max(last, Math.floor(day / 10000));
    };
    const { spots, ties } = this.data;
    for (const column of [spots.begin, spots.end, ties.begin, ties.end]) column.forEach(meet);
    for (const [begin, end] of this.data.stages.flat()) (meet(begin), meet(end));
    return [first, last];
  }

  // What a card says of a site.
  told(site) {
    const { sites, kinds, statuses, ties, parties, roles, controllers } = this.data;
    const rows = [];
    for (let i = this.tiesFrom[site]; i < this.tiesFrom[site + 1]; i++) {
      if (this.day !== null && !holds(ties.begin[i], ties.end[i], this.day)) continue;
      const [id, name, sure, may] = parties[ties.party[i]];
      const named = (list) => list.map((top) => ({ id: controllers[top][0], name: controllers[top][1] }));
      rows.push({ role: roles[ties.role[i]], id, name, sure: named(sure), may: named(may) });
    }
    return { id: sites.id[site], name: sites.name[site], kind: kinds[sites.kind[site]], status: statuses[this.status[site]], rows };
  }
}

function starts(column, total) {
  const from = new Int32Array(total + 1);
  for (const site of column) from[site + 1]++;
  for (let i = 0; i < total; i++) from[i + 1] += from[i];
  return from;
}
