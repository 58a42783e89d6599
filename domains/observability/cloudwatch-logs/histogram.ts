import { commandsOf, reducing } from './pipeline.ts';

/** More bars than this cannot be told apart. */
export const mostBars = 60;

/** Lengths of a bar in seconds, each with how the query language writes it. */
const bins: readonly (readonly [seconds: number, written: string])[] = [
  [1, '1s'],
  [5, '5s'],
  [10, '10s'],
  [30, '30s'],
  [60, '1m'],
  [300, '5m'],
  [600, '10m'],
  [1800, '30m'],
  [3600, '1h'],
  [10_800, '3h'],
  [21_600, '6h'],
  [43_200, '12h'],
  [86_400, '1d'],
];

/** What decides which lines a query is about; everything else only arranges what it shows of them. */
const deciding = /^(filter|parse|filterindex|unnest)\b/i;
/** A `fields` that names something new, which a later filter may ask for. */
const naming = /^fields\b.*\bas\b/is;

export interface HistogramQuery {
  readonly query: string;
  /** Length of a bar in seconds. */
  readonly bin: number;
}

/** The query that counts, over time, the lines that `query` is about. */
export function histogramQuery(query: string, from: string, to: string): HistogramQuery {
  const commands = commandsOf(query);
  const end = commands.findIndex((command) => reducing.test(command));
  const kept = (end === -1 ? commands : commands.slice(0, end)).filter(
    (command) => deciding.test(command) || naming.test(command),
  );
  const [bin, written] = binFor((Date.parse(to) - Date.parse(from)) / 1000);
  return { query: [...kept, `stats count(*) as lines by bin(${written})`].join('\n| '), bin };
}

/** The shortest bar of which not too many fill the range; a range that begins amid a bar has one more. */
function binFor(seconds: number): readonly [number, string] {
  const longest = bins.at(-1) as (typeof bins)[number];
  return bins.find(([length]) => seconds / length + 1 <= mostBars) ?? longest;
}
