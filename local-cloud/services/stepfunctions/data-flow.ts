import type { StateDefinition } from './definition.ts';
import { evaluate, fillTemplate, type Scope } from './expressions.ts';
import { EvaluationError, runtimeError, StateError } from './state-error.ts';

/** Bytes of JSON that a state may take or give. */
const maximumBytes = 256 * 1024;

/** The state's input after `InputPath`. */
export function selectInput(state: StateDefinition, scope: Scope): unknown {
  return selectPath(state.InputPath, scope, 'InputPath');
}

/** The input after `Parameters`, as the work of the state receives it. */
export function applyParameters(state: StateDefinition, scope: Scope): unknown {
  return state.Parameters === undefined ? scope.input : fillTemplate(state.Parameters, scope);
}

/** The result after `ResultSelector`. */
export function selectResult(state: StateDefinition, result: unknown, scope: Scope): unknown {
  return state.ResultSelector === undefined
    ? result
    : fillTemplate(state.ResultSelector, { ...scope, input: result });
}

/** Places a result in the state's raw input as `ResultPath` says: `$` replaces it, null drops the result. */
export function placeResult(path: string | null | undefined, rawInput: unknown, result: unknown): unknown {
  if (path === null) return rawInput;
  if (path === undefined || path === '$') return result;
  const steps = [...path.matchAll(/\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/gu)].map(
    ([, name, index, quoted]) => (index === undefined ? (name ?? quoted ?? '') : Number(index)),
  );
  return placeAt(rawInput, steps, result, path);
}

function placeAt(target: unknown, steps: (string | number)[], result: unknown, path: string): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return result;
  if (typeof step === 'number') {
    if (!Array.isArray(target) || step >= target.length) throw mismatch(path, target);
    return target.map((each, index) =>
      index === step ? placeAt(each, rest, result, path) : (each as unknown),
    );
  }
  if (target !== undefined && (typeof target !== 'object' || target === null || Array.isArray(target))) {
    throw mismatch(path, target);
  }
  const fields: Record<string, unknown> = { ...target };
  return {
    ...fields,
    [step]: placeAt(Object.hasOwn(fields, step) ? fields[step] : undefined, rest, result, path),
  };
}

function mismatch(path: string, target: unknown): StateError {
  return new EvaluationError(
    'States.ResultPathMatchFailure',
    `Unable to apply ReferencePath ${path} to input ${JSON.stringify(target)}`,
  );
}

/** What leaves the state, after `OutputPath`. Throws `States.DataLimitExceeded` when it is too large. */
export function selectOutput(state: StateDefinition, scope: Scope, name = ''): unknown {
  const output = selectPath(state.OutputPath, scope, 'OutputPath');
  checkSize(output, name);
  return output;
}

/** Throws `States.DataLimitExceeded` over 256 KiB of JSON. */
export function checkSize(value: unknown, name = ''): void {
  if (Buffer.byteLength(JSON.stringify(value) ?? '') <= maximumBytes) return;
  throw new StateError(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}

/** Bytes of JSON of all variables of a line of states. */
const maximumVariables = 10 * 1024 * 1024;

/** The variables after a state's `Assign`: all of them are evaluated with the values from before. */
export function assigned(
  template: Record<string, unknown> | undefined,
  scope: Scope,
): { variables: Record<string, unknown>; changed: Record<string, unknown> | undefined } {
  const { variables = {} } = scope;
  if (template === undefined || Object.keys(template).length === 0) return { variables, changed: undefined };
  const changed = fillTemplate(template, scope) as Record<string, unknown>;
  checkSize(changed, 'Assign');
  const all = { ...variables, ...changed };
  if (Buffer.byteLength(JSON.stringify(all)) > maximumVariables) {
    throw new EvaluationError('States.Runtime', 'The variables exceed the limit of 10 MiB.');
  }
  return { variables: all, changed };
}

function selectPath(path: string | null | undefined, scope: Scope, field: string): unknown {
  if (path === null) return {};
  if (path === undefined || path === '$') return scope.input;
  return evaluate(path, scope, field);
}

/** A number that a `…Path` field names. Throws `States.Runtime` when it is none. */
export function numberAt(path: string, scope: Scope): number {
  const value = evaluate(path, scope);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw runtimeError(`The path '${path}' does not reference a positive integer.`);
  return value;
}
