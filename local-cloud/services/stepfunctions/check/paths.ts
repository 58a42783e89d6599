import { parseJsonPath } from '../../../core/json-path.ts';
import { type IntrinsicArgument, parseIntrinsic } from '../intrinsic-parser.ts';
import { isIntrinsic } from '../intrinsics.ts';
import { type Findings, isObject } from './diagnostic.ts';

/** A path into the input, the context or a variable; an intrinsic function where that is allowed. */
export function checkPath(value: unknown, location: string, findings: Findings, mayCall = false): void {
  if (typeof value === 'string' && (isPath(value) || (mayCall && isCall(value)))) return;
  findings.schema(location, `Value is not a valid JSONPath${mayCall ? ' or intrinsic function call' : ''}`);
}

/** A path that can name one value alone, of the input itself. */
export function checkReferencePath(value: unknown, location: string, findings: Findings): void {
  const isReference =
    typeof value === 'string' && !value.startsWith('$$') && isPath(value) && parseJsonPath(value).definite;
  if (!isReference) findings.schema(location, 'Value is not a Reference Path');
}

/** Every field that ends in `.$` is a path or a call. */
export function checkTemplate(template: unknown, location: string, findings: Findings): void {
  if (Array.isArray(template)) {
    for (const [index, each] of (template as unknown[]).entries()) {
      checkTemplate(each, `${location}[${index}]`, findings);
    }
  }
  if (!isObject(template)) return;
  for (const [name, value] of Object.entries(template)) {
    if (!name.endsWith('.$')) checkTemplate(value, `${location}/${name}`, findings);
    else if (typeof value !== 'string' || !(isPath(value) || isCall(value))) {
      findings.schema(
        location,
        `The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call`,
      );
    }
  }
}

/** Names of variables, none of them one that a machine around has. */
export function checkAssign(
  assign: unknown,
  location: string,
  outer: ReadonlySet<string>,
  findings: Findings,
): void {
  if (assign === undefined) return;
  if (!isObject(assign)) {
    findings.schema(location, 'The value must be an object');
    return;
  }
  checkTemplate(assign, location, findings);
  for (const name of Object.keys(assign).map((each) => each.replace(/\.\$$/u, ''))) {
    if (!/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(name)) {
      findings.schema(location, `The variable name '${name}' is not valid`);
    } else if (outer.has(name)) {
      findings.schema(location, `The variable '${name}' is already assigned in an outer scope`);
    }
  }
}

function isPath(text: string): boolean {
  try {
    if (/^\$[\p{L}_]/u.test(text)) parseJsonPath(`$.${text.slice(1)}`);
    else parseJsonPath(text.startsWith('$$') ? text.slice(1) : text);
    return true;
  } catch {
    return false;
  }
}

function isCall(text: string): boolean {
  const isSound = (part: IntrinsicArgument): boolean => {
    if (part.kind === 'path') return isPath(part.path);
    return part.kind === 'literal' || (isIntrinsic(part.name) && part.arguments.every(isSound));
  };
  try {
    return isSound(parseIntrinsic(text));
  } catch {
    return false;
  }
}
