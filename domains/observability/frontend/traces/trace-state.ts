import { oneOf, type Parameter, text, wholeNumber } from '#shared/frontend/url-state.ts';
import { spanKindNames } from './span-search.ts';

/** A part of a trace's time, in milliseconds since its start. */
export interface Zoom {
  readonly from: number;
  readonly to: number;
}

const zoom: Parameter<Zoom | undefined> = {
  absent: undefined,
  read: (value) => {
    const [, from, to] = /^(\d{1,12}(?:\.\d+)?)-(\d{1,12}(?:\.\d+)?)$/.exec(value) ?? [];
    return Number(from) < Number(to) ? { from: Number(from), to: Number(to) } : undefined;
  },
  write: (value) => (value ? `${value.from}-${value.to}` : ''),
};

/** What a trace's page keeps in the address. */
export const traceKeys = {
  /** The span whose details are shown. */
  span: text(),
  find: text(),
  show: oneOf(spanKindNames, 'all'),
  /** How many levels are unfolded; 0 is all. */
  levels: wholeNumber(0),
  zoom,
} as const;

/** Times at which the ruler has a line: a few round ones within the part that is shown. */
export function ticksOf({ from, to }: Zoom, wanted = 5): number[] {
  const rough = (to - from) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  const count = Math.max(0, Math.floor(to / step) - first + 1);
  return Array.from({ length: Math.min(count, 20) }, (_, index) => (first + index) * step);
}

/** Where a span's bar stands in the part that is shown, in percent; `undefined` where it lies outside. */
export function barOf(
  span: { start: number; duration?: number },
  { from, to }: Zoom,
): { left: number; width: number } | undefined {
  const end = span.duration === undefined ? to : span.start + span.duration;
  if (end < from || span.start > to) return undefined;
  const percent = (time: number) => (100 * (Math.min(to, Math.max(from, time)) - from)) / (to - from);
  const left = percent(span.start);
  return { left, width: percent(end) - left };
}
