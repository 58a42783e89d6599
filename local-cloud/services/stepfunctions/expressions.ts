import { type JsonPath, parseJsonPath } from '../../core/json-path.ts';
import { type IntrinsicArgument, parseIntrinsic } from './intrinsic-parser.ts';
import { callIntrinsic } from './intrinsics.ts';
import { EvaluationError, runtimeError, StateError } from './state-error.ts';

/** The context object, reached as `$$`. */
export type ContextObject = Record<string, unknown>;

export interface Scope {
  input: unknown;
  context: ContextObject;
  /** What earlier states assigned, reached as `$name`. */
  variables?: Record<string, unknown>;
}

/** The value of a path into the input (`$…`), the context (`$$…`) or a variable (`$name…`), or of an intrinsic function. */
export function evaluate(text: string, scope: Scope, field?: string): unknown {
  if (text.startsWith('States.')) return evaluateIntrinsic(text, scope);
  const found = lookUp(text, scope);
  if (!found.exists) {
    const place = field === undefined ? '' : ` specified for the field '${field}'`;
    throw runtimeError(
      `The JSONPath '${text}'${place} could not be found in the input '${JSON.stringify(scope.input)}'`,
    );
  }
  return found.value;
}

/** As `evaluate` for a path, but tells whether it names anything. A path to many values gives a list, maybe empty. */
export function lookUp(text: string, scope: Scope): { exists: boolean; value: unknown } {
  const { path, data } = target(text, scope);
  const values = path.select(data);
  return path.definite ? { exists: values.length > 0, value: values[0] } : { exists: true, value: values };
}

function target(text: string, { input, context, variables = {} }: Scope): { path: JsonPath; data: unknown } {
  if (text.startsWith('$$')) return { path: readPath(text.slice(1)), data: context };
  // `$name` is member `name` of all variables.
  if (/^\$[\p{L}_]/u.test(text)) return { path: readPath(`$.${text.slice(1)}`), data: variables };
  return { path: readPath(text), data: input };
}

function readPath(text: string): JsonPath {
  try {
    return parseJsonPath(text);
  } catch (error) {
    throw runtimeError(error instanceof Error ? error.message : String(error));
  }
}

function evaluateIntrinsic(text: string, scope: Scope): unknown {
  const value = (argument: IntrinsicArgument): unknown => {
    if (argument.kind === 'literal') return argument.value;
    if (argument.kind === 'path') return evaluate(argument.path, scope);
    return callIntrinsic(argument.name, argument.arguments.map(value));
  };
  try {
    return value(parseIntrinsic(text));
  } catch (error) {
    if (error instanceof StateError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EvaluationError(
      'States.IntrinsicFailure',
      `The function '${text}' had the following error: ${reason}`,
    );
  }
}

/** Fills a payload template: fields that end in `.$` are evaluated, everything else stays. */
export function fillTemplate(template: unknown, scope: Scope): unknown {
  if (Array.isArray(template)) return template.map((each) => fillTemplate(each, scope));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]: [string, unknown]) => {
      if (!name.endsWith('.$')) return [name, fillTemplate(value, scope)];
      if (typeof value !== 'string') throw runtimeError(`The value of the field '${name}' must be a path.`);
      return [name.slice(0, -2), evaluate(value, scope, name)];
    }),
  );
}
