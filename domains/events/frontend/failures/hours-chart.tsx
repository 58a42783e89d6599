import { plural } from '#shared/frontend/format.ts';

const shown = 24;
const hour = 3_600_000;
const bar = { width: 4, gap: 1, height: 20 };

/** How often it failed in each of the last 24 hours, as small bars that a screen reader hears as one sentence. */
export function HoursChart({ hours, now }: { hours: Readonly<Record<string, number>>; now: number }) {
  const counts = Array.from({ length: shown }, (_, index) => {
    const time = new Date(now - (shown - 1 - index) * hour).toISOString().slice(0, 13);
    return { time, count: hours[time] ?? 0 };
  });
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...counts.map(({ count }) => count));
  const label = `${plural(total, 'occurrence', 'occurrences')} in the last 24 hours, ${total ? most : 0} in the worst hour`;
  return (
    <svg role="img" aria-label={label} width={shown * (bar.width + bar.gap)} height={bar.height}>
      <title>{label}</title>
      {counts.map(({ time, count }, index) => {
        const height = count === 0 ? 1 : Math.max(3, Math.round((count / most) * bar.height));
        return (
          <rect
            key={time}
            x={index * (bar.width + bar.gap)}
            y={bar.height - height}
            width={bar.width}
            height={height}
            fill="currentColor"
            opacity={count === 0 ? 0.3 : 0.8}
          />
        );
      })}
    </svg>
  );
}
