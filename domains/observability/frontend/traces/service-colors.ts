import { seriesColor } from '#shared/frontend/chart/palette.ts';
import type { TraceAnswer } from './types.ts';

/** The palette has no more colors that can be told apart. */
export const distinctColors = 8;

/** The color of each service: the first ones, those with the earliest spans, have one of their own. */
export function serviceColors(services: TraceAnswer['services']): ReadonlyMap<string, string> {
  return new Map(services.map(({ name }, index) => [name, seriesColor(index)]));
}
