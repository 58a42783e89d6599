import { AwsError } from '../../core/errors.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import { invalidParameter } from './input.ts';
import { positionOf } from './insights/pointer.ts';

const MOST_FIELDS = 1_000;

/** The values of a JSON document by their paths: dots between names and indexes, as queries call them. */
function flatten(value: unknown, path: string, into: Record<string, string>): void {
  if (Object.keys(into).length >= MOST_FIELDS) return;
  if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value))
      flatten(each, path === '' ? name : `${path}.${name}`, into);
  } else if (value !== null && value !== undefined) {
    into[path] = String(value);
  }
}

/** Every field of the line that a `@ptr` names, as GetLogRecord answers it. */
export async function getLogRecord(
  store: TelemetryStore,
  account: { accountId: string },
  pointer: string,
): Promise<object> {
  const position = positionOf(pointer);
  if (!position) throw invalidParameter('The specified logRecordPointer is invalid.');
  const reader = await store.logReader();
  try {
    const [row] = await reader.read(
      `SELECT stream, message, ingestion_time::DOUBLE, CASE WHEN is_document THEN message ELSE fragment END
       FROM log_lines WHERE group_name = $group AND time = $time AND sequence = $sequence`,
      { group: position.group, time: BigInt(position.time), sequence: BigInt(position.sequence) },
    );
    if (!row) throw new AwsError('ResourceNotFoundException', 'The specified log record does not exist.');
    const [stream, message, ingestionTime, document] = row;
    const logRecord: Record<string, string> = {};
    if (typeof document === 'string') flatten(JSON.parse(document), '', logRecord);
    Object.assign(logRecord, {
      '@ptr': pointer,
      '@log': `${account.accountId}:${position.group}`,
      '@logStream': String(stream),
      '@timestamp': String(position.time),
      '@ingestionTime': String(ingestionTime),
      '@message': String(message),
    });
    return { logRecord };
  } finally {
    reader.close();
  }
}
