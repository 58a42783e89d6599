/** A time as clocks of a zone show it, in milliseconds as if that were UTC. */
type Wall = number;

export interface TimeZone {
  wallOf(time: number): Wall;
  /** The first time at which clocks show it; undefined where they jump over it. */
  timeOf(wall: Wall): number | undefined;
}

const day = 86_400_000;
const utc: TimeZone = { wallOf: (time) => time, timeOf: (wall) => wall };

/** A zone of the IANA database, such as `Europe/Berlin`; undefined when there is no such zone. */
export function timeZone(name: string): TimeZone | undefined {
  if (name === 'UTC') return utc;
  const format = formatOf(name);
  if (!format) return undefined;
  const wallOf = (time: number): Wall => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const whole = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return whole + (((time % 1000) + 1000) % 1000);
  };
  return {
    wallOf,
    timeOf(wall) {
      // Whichever way the clocks are turned, it is by the offset of the day before or of the day after.
      const offsets = [wall - day, wall + day].map((near) => wallOf(near) - near);
      const times = offsets.map((offset) => wall - offset).filter((time) => wallOf(time) === wall);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  } catch {
    return undefined;
  }
}
