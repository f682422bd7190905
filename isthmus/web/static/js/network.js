// The network: starts with what the server has put into the table, and grows by clicks. Where WebGL is missing, it is drawn as SVG.
import { graphmlOf, pngOf, save, svgOf } from "./network-files.js";

const $ = (query, within = document) => within.querySelector(query);
const $$ = (query, within = document) => [...within.querySelectorAll(query)];
const box = $("#net");
const said = $("#net-said");
const canvas = $("#canvas");
const style = getComputedStyle(document.documentElement);
const ink = (name) => style.getPropertyValue(name).trim();
const inks = { ground: ink("--bg"), ink: ink("--ink"), second: ink("--ink-2"), third: ink("--ink-3") };
const GLYPHS = {
  state: ["state", "public_body", "political_organ", "law", "policy", "agreement", "party"],
  body: ["standards_body", "committee", "international_organization", "consortium", "association", "meeting"],
  company: ["company", "organization", "research_body", "fund"],
  site: ["site", "data_center", "project", "network", "cable", "landing_point", "facility", "system"],
  place: ["place", "country", "region", "city"],
  role: ["role", "person", "group"],
};
const { Graph, Sigma } = await import(box.dataset.library);
const graph = new Graph({ multi: true, type: "directed" });
let drawing = null;

const glyphOf = (kinds) => Object.keys(GLYPHS).find((name) => kinds.some((kind) => GLYPHS[name].includes(kind))) ?? "product";
const place = () => (graph.order ? graph.mapNodes((id, node) => [node.x, node.y]).at(-1) : [0, 0]);

function addNode(id, caption, glyph, near) {
  if (graph.hasNode(id)) return;
  const [x, y] = near ?? place();
  graph.addNode(id, { label: caption, glyph, color: ink(`--k-${glyph}-f`), size: id === box.dataset.of ? 12 : 8, x: x + Math.random() - 0.5, y: y + Math.random() - 0.5 });
}

function addEdge(edge) {
  if (!graph.hasNode(edge.from) || !graph.hasNode(edge.to)) return;
  const key = JSON.stringify([edge.from, edge.label, edge.to]);
  if (graph.hasEdge(key)) return;
  const sure = edge.verdict === "holds";
  const past = !sure && edge.verdict !== "may hold";
  graph.addEdgeWithKey(key, edge.from, edge.to, {
    words: edge.label, sentence: edge.sentence, verdict: edge.verdict, claims: edge.claims, sure, past,
    color: past ? inks.third : sure ? inks.ink : inks.second, size: sure ? 2 : 1, type: "arrow",
    label: sure ? edge.label : `${edge.label} (${edge.verdict})`,
  });
}

function layout(fixed = new Set()) {
  return new Promise((done) => {
    const worker = new Worker(box.dataset.layout, { type: "module" });
    worker.onmessage = (event) => {
      worker.terminate();
      for (const [id, [x, y]] of Object.entries(event.data)) graph.mergeNodeAttributes(id, { x, y });
      done();
    };
    worker.postMessage({
      nodes: graph.mapNodes((id, node) => ({ id, x: node.x, y: node.y, fixed: fixed.has(id) })),
      edges: graph.mapEdges((id, edge, from, to) => [from, to]),
    });
  });
}

function draw() {
  if (drawing === "svg") {
    canvas.replaceChildren(new DOMParser().parseFromString(svgOf(graph, inks, document.title), "image/svg+xml").documentElement);
    return;
  }
  drawing?.refresh();
}

async function expand(id) {
  said.textContent = `Reading what stands around ${graph.getNodeAttribute(id, "label")} …`;
  const address = new URL(box.dataset.api, location.href);
  address.searchParams.set("of", id);
  for (const other of graph.nodes().slice(0, 190)) if (other !== id) address.searchParams.append("beside", other);
  const answer = await fetch(address);
  if (!answer.ok) {
    said.textContent = (await answer.json()).error.message;
    return;
  }
  const { data } = await answer.json();
  const before = new Set(graph.nodes());
  const { x, y } = graph.getNodeAttributes(id);
  for (const node of data.nodes) addNode(node.id, node.caption, glyphOf(node.kinds), [x, y]);
  for (const edge of data.edges) addEdge(edge);
  await layout(before);
  draw();
  const come = graph.order - before.size;
  said.textContent = `${come} more around ${graph.getNodeAttribute(id, "label")}${data.more ? `, ${data.more} not drawn` : ""}. ${graph.order} things are drawn.`;
}

for (const item of $$("#net-nodes li")) addNode(item.dataset.id, item.dataset.caption, item.dataset.glyph);
for (const row of $$("#net-table tbody tr")) {
  const claims = $$("a.mark", row).map((mark) => decodeURIComponent(mark.getAttribute("href").slice(3)));
  addEdge({ ...row.dataset, claims, sentence: row.cells[5].firstChild.textContent.trim() });
}
if (graph.order) {
  await layout();
  canvas.hidden = $("#net-acts").hidden = $("#net-kinds").hidden = false;
  const probe = document.createElement("canvas");
  if (probe.getContext("webgl2") ?? probe.getContext("webgl")) {
    drawing = new Sigma(graph, canvas, {
      renderEdgeLabels: false, labelColor: { color: inks.ink }, labelSize: 13, labelDensity: 2, labelRenderedSizeThreshold: 0, enableEdgeEvents: true,
      edgeLabelColor: { color: inks.second }, edgeLabelSize: 12, defaultEdgeType: "arrow", zIndex: true, stagePadding: 90,
      nodeReducer: (id, node) => node,
      edgeReducer: (id, edge) => (edge.near ? { ...edge, forceLabel: true } : edge),
    });
    drawing.on("clickNode", ({ node }) => expand(node));
    drawing.on("enterNode", ({ node }) => {
      graph.forEachEdge(node, (id) => graph.setEdgeAttribute(id, "near", true));
      drawing.setSetting("renderEdgeLabels", true);
    });
    drawing.on("leaveNode", () => {
      graph.forEachEdge((id) => graph.setEdgeAttribute(id, "near", false));
      drawing.setSetting("renderEdgeLabels", false);
    });
    drawing.on("clickEdge", ({ edge }) => {
      said.textContent = graph.getEdgeAttribute(edge, "sentence");
    });
    said.textContent = "Click a thing to see more around it; click a line to read why it is here. The table below says the same.";
  } else {
    drawing = "svg";
    draw();
    said.textContent = "This browser draws no WebGL: the network stands still. Go on from a neighbour below.";
  }
  box.dataset.ready = "yes";
}

$("#net-acts").addEventListener("click", async (event) => {
  const { zoom, save: form } = event.target.dataset;
  if (zoom && drawing !== "svg") {
    const camera = drawing.getCamera();
    if (zoom === "in") camera.animatedZoom();
    else if (zoom === "out") camera.animatedUnzoom();
    else camera.animatedReset();
  }
  const svg = form && svgOf(graph, inks, document.title);
  if (form === "svg") save(new Blob([svg], { type: "image/svg+xml" }), "network.svg");
  if (form === "graphml") save(new Blob([graphmlOf(graph)], { type: "application/graphml+xml" }), "network.graphml");
  if (form === "png") save(await pngOf(svg), "network.png");
});
$("#net-kinds").addEventListener("change", (event) => {
  const { kind } = event.target.dataset;
  graph.forEachNode((id, node) => {
    if (node.glyph === kind) graph.setNodeAttribute(id, "hidden", !event.target.checked);
  });
  draw();
});
