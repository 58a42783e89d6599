import type { QuerySpelling } from '../../core/service.ts';
import { Repeated } from '../../gateway/xml.ts';
import { isRecord } from './input.ts';

/** CloudWatch as clients of the query protocol speak it: its one map is a list of entries there. */
export const querySpelling: QuerySpelling = {
  input: (fields) => fields,
  output: (_operation, output) => written(output) as object,
};

function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'ExtendedStatistics' && isRecord(inner) ? entriesOf(inner) : written(inner),
    ]),
  );
}

function entriesOf(map: Record<string, unknown>): object {
  return { entry: new Repeated(Object.entries(map).map(([key, value]) => ({ key, value }))) };
}
