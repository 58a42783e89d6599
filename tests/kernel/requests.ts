import { ajvFor } from '#scripts/build/validators.ts';
import type { HttpResult } from '#shared/runtime/http.ts';
import type { Validator } from '#shared/runtime/validate.ts';

/** A validator as the build makes it for a query: texts of the query string become numbers. */
export function parametersOf(schema: Readonly<Record<string, unknown>>): Validator {
  return ajvFor('parameters').compile(schema);
}

/** The body of an answer. */
export function bodyOf<Body = Record<string, unknown>>(result: HttpResult): Body {
  return JSON.parse(result.body) as Body;
}
