import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';

/** Where the input comes from: a JSON body says what it means, parameters are texts that become numbers. */
export type InputSource = 'body' | 'parameters';

/** The ajv that compiles a source's schemas; all errors are collected, so that all are told at once. */
export function ajvFor(source: InputSource): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    coerceTypes: source === 'parameters',
    strictTypes: false,
    code: { source: true, esm: true, lines: true },
  });
  addFormats(ajv, ['date-time']);
  return ajv;
}

/** The source of a module whose default export validates the schema: compiling at run time costs 50 ms a cold start. */
export function validatorSource(schema: Readonly<Record<string, unknown>>, source: InputSource): string {
  const ajv = ajvFor(source);
  return standaloneCode(ajv, ajv.compile(schema));
}
