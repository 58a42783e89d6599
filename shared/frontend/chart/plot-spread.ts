/** A line across the chart that values must not cross. */
export interface Threshold {
  value: number;
  label: string;
}

/** A range with room above and below that always holds zero and the threshold, so that heights can be compared. */
export function spread(
  low: number | null,
  high: number | null,
  threshold: Threshold | undefined,
): [number, number] {
  const values = [0, low ?? 0, high ?? 0, ...(threshold ? [threshold.value] : [])];
  const bottom = Math.min(...values);
  const top = Math.max(...values);
  if (bottom === top) return [0, 1];
  const room = (top - bottom) * 0.08;
  return [bottom < 0 ? bottom - room : 0, top > 0 ? top + room : 0];
}
