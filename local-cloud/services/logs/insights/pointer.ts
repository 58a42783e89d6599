/** Where one log line is kept. */
export interface LinePosition {
  group: string;
  /** Epoch milliseconds. */
  time: number;
  sequence: number;
}

/** The `@ptr` of a line: opaque to clients, and good as long as the line is kept. */
export function pointerTo({ group, time, sequence }: LinePosition): string {
  return Buffer.from(JSON.stringify([group, time, sequence])).toString('base64');
}

/** The line that a pointer names; undefined when it is none of ours. */
export function positionOf(pointer: string): LinePosition | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(pointer, 'base64').toString());
    if (!Array.isArray(value)) return undefined;
    const [group, time, sequence] = value as unknown[];
    const isPosition =
      typeof group === 'string' && Number.isSafeInteger(time) && Number.isSafeInteger(sequence);
    return isPosition ? { group, time: Number(time), sequence: Number(sequence) } : undefined;
  } catch {
    // Whatever it was, it was not made here.
    return undefined;
  }
}
