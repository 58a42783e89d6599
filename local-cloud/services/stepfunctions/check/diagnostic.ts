/** One finding of ValidateStateMachineDefinition. */
export interface Diagnostic {
  severity: 'ERROR' | 'WARNING';
  code: string;
  message: string;
  /** The place in the definition: `/States/First/Next`. */
  location?: string;
}

/** Takes findings, each at a place. */
export class Findings {
  readonly all: Diagnostic[] = [];

  schema(location: string, message: string): void {
    this.add('SCHEMA_VALIDATION_FAILED', location, message);
  }

  unsupported(location: string, what: string): void {
    this.schema(location, `The local cloud does not support ${what}`);
  }

  add(code: string, location: string, message: string): void {
    this.all.push({ severity: 'ERROR', code, message, location });
  }
}

/** As CreateStateMachine tells it: `SCHEMA_VALIDATION_FAILED: … at /States/First`. */
export function textOfDiagnostic({ code, message, location }: Diagnostic): string {
  return `${code}: ${message}${location === undefined ? '' : ` at ${location}`}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
