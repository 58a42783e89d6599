/** One event of an execution's history, in the names of GetExecutionHistory; `timestamp` in epoch milliseconds. */
export interface HistoryEvent {
  id: number;
  /** The event before it on the same line of states; 0 for the first. */
  previousEventId: number;
  timestamp: number;
  type: string;
  details: Record<string, unknown>;
}

/** A data field of an event's details: its JSON text, and that it is whole. */
export function dataField(name: 'input' | 'output', value: unknown): Record<string, unknown> {
  return { [name]: JSON.stringify(value), [`${name}Details`]: { truncated: false } };
}

/** The details of a failure: AWS leaves out what is empty. */
export function failureFields(error: string | undefined, cause: string | undefined): Record<string, unknown> {
  return {
    ...(error === undefined || error === '' ? {} : { error }),
    ...(cause === undefined || cause === '' ? {} : { cause }),
  };
}

/** The field of GetExecutionHistory that holds the details of a type. */
export function detailsField(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
