import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { MachineDefinition, StateDefinition } from './definition.ts';
import { isSupportedResource } from './task-resources.ts';

/** The part of `asl-validator` used here; it ships no types. */
type Validate = (definition: unknown) => { isValid: boolean; errorsText(separator?: string): string };

/**
 * Checks a definition and answers it parsed. Throws `InvalidDefinition` for what is wrong, or what the local cloud
 * cannot run, by name. The full check takes a tenth of a second, so texts found valid are remembered in `state`.
 */
export async function checkDefinition(text: string, state: StateNamespace): Promise<MachineDefinition> {
  const definition = parse(text);
  const key = `checked/${createHash('sha256').update(text).digest('hex')}`;
  if ((await state.get(key)) === true) return definition;
  const problem = problemOf(definition, text);
  if (problem !== undefined) throw invalidDefinition(problem);
  await state.put(key, true);
  return definition;
}

/** What is wrong with a definition, or undefined. */
export function problemOf(definition: unknown, text: string): string | undefined {
  const unsupported = unsupportedPart(definition, text);
  if (unsupported !== undefined) return `The local cloud does not support ${unsupported}.`;
  // Loaded only when a definition is new: most starts check none.
  const validate = createRequire(import.meta.url)('asl-validator') as Validate;
  const { isValid, errorsText } = validate(definition);
  return isValid ? undefined : `SCHEMA_VALIDATION_FAILED: ${errorsText('; ')}`;
}

/** Throws `InvalidDefinition` when the text is not a JSON object. */
export function parse(text: string): MachineDefinition {
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    throw invalidDefinition(
      `INVALID_JSON_DESCRIPTION: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) {
    throw invalidDefinition('INVALID_JSON_DESCRIPTION: the definition is not an object');
  }
  return definition as MachineDefinition;
}

function invalidDefinition(problem: string): AwsError {
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${problem}'`);
}

const unsupportedFields: Record<string, string | undefined> = {
  Assign: 'variables (Assign)',
  HeartbeatSeconds: 'HeartbeatSeconds',
  HeartbeatSecondsPath: 'HeartbeatSecondsPath',
  Credentials: 'Credentials of a task',
  ItemReader: 'ItemReader (distributed Map)',
  ItemBatcher: 'ItemBatcher (distributed Map)',
  ResultWriter: 'ResultWriter (distributed Map)',
};

function unsupportedPart(definition: unknown, text: string): string | undefined {
  if (text.includes('$$.Task')) return 'task tokens ($$.Task)';
  return machineProblem(definition);
}

function machineProblem(machine: unknown): string | undefined {
  if (!isObject(machine)) return undefined;
  if (machine['QueryLanguage'] === 'JSONata') return 'JSONata definitions; write it with JSONPath';
  const config = machine['ProcessorConfig'];
  if (isObject(config) && config['Mode'] === 'DISTRIBUTED') return 'distributed Map (ProcessorConfig.Mode)';
  const states = isObject(machine['States']) ? Object.entries(machine['States']) : [];
  for (const [name, state] of states) {
    const problem = isObject(state) ? stateProblem(state as unknown as StateDefinition) : undefined;
    if (problem !== undefined)
      return problem.includes(' in state ') ? problem : `${problem} in state '${name}'`;
  }
  return undefined;
}

function stateProblem(state: StateDefinition): string | undefined {
  if ('QueryLanguage' in state && state.QueryLanguage === 'JSONata') return 'JSONata; write it with JSONPath';
  const field = Object.keys(state).find((name) => unsupportedFields[name] !== undefined);
  if (field !== undefined) return unsupportedFields[field];
  if (state.Type === 'Task' && state.Resource !== undefined && !isSupportedResource(state.Resource)) {
    return `the resource ${state.Resource}`;
  }
  for (const inner of [...(state.Branches ?? []), state.ItemProcessor, state.Iterator]) {
    const problem = machineProblem(inner);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
