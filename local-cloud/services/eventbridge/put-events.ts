import type { BusEntry, Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import { createEvent } from './event.ts';
import { busNameOf } from './registry.ts';
import type { Routed, Router } from './router.ts';

const maximumEntries = 10;
const maximumBytes = 256 * 1024;
const billedBytes = 64 * 1024;

interface RequestEntry {
  Source?: string;
  DetailType?: string;
  Detail?: string;
  EventBusName?: string;
  Resources?: string[];
  Time?: number;
  TraceHeader?: string;
}

type ResultEntry = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

/**
 * `PutEvents`: every accepted entry is on disk with its matched targets when it answers. As on AWS, a wrong entry
 * fails alone, too large a request fails whole, and an entry for a bus that does not exist is accepted and dropped.
 */
export function createPutEvents(cloud: Cloud, router: Router): Operation {
  return async (input, request) => {
    const entries = readEntries(input);
    const results: ResultEntry[] = [];
    const accepted: Routed[] = [];
    for (const entry of entries) {
      const refused = problemOf(entry);
      if (refused) {
        results.push(refused);
        continue;
      }
      const event = createEvent(cloud, {
        source: entry.Source ?? '',
        detailType: entry.DetailType ?? '',
        detail: JSON.parse(entry.Detail ?? ''),
        ...(entry.Resources ? { resources: entry.Resources } : {}),
        ...(entry.Time === undefined ? {} : { time: new Date(entry.Time * 1000) }),
      });
      const traceHeader = entry.TraceHeader ?? request.headers['x-amzn-trace-id'];
      accepted.push({
        busName: busNameOf(entry.EventBusName),
        event,
        ...(traceHeader === undefined ? {} : { traceHeader }),
      });
      results.push({ EventId: event.id });
    }
    await router.route(accepted);
    for (const routed of accepted) recordUsage(cloud, routed);
    return { FailedEntryCount: results.filter((each) => 'ErrorCode' in each).length, Entries: results };
  };
}

/** The port through which services put events: trusted, so `aws.` sources are allowed. */
export async function putEntries(cloud: Cloud, router: Router, entries: BusEntry[]): Promise<string[]> {
  const routed = entries.map((entry): Routed => {
    const event = createEvent(cloud, entry);
    const busName = busNameOf(entry.busName);
    return entry.traceHeader === undefined
      ? { busName, event }
      : { busName, event, traceHeader: entry.traceHeader };
  });
  await router.route(routed);
  for (const each of routed) recordUsage(cloud, each);
  return routed.map(({ event }) => event.id);
}

/** Events of the account's own are billed in chunks of 64 KB; those of AWS services are free. */
function recordUsage(cloud: Cloud, { busName, event }: Routed): void {
  if (event.source.startsWith('aws.')) return;
  const bytes = Buffer.byteLength(JSON.stringify(event.detail)) + Buffer.byteLength(event.source);
  cloud.telemetry.usage({
    service: 'CloudWatch Events',
    usageType: 'USE1-Event-64K-Chunks',
    operation: 'PutEvents',
    resource: `arn:aws:events:${cloud.region}:${cloud.accountId}:event-bus/${busName}`,
    quantity: Math.ceil((bytes + Buffer.byteLength(event['detail-type'])) / billedBytes),
    time: Date.now(),
  });
}

function readEntries(input: Record<string, unknown>): RequestEntry[] {
  const entries = input['Entries'];
  if (input['EndpointId'] !== undefined) {
    throw new AwsError(
      'ValidationException',
      'The local cloud does not support global endpoints (EndpointId).',
    );
  }
  if (!Array.isArray(entries)) {
    throw invalidEntries("Value null at 'entries' failed to satisfy constraint: Member must not be null");
  }
  if (entries.length < 1 || entries.length > maximumEntries) {
    const constraint =
      entries.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${maximumEntries}`;
    throw invalidEntries(
      `Value at 'entries' failed to satisfy constraint: Member must have length ${constraint}`,
    );
  }
  const read = entries.map(readEntry);
  if (read.reduce((sum, entry) => sum + entryBytes(entry), 0) > maximumBytes) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return read;
}

function invalidEntries(problem: string): AwsError {
  return new AwsError('ValidationException', `1 validation error detected: ${problem}`);
}

const textFields = ['Source', 'DetailType', 'Detail', 'EventBusName', 'TraceHeader'] as const;

function readEntry(value: unknown): RequestEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType('Entries');
  const entry = value as Record<string, unknown>;
  for (const field of textFields) {
    if (entry[field] !== undefined && entry[field] !== null && typeof entry[field] !== 'string')
      throw wrongType(field);
  }
  const { Resources: resources, Time: time } = entry;
  if (resources !== undefined && resources !== null) {
    if (!Array.isArray(resources) || !resources.every((each) => typeof each === 'string'))
      throw wrongType('Resources');
  }
  if (
    time !== undefined &&
    time !== null &&
    (typeof time !== 'number' || Number.isNaN(new Date(time * 1000).getTime()))
  ) {
    throw wrongType('Time');
  }
  return Object.fromEntries(Object.entries(entry).filter(([, each]) => each !== null)) as RequestEntry;
}

function wrongType(field: string): AwsError {
  return new AwsError('SerializationException', `The value of ${field} has the wrong type.`);
}

/** As AWS counts it: a time is 14 bytes, texts their UTF-8 length. */
function entryBytes(entry: RequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  return bytes + (entry.Time === undefined ? 0 : 14);
}

function problemOf(entry: RequestEntry): { ErrorCode: string; ErrorMessage: string } | undefined {
  for (const field of ['Source', 'DetailType', 'Detail'] as const) {
    if (entry[field]) continue;
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${field} is not valid. Reason: ${field} is a required argument.`,
    };
  }
  if (entry.Source?.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  return isJsonObject(entry.Detail ?? '')
    ? undefined
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
