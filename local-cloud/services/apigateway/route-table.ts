import type { Route } from './model.ts';

export interface RouteMatch {
  route: Route;
  /** Decoded; undefined where the route has no variables. */
  pathParameters: Record<string, string> | undefined;
}

interface Step {
  fixed: Map<string, Step>;
  variable: { name: string; next: Step } | undefined;
  /** `{proxy+}`: everything from here on. */
  greedy: { name: string; routes: Map<string, Route> } | undefined;
  routes: Map<string, Route>;
}

/**
 * Finds the route of a request with the priorities of HTTP APIs: a full match first, then a greedy path variable,
 * then `$default`; at each a fixed segment before a variable, and the request's method before ANY.
 */
export class RouteTable {
  private readonly root = newStep();
  private fallback: Route | undefined;

  constructor(routes: Iterable<Route>) {
    for (const route of routes) this.add(route);
  }

  /** `path` is undecoded, without the query. */
  find(method: string, path: string): RouteMatch | undefined {
    const segments = path.split('/').slice(1);
    const found = fullMatch(this.root, segments, 0, method) ?? greedyMatch(this.root, segments, 0, method);
    if (!found) return this.fallback && { route: this.fallback, pathParameters: undefined };
    const names = found.values.map(([name, value]) => [name, decoded(value)]);
    return { route: found.route, pathParameters: names.length > 0 ? Object.fromEntries(names) : undefined };
  }

  private add(route: Route): void {
    if (route.key === '$default') {
      this.fallback = route;
      return;
    }
    const [method = '', path = ''] = route.key.split(' ');
    let step = this.root;
    for (const segment of path.split('/').slice(1)) {
      const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(segment) ?? [];
      if (name && plus) {
        step.greedy ??= { name, routes: new Map() };
        step.greedy.routes.set(method, route);
        return;
      }
      step = name ? variableStep(step, name) : fixedStep(step, segment);
    }
    step.routes.set(method, route);
  }
}

interface Found {
  route: Route;
  values: [name: string, value: string][];
}

function fullMatch(step: Step, segments: string[], at: number, method: string): Found | undefined {
  const segment = segments[at];
  if (segment === undefined) {
    const route = byMethod(step.routes, method);
    return route && { route, values: [] };
  }
  const fixed = step.fixed.get(segment);
  const found = fixed && fullMatch(fixed, segments, at + 1, method);
  if (found || !step.variable || segment === '') return found;
  return withValue(step.variable.name, segment, fullMatch(step.variable.next, segments, at + 1, method));
}

function greedyMatch(step: Step, segments: string[], at: number, method: string): Found | undefined {
  const segment = segments[at];
  if (segment === undefined) return undefined;
  const fixed = step.fixed.get(segment);
  const deeper = fixed && greedyMatch(fixed, segments, at + 1, method);
  if (deeper) return deeper;
  const variable =
    step.variable &&
    withValue(step.variable.name, segment, greedyMatch(step.variable.next, segments, at + 1, method));
  if (variable) return variable;
  const rest = segments.slice(at).join('/');
  const route = step.greedy && rest !== '' ? byMethod(step.greedy.routes, method) : undefined;
  return route && step.greedy && { route, values: [[step.greedy.name, rest]] };
}

function withValue(name: string, value: string, found: Found | undefined): Found | undefined {
  return found && { route: found.route, values: [[name, value], ...found.values] };
}

function byMethod(routes: Map<string, Route>, method: string): Route | undefined {
  return routes.get(method) ?? routes.get('ANY');
}

function newStep(): Step {
  return { fixed: new Map(), variable: undefined, greedy: undefined, routes: new Map() };
}

function fixedStep(step: Step, segment: string): Step {
  const known = step.fixed.get(segment);
  if (known) return known;
  const next = newStep();
  step.fixed.set(segment, next);
  return next;
}

function variableStep(step: Step, name: string): Step {
  step.variable ??= { name, next: newStep() };
  return step.variable.next;
}

/** Percent-decoded; what is not valid percent-encoding stays as it was sent. */
export function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
