// Finds places for the things of a network, off the page: springs along relations, every two things push one another away.
// In: {nodes: [{id, x, y, fixed}], edges: [[from, to]]}. Out: {id: [x, y]}.

function settle(nodes, edges, rounds) {
  const place = new Map(nodes.map((node, at) => [node.id, at]));
  const pairs = edges.map(([a, b]) => [place.get(a), place.get(b)]).filter(([a, b]) => a !== undefined && b !== undefined && a !== b);
  const x = Float64Array.from(nodes, (node, at) => node.x ?? Math.cos(at * 2.399963) * Math.sqrt(at + 0.5));
  const y = Float64Array.from(nodes, (node, at) => node.y ?? Math.sin(at * 2.399963) * Math.sqrt(at + 0.5));
  const dx = new Float64Array(nodes.length);
  const dy = new Float64Array(nodes.length);
  for (let round = 0; round < rounds; round += 1) {
    const step = 0.35 * (1 - round / rounds) + 0.02;
    dx.fill(0);
    dy.fill(0);
    for (let a = 0; a < nodes.length; a += 1) {
      for (let b = a + 1; b < nodes.length; b += 1) {
        let ux = x[a] - x[b];
        let uy = y[a] - y[b];
        let far = ux * ux + uy * uy;
        if (far < 1e-6) {
          ux = 1e-2 * (a + 1);
          uy = 1e-2;
          far = 1e-3;
        }
        const push = 1.2 / far;
        dx[a] += ux * push;
        dy[a] += uy * push;
        dx[b] -= ux * push;
        dy[b] -= uy * push;
      }
      dx[a] -= 0.02 * x[a];
      dy[a] -= 0.02 * y[a];
    }
    for (const [a, b] of pairs) {
      const ux = x[b] - x[a];
      const uy = y[b] - y[a];
      const long = Math.hypot(ux, uy) || 1e-3;
      const pull = (0.25 * (long - 1.6)) / long;
      dx[a] += ux * pull;
      dy[a] += uy * pull;
      dx[b] -= ux * pull;
      dy[b] -= uy * pull;
    }
    for (let a = 0; a < nodes.length; a += 1) {
      if (nodes[a].fixed) continue;
      const long = Math.hypot(dx[a], dy[a]);
      const scale = long > 1 ? step / long : step;
      x[a] += dx[a] * scale;
      y[a] += dy[a] * scale;
    }
  }
  return Object.fromEntries(nodes.map((node, at) => [node.id, [x[at], y[at]]]));
}

self.addEventListener("message", (event) => {
  const { nodes, edges } = event.data;
  const rounds = nodes.length > 400 ? 80 : nodes.length > 120 ? 160 : 300;
  self.postMessage(settle(nodes, edges, rounds));
});
