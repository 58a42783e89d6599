import { type LooseSpan, rounded } from './read-document.ts';
import type { Span } from './span.ts';

interface Node {
  readonly span: LooseSpan;
  readonly id: string;
  parent: Node | undefined;
  detached: boolean;
  readonly children: Node[];
  service: string;
}

/** A span in its place, before the critical path is known. */
export type PlacedSpan = Omit<Span, 'critical'>;

/**
 * Puts spans in the order of a waterfall: each above what it caused, siblings by their start. Spans come in any order;
 * a parent may be missing, named twice, or stand beneath itself. None is lost: what has no place of its own stands at
 * the top, marked as detached. Takes no recursion, for traces may be deeper than the stack.
 */
export function orderSpans(loose: readonly LooseSpan[]): PlacedSpan[] {
  const nodes = distinct(loose);
  if (nodes.length === 0) return [];
  link(nodes);
  const start = nodes.reduce((earliest, { span }) => Math.min(earliest, span.from), Number.POSITIVE_INFINITY);
  nodes.sort(byStart);
  const placed: PlacedSpan[] = [];
  const seen = new Set<Node>();
  for (const node of nodes) if (!node.parent) place(node, start, seen, placed);
  // What is left stands in a circle, or beneath one.
  for (const node of nodes) {
    if (seen.has(node)) continue;
    const top = circleAbove(node);
    top.parent = undefined;
    top.detached = true;
    place(top, start, seen, placed);
  }
  return placed;
}

/**
 * One node for each span. The same span may come twice, first while in progress and then whole: the whole one stays.
 * Different spans of one id are both kept, and the later ones get an id of their own.
 */
function distinct(loose: readonly LooseSpan[]): Node[] {
  const byId = new Map<string, LooseSpan[]>();
  for (const span of loose) {
    const same = byId.get(span.id) ?? [];
    const twin = same.findIndex((other) => other.name === span.name && other.from === span.from);
    if (twin < 0) same.push(span);
    else if (same[twin]?.duration === undefined) same[twin] = span;
    byId.set(span.id, same);
  }
  return [...byId.values()].flatMap((same) =>
    same.map((span, index) => ({
      span,
      id: index === 0 ? span.id : `${span.id}~${index + 1}`,
      parent: undefined,
      detached: false,
      children: [],
      service: span.service,
    })),
  );
}

function link(nodes: readonly Node[]): void {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) {
    const { parentId } = node.span;
    if (parentId === undefined) continue;
    const parent = byId.get(parentId);
    if (!parent || parent === node) node.detached = true;
    else {
      node.parent = parent;
      parent.children.push(node);
    }
  }
}

function byStart(one: Node, other: Node): number {
  return one.span.from - other.span.from || (one.id < other.id ? -1 : 1);
}

/** Walks up until a node comes again: that one is part of the circle. */
function circleAbove(node: Node): Node {
  const walked = new Set<Node>();
  let current = node;
  while (current.parent && !walked.has(current)) {
    walked.add(current);
    current = current.parent;
  }
  return current;
}

/** Adds the node and all beneath it, depth first. */
function place(top: Node, start: number, seen: Set<Node>, placed: PlacedSpan[]): void {
  const waiting = [{ node: top, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth } = next;
    seen.add(node);
    placed.push(placedSpan(node, depth, start));
    node.children.sort(byStart);
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (!child || seen.has(child)) continue;
      // A subsegment that was sent by itself does not say whose it is.
      if (child.service === '') child.service = node.service;
      waiting.push({ node: child, depth: depth + 1 });
    }
  }
}

function placedSpan({ span, id, parent, detached, service }: Node, depth: number, start: number): PlacedSpan {
  const { from, parentId: _, ...rest } = span;
  return {
    ...rest,
    id,
    ...(parent ? { parentId: parent.id } : {}),
    ...(detached ? { detached: true as const } : {}),
    depth,
    service: service || span.name,
    start: rounded(from - start),
  };
}
