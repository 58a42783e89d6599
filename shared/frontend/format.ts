/** The units that the console knows how to write. `unknown` is a number whose publisher gave no unit. */
export type Unit =
  | 'count'
  | 'milliseconds'
  | 'seconds'
  | 'bytes'
  | 'percent'
  | 'units'
  | 'dollars'
  | 'unknown';

const suffixes: Record<Unit, string> = {
  count: '',
  milliseconds: ' ms',
  seconds: ' s',
  bytes: ' B',
  percent: ' %',
  units: ' units',
  dollars: '',
  unknown: '',
};

/** How an axis or a column heading names the unit. */
export const unitNames: Record<Unit, string> = {
  count: 'count',
  milliseconds: 'ms',
  seconds: 's',
  bytes: 'bytes',
  percent: '%',
  units: 'capacity units',
  dollars: 'US dollars',
  unknown: 'as published',
};

const numbers = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 4 });
const cents = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const fineAmounts = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });
const wholeNumbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** `1,204`, `12.35 ms`, `3.4 MiB`. */
export function formatValue(value: number, unit: Unit): string {
  if (unit === 'dollars') return formatDollars(value);
  if (unit === 'bytes' && Math.abs(value) >= 1024) return formatBytes(value);
  const written = Math.abs(value) >= 10_000 ? wholeNumbers.format(value) : numbers.format(value);
  return `${written}${suffixes[unit]}`;
}

function formatBytes(value: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let scaled = value / 1024;
  let index = 0;
  while (Math.abs(scaled) >= 1024 && index < units.length - 1) {
    scaled /= 1024;
    index++;
  }
  return `${numbers.format(scaled)} ${units[index]}`;
}

/** `$1,204.50`, `−$3.20`; below ten cents the first two digits that say something: `$0.016`, `$0.000012`. */
function formatDollars(value: number): string {
  const amount = Math.abs(value);
  // What is left where sums of parts should be nothing.
  const written = amount >= 0.0995 || amount < 1e-12 ? cents.format(amount) : fineAmounts.format(amount);
  return `${value < 0 && amount >= 1e-12 ? '−' : ''}$${written}`;
}

/** `1 rule`, `2 rules`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${wholeNumbers.format(count)} ${count === 1 ? one : many}`;
}
