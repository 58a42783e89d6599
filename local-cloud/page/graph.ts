import type { Graph } from '../core/view.ts';
import { type Html, html } from './html.ts';

const box = { width: 190, height: 46 };
const gap = { across: 34, down: 40 };

/** Draws a state machine from top to bottom: each state below those that lead to it. */
export function drawGraph({ nodes, edges }: Graph, title: string): Html {
  const rows = rowsOf({ nodes, edges });
  const widest = Math.max(1, ...rows.map((row) => row.length));
  const width = widest * (box.width + gap.across) + gap.across;
  const height = rows.length * (box.height + gap.down) + 8;
  const places = new Map<string, { x: number; y: number }>();
  for (const [depth, row] of rows.entries()) {
    const taken = row.length * (box.width + gap.across) - gap.across;
    for (const [index, id] of row.entries()) {
      const x = (width - taken) / 2 + index * (box.width + gap.across);
      places.set(id, { x, y: 4 + depth * (box.height + gap.down) });
    }
  }
  const boxes = nodes.flatMap(({ id, note, tone }) => {
    const place = places.get(id);
    if (!place) return [];
    const middle = place.x + box.width / 2;
    return [
      html`<g class="node ${tone ?? 'idle'}"><title>${id}: ${note}</title><rect x="${place.x}" y="${place.y}" width="${box.width}" height="${box.height}" rx="8"/><text x="${middle}" y="${place.y + 19}">${shortened(id)}</text><text class="note" x="${middle}" y="${place.y + 36}">${note}</text></g>`,
    ];
  });
  const arrows = edges.flatMap(({ from, to, label }) => {
    const start = places.get(from);
    const end = places.get(to);
    return start && end ? [arrow(start, end, label)] : [];
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><svg role="img" aria-label="${title}; the table below says the same" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>${arrows}${boxes}</svg></div>`;
}

/** Each state below all that lead to it, but for steps back; what nothing leads to comes last. */
function rowsOf({ nodes, edges }: Graph): string[][] {
  const depths = new Map<string, number>();
  const open = new Set<string>();
  function sink(id: string, depth: number): void {
    // A step back to a state that is still being walked through would never end.
    if (open.has(id) || depth <= (depths.get(id) ?? -1)) return;
    depths.set(id, depth);
    open.add(id);
    for (const { from, to } of edges) if (from === id) sink(to, depth + 1);
    open.delete(id);
  }
  if (nodes[0]) sink(nodes[0].id, 0);
  const last = Math.max(-1, ...depths.values()) + 1;
  const rows: string[][] = [];
  for (const { id } of nodes) {
    const depth = depths.get(id) ?? last;
    rows[depth] = [...(rows[depth] ?? []), id];
  }
  return rows.filter((row) => row !== undefined);
}

type Place = { x: number; y: number };

/** To the next row straight, past rows in a bow on the left of the boxes, and back up in one on their right. */
function arrow(from: Place, to: Place, label: string | undefined): Html {
  const rows = Math.round((to.y - from.y) / (box.height + gap.down));
  const { path, at } = rows === 1 ? straight(from, to) : bow(from, to, rows > 1 ? 'left' : 'right');
  const text =
    label === undefined ? undefined : html`<text class="label" x="${at.x}" y="${at.y}">${label}</text>`;
  return html`<g class="edge"><path d="${path}" marker-end="url(#head)"/>${text}</g>`;
}

function straight(from: Place, to: Place) {
  const start = { x: from.x + box.width / 2, y: from.y + box.height };
  const end = { x: to.x + box.width / 2, y: to.y - 1 };
  const half = gap.down / 2;
  return {
    path: `M${start.x} ${start.y} C${start.x} ${start.y + half} ${end.x} ${end.y - half} ${end.x} ${end.y}`,
    at: { x: (start.x + end.x) / 2 + 4, y: (start.y + end.y) / 2 + 4 },
  };
}

function bow(from: Place, to: Place, side: 'left' | 'right') {
  const isLeft = side === 'left';
  const edgeOf = ({ x }: Place) => (isLeft ? x : x + box.width);
  const out = (gap.across - 4) * (isLeft ? -1 : 1);
  const turn = (isLeft ? Math.min(from.x, to.x) : Math.max(from.x, to.x) + box.width) + out;
  const [start, end] = [from.y + box.height / 2, to.y + box.height / 2];
  return {
    path: `M${edgeOf(from)} ${start} C${turn} ${start} ${turn} ${end} ${edgeOf(to) - Math.sign(-out)} ${end}`,
    at: { x: turn - out / 2, y: (start + end) / 2 + 4 },
  };
}

const shortened = (text: string) => (text.length > 26 ? `${text.slice(0, 25)}…` : text);
