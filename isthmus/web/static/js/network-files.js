// A network as a file: SVG and GraphML from what is drawn, PNG from the SVG.

const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const printable = (text) => escape(String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd"));

export function svgOf(graph, inks, title) {
  const points = graph.mapNodes((id, node) => node);
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [left, top] = [Math.min(...xs), Math.max(...ys)];
  const scale = 900 / Math.max(Math.max(...xs) - left, top - Math.min(...ys), 1);
  const at = (node) => [60 + (node.x - left) * scale, 50 + (top - node.y) * scale];
  const width = 300 + (Math.max(...xs) - left) * scale;
  const height = 110 + (top - Math.min(...ys)) * scale;
  const lines = graph.mapEdges((id, edge, from, to, a, b) => {
    if (edge.hidden || a.hidden || b.hidden) return "";
    const [x1, y1] = at(a);
    const [x2, y2] = at(b);
    const dash = edge.sure ? "" : ' stroke-dasharray="7 5"';
    const words = `<text x="${((x1 + x2) / 2).toFixed(1)}" y="${((y1 + y2) / 2 - 4).toFixed(1)}" font-size="11" fill="${inks.second}" text-anchor="middle">${printable(edge.words)}</text>`;
    return `<g><title>${printable(edge.sentence)}</title><line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${edge.past ? inks.third : inks.ink}" stroke-width="1.4"${dash}/>${words}</g>`;
  });
  const dots = graph.mapNodes((id, node) => {
    if (node.hidden) return "";
    const [x, y] = at(node);
    return `<g><circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${node.size}" fill="${node.color}" stroke="${inks.ink}"/><text x="${(x + node.size + 4).toFixed(1)}" y="${(y + 4).toFixed(1)}" font-size="13" fill="${inks.ink}">${printable(node.label)}</text></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height.toFixed(0)}" width="${width.toFixed(0)}" height="${height.toFixed(0)}" font-family="sans-serif" role="img"><title>${printable(title)}</title><rect width="100%" height="100%" fill="${inks.ground}"/>${lines.join("")}${dots.join("")}</svg>`;
}

export function graphmlOf(graph) {
  const keys = [
    ["label", "node"], ["kind", "node"], ["x", "node"], ["y", "node"], ["relation", "edge"], ["verdict", "edge"], ["claims", "edge"],
  ].map(([name, where]) => `<key id="${name}" for="${where}" attr.name="${name}" attr.type="string"/>`);
  const data = (values) => Object.entries(values).map(([key, value]) => `<data key="${key}">${printable(value)}</data>`).join("");
  const nodes = graph.mapNodes((id, node) => `<node id="${printable(id)}">${data({ label: node.label, kind: node.glyph, x: node.x, y: node.y })}</node>`);
  const edges = graph.mapEdges((id, edge, from, to) => `<edge source="${printable(from)}" target="${printable(to)}">${data({ relation: edge.words, verdict: edge.verdict, claims: edge.claims.join(" ") })}</edge>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">${keys.join("")}<graph edgedefault="directed">${nodes.join("")}${edges.join("")}</graph></graphml>`;
}

export function pngOf(svg) {
  return new Promise((done, failed) => {
    const picture = new Image();
    picture.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = picture.width * 2;
      canvas.height = picture.height * 2;
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the browser drew nothing"))), "image/png");
    };
    picture.onerror = () => failed(new Error("the browser cannot draw it"));
    picture.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  });
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
