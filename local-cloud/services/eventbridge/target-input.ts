import { AwsError } from '../../core/errors.ts';
import { parseJsonPath } from '../../core/json-path.ts';
import type { Event } from './event.ts';
import type { InputTransformer, Rule, Target } from './registry.ts';

/**
 * What a target receives of an event: the event, a part of it, a constant, or a filled template.
 * Throws `AwsError` `INVALID_JSON` when a filled template is not JSON.
 */
export function targetInput(
  target: Pick<Target, 'input' | 'inputPath' | 'inputTransformer'>,
  event: Event,
  rule: Pick<Rule, 'arn' | 'name'>,
): unknown {
  if (target.input !== undefined) return JSON.parse(target.input);
  if (target.inputPath !== undefined) return select(target.inputPath, event) ?? {};
  if (target.inputTransformer) return transform(target.inputTransformer, event, rule);
  return event;
}

function select(path: string, event: Event): unknown {
  const compiled = parseJsonPath(path);
  const values = compiled.select(event);
  return compiled.definite ? values[0] : values;
}

function transform(transformer: InputTransformer, event: Event, rule: Pick<Rule, 'arn' | 'name'>): unknown {
  const { detail: _, ...withoutDetail } = event;
  const variables = new Map<string, unknown>([
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', new Date().toISOString()],
    ['aws.events.event', withoutDetail],
    ['aws.events.event.json', event],
  ]);
  for (const [name, path] of Object.entries(transformer.paths)) variables.set(name, select(path, event));
  const text = fill(transformer.template, variables);
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('INVALID_JSON', 'The input transformer did not produce valid JSON.');
  }
}

/** Inside quotes a variable is inserted as the text of a string, elsewhere as JSON. */
function fill(template: string, variables: Map<string, unknown>): string {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gu, (match, name: string | undefined) => {
    if (match === '"') quoted = !quoted;
    if (name === undefined || !variables.has(name)) return match;
    const value = variables.get(name);
    if (!quoted) return value === undefined ? '""' : JSON.stringify(value);
    const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}
