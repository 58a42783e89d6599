import { type Findings, isObject } from './diagnostic.ts';
import { checkState, stateTargets } from './state.ts';

/** What the check of a state needs to know around it. */
export interface CheckContext {
  findings: Findings;
  type: 'STANDARD' | 'EXPRESS';
  sdkServices: readonly string[];
  /** Variables that the machines around this one assign. */
  outer: ReadonlySet<string>;
}

/** Finds what is wrong in a machine, or in one within a state, at a place (empty for the whole). */
export function checkMachine(machine: unknown, location: string, context: CheckContext): void {
  const { findings } = context;
  const here = location === '' ? '/' : location;
  if (!isObject(machine)) {
    findings.schema(here, 'The value must be an object');
    return;
  }
  const missing = ['States', 'StartAt'].filter((name) => machine[name] === undefined);
  if (missing.length > 0) findings.schema(here, `These fields are required: [${missing.join(', ')}]`);
  const language = machine['QueryLanguage'];
  if (language === 'JSONata') {
    findings.unsupported(`${location}/QueryLanguage`, 'JSONata definitions; write it with JSONPath');
    return;
  }
  if (language !== undefined && language !== 'JSONPath') {
    findings.schema(`${location}/QueryLanguage`, 'Value must be one of [JSONPath, JSONata]');
  }
  const config = machine['ProcessorConfig'];
  if (isObject(config) && config['Mode'] === 'DISTRIBUTED') {
    findings.unsupported(`${location}/ProcessorConfig`, 'distributed Map (ProcessorConfig.Mode)');
  }
  const states = machine['States'];
  if (states === undefined) return;
  if (!isObject(states) || Object.keys(states).length === 0) {
    findings.schema(`${location}/States`, 'The value must be an object with at least one state');
    return;
  }
  const own = new Set([...context.outer, ...Object.values(states).flatMap(assignedNames)]);
  for (const [name, state] of Object.entries(states)) {
    const place = `${location}/States/${name}`;
    if (name.length > 80) findings.schema(place, 'State name must not be longer than 80 characters');
    if (!isObject(state)) findings.schema(place, 'The value must be an object');
    else checkState(state, place, { ...context, outer: context.outer }, own);
  }
  checkTargets(machine, states, location, findings);
}

/** Every target stands, and every state is some state's target. */
function checkTargets(
  machine: Record<string, unknown>,
  states: Record<string, unknown>,
  location: string,
  findings: Findings,
): void {
  const start = { field: 'StartAt', place: `${location}/StartAt`, target: machine['StartAt'] };
  const all = [
    start,
    ...Object.entries(states).flatMap(([name, state]) =>
      isObject(state) ? stateTargets(state, `${location}/States/${name}`) : [],
    ),
  ];
  const reached = new Set<unknown>();
  for (const { field, place, target } of all) {
    if (target === undefined) continue;
    reached.add(target);
    if (typeof target !== 'string' || !Object.hasOwn(states, target)) {
      findings.add('MISSING_TRANSITION_TARGET', place, `Missing '${field}' target: ${String(target)}`);
    }
  }
  // Without a start nothing is reached, and that is told already.
  if (start.target === undefined) return;
  for (const name of Object.keys(states)) {
    if (reached.has(name)) continue;
    const place = `${location}/States/${name}`;
    findings.add('MISSING_TRANSITION_TARGET', place, `State "${name}" is not reachable.`);
  }
}

function assignedNames(state: unknown): string[] {
  if (!isObject(state)) return [];
  const rules = [state['Choices'], state['Catch']].flatMap((list) =>
    Array.isArray(list) ? (list as unknown[]) : [],
  );
  return [state, ...rules].flatMap((each) =>
    isObject(each) && isObject(each['Assign'])
      ? Object.keys(each['Assign']).map((name) => name.replace(/\.\$$/u, ''))
      : [],
  );
}
