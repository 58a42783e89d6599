import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { type Diagnostic, Findings, isObject, textOfDiagnostic } from './check/diagnostic.ts';
import { checkMachine } from './check/machine.ts';
import type { MachineDefinition } from './definition.ts';
import { hasOperation } from './sdk-call.ts';
import { sdkServices } from './sdk-services.ts';
import { taskName } from './task-resources.ts';

/** The part of `asl-validator` used here; it ships no types. */
type Validate = (definition: unknown) => {
  isValid: boolean;
  errors: { 'Error code': string; Message: string }[];
};

type MachineType = 'STANDARD' | 'EXPRESS';

/** AWS takes a definition of so many bytes. */
const maximumBytes = 1_048_576;

/**
 * Checks a definition and answers it parsed. Throws `InvalidDefinition` for what is wrong, or what the local cloud
 * cannot run, by name. The full check takes a tenth of a second, so texts found valid are remembered in `state`.
 */
export async function checkDefinition(
  text: string,
  type: MachineType,
  state: StateNamespace,
): Promise<MachineDefinition> {
  const key = checkedKey(text, type);
  if ((await state.get(key)) !== true) {
    const found = await diagnosticsOf(text, type);
    if (found.length > 0) {
      const problem = found.map(textOfDiagnostic).join(', ');
      throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${problem}'`);
    }
    await state.put(key, true);
  }
  return JSON.parse(text) as MachineDefinition;
}

/** Where it is remembered that a definition was found right. */
export function checkedKey(text: string, type: MachineType): string {
  return `checked/${createHash('sha256').update(`${type} ${text}`).digest('hex')}`;
}

/** Everything that is wrong with a definition, each with its place. */
export async function diagnosticsOf(text: string, type: MachineType): Promise<Diagnostic[]> {
  if (Buffer.byteLength(text) > maximumBytes) {
    return [problem('SCHEMA_VALIDATION_FAILED', 'Definition must not be larger than 1048576 bytes')];
  }
  let definition: unknown;
  try {
    definition = text.trim() === '' ? undefined : JSON.parse(text);
  } catch (error) {
    return [problem('INVALID_JSON_DESCRIPTION', error instanceof Error ? error.message : String(error))];
  }
  if (!isObject(definition)) {
    return [problem('SCHEMA_VALIDATION_FAILED', 'Definition must be a valid JSON object')];
  }
  const findings = new Findings();
  const context = { findings, type, sdkServices: Object.keys(sdkServices), outer: new Set<string>() };
  checkMachine(definition, '', context);
  if (findings.all.length === 0) await checkSdkOperations(definition, '', findings);
  return findings.all.length > 0 ? findings.all : others(text);
}

/** The answer of ValidateStateMachineDefinition: those of a severity and above, at most so many. */
export function diagnosticsWithin(found: Diagnostic[], severity: string, maxResults: unknown): object {
  const shown = found.filter((each) => severity === 'WARNING' || each.severity === 'ERROR');
  const most = typeof maxResults === 'number' && maxResults > 0 ? Math.min(maxResults, 100) : 100;
  return {
    result: found.some((each) => each.severity === 'ERROR') ? 'FAIL' : 'OK',
    diagnostics: shown.slice(0, most),
    truncated: shown.length > most,
  };
}

function problem(code: string, message: string): Diagnostic {
  return { severity: 'ERROR', code, message };
}

/** What the schema of the language says besides. */
function others(text: string): Diagnostic[] {
  // Loaded only when a definition is new: most starts check none. It writes into what it is given.
  const validate = createRequire(import.meta.url)('asl-validator') as Validate;
  const { isValid, errors } = validate(JSON.parse(text));
  if (isValid) return [];
  return errors.map((each) => problem(each['Error code'], each.Message));
}

/** An SDK integration names an operation that the service has. */
async function checkSdkOperations(value: unknown, location: string, findings: Findings): Promise<void> {
  if (Array.isArray(value)) {
    for (const [index, each] of (value as unknown[]).entries()) {
      await checkSdkOperations(each, `${location}[${index}]`, findings);
    }
  }
  if (!isObject(value)) return;
  const { Type: type, Resource: resource } = value;
  const name = type === 'Task' && typeof resource === 'string' ? taskName(resource) : undefined;
  if (name?.service.startsWith('aws-sdk:')) {
    const isThere = await hasOperation(name.service.slice('aws-sdk:'.length), name.action);
    if (!isThere)
      findings.schema(
        `${location}/Resource`,
        `The resource provided ${String(resource)} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`,
      );
  }
  for (const key of ['States', 'Branches', 'ItemProcessor', 'Iterator']) {
    if (key === 'States' && isObject(value[key])) {
      for (const [state, inner] of Object.entries(value[key])) {
        await checkSdkOperations(inner, `${location}/States/${state}`, findings);
      }
    } else await checkSdkOperations(value[key], `${location}/${key}`, findings);
  }
}
