/** One event of an execution's history, in the names of GetExecutionHistory; `timestamp` in epoch milliseconds. */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  timestamp: number;
  type: string;
  details: Record<string, unknown>;
}

/** The history as one line of execution sees it: each event names the one before it on the same line. */
export interface Trail {
  record(type: string, details?: Record<string, unknown>): HistoryEvent;
  /** A line of its own (a branch, an iteration) that begins where this one stands. */
  fork(): Trail;
}

/** Numbers events from `lastId` on and hands each to `listener`. */
export function createTrail(listener: (event: HistoryEvent) => void, lastId = 0): Trail {
  let issued = lastId;
  const line = (start: number): Trail => {
    let previous = start;
    return {
      record(type, details = {}) {
        issued += 1;
        const event = { id: issued, previousEventId: previous, timestamp: Date.now(), type, details };
        previous = issued;
        listener(event);
        return event;
      },
      fork: () => line(previous),
    };
  };
  return line(lastId);
}

/** A data field of an event's details: its JSON text, and that it is whole. */
export function dataField(name: 'input' | 'output', value: unknown): Record<string, unknown> {
  return { [name]: JSON.stringify(value), [`${name}Details`]: { truncated: false } };
}

/** The field of GetExecutionHistory that holds the details of a type. */
export function detailsField(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
