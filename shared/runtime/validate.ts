import { type InvalidField, invalid } from '../messages/problem.ts';

/** The parts of an ajv error that we read. */
interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A validator that the build compiled from one schema with ajv. Query validators also turn texts into numbers. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** Throws a 400 that names every field at fault, all at once, so that nobody mends them one by one. */
export function assertValid(validator: Validator, value: unknown): void {
  if (validator(value)) return;
  const errors = (validator.errors ?? []).map(invalidField);
  const fields = [...new Set(errors.map((error) => error.pointer))].join(', ');
  throw invalid(`Mend ${fields} and send it again.`, errors);
}

function invalidField(error: SchemaError): InvalidField {
  const at = (name: unknown) => `#${error.instancePath}/${String(name)}`;
  switch (error.keyword) {
    case 'required':
      return { pointer: at(error.params['missingProperty']), detail: 'is required' };
    case 'additionalProperties':
      return { pointer: at(error.params['additionalProperty']), detail: 'is not known here' };
    case 'enum':
      return {
        pointer: `#${error.instancePath}`,
        detail: `must be one of ${JSON.stringify(error.params['allowedValues'])}`,
      };
    case 'pattern':
      return {
        pointer: `#${error.instancePath}`,
        detail:
          error.params['pattern'] === '\\S'
            ? 'must not be blank'
            : `must have the form ${String(error.params['pattern'])}`,
      };
    default:
      return { pointer: `#${error.instancePath}`, detail: error.message ?? 'is not valid' };
  }
}
