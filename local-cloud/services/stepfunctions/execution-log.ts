import type { Cloud } from '../../core/cloud.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { HistoryEvent } from './history.ts';
import type { LogLevel, StateMachine } from './machines.ts';

const fatal = ['ExecutionAborted', 'ExecutionFailed', 'ExecutionTimedOut'];
const failures = /(?:Failed|Aborted|TimedOut)$/u;

function isLogged(level: LogLevel, type: string): boolean {
  if (level === 'FATAL') return fatal.includes(type);
  return level === 'ALL' || (level === 'ERROR' && failures.test(type));
}

const dataFields = ['input', 'inputDetails', 'output', 'outputDetails', 'parameters'];

/** Writes one history event to the log group of the state machine, in AWS's form, as its level asks. */
export function logEvent(
  cloud: Cloud,
  machine: StateMachine,
  { arn, redriveCount = 0 }: ExecutionRecord,
  event: HistoryEvent,
): void {
  const { level, includeExecutionData, group } = machine.logging;
  if (group === undefined || !isLogged(level, event.type)) return;
  const details = includeExecutionData
    ? event.details
    : Object.fromEntries(Object.entries(event.details).filter(([name]) => !dataFields.includes(name)));
  const hour = new Date(event.timestamp).toISOString().slice(0, 13).replace('T', '-');
  const message = JSON.stringify({
    id: String(event.id),
    type: event.type,
    details,
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(event.timestamp),
    execution_arn: arn,
    redrive_count: String(redriveCount),
  });
  cloud.ports.logs.write(group, `states/${machine.name}/${hour}-00`, [{ time: event.timestamp, message }]);
}
