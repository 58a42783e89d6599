import { fieldsOf } from './cursor.ts';
import type { Span, SpanAws, SpanException, SpanHttp } from './span.ts';

/** A span as it stands in its document, not yet in its place: times are epoch milliseconds. */
export interface LooseSpan extends Omit<Span, 'depth' | 'start' | 'critical' | 'detached'> {
  readonly from: number;
}

/** Metadata may be anything of any size; beyond this it is left out, and told as cut. */
const maximumMetadata = 8 * 1024;
const maximumFrames = 50;
const maximumExceptions = 10;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a segment document: the segment and the subsegments within it, as deep as they go. What has no id or no start
 * is no span and cannot be placed; a document that is not JSON holds none.
 */
export function readDocument(document: string): LooseSpan[] {
  let root: unknown;
  try {
    root = JSON.parse(document);
  } catch {
    return [];
  }
  const spans: LooseSpan[] = [];
  const waiting: { fields: Fields; parentId?: string | undefined; service: string }[] = [
    { fields: fieldsOf(root), service: '' },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { fields, parentId } = next;
    const isSegment = parentId === undefined && fields['type'] !== 'subsegment';
    const service = isSegment ? (textIn(fields, 'name') ?? '') : next.service;
    const span = spanOf(fields, parentId, service);
    if (span) spans.push(span);
    const id = textIn(fields, 'id');
    for (const inner of listIn(fields, 'subsegments'))
      waiting.push({ fields: fieldsOf(inner), parentId: id, service });
  }
  return spans;
}

function spanOf(fields: Fields, within: string | undefined, service: string): LooseSpan | undefined {
  const id = textIn(fields, 'id');
  const from = numberIn(fields, 'start_time');
  if (id === undefined || from === undefined) return undefined;
  const to = fields['in_progress'] === true ? undefined : numberIn(fields, 'end_time');
  const isSubsegment = within !== undefined || fields['type'] === 'subsegment';
  const kind = fields['inferred'] === true ? 'inferred' : isSubsegment ? 'subsegment' : 'segment';
  return {
    id,
    name: textIn(fields, 'name') ?? 'Without a name',
    kind,
    service,
    from: from * 1000,
    ...present({
      parentId: within ?? textIn(fields, 'parent_id'),
      duration: to === undefined ? undefined : Math.max(0, rounded((to - from) * 1000)),
      origin: textIn(fields, 'origin'),
      namespace: textIn(fields, 'namespace'),
      fault: flagIn(fields, 'fault'),
      error: flagIn(fields, 'error'),
      throttle: flagIn(fields, 'throttle'),
      http: httpOf(fieldsOf(fields['http'])),
      aws: awsOf(fieldsOf(fields['aws'])),
      annotations: annotationsOf(fieldsOf(fields['annotations'])),
      exceptions: exceptionsOf(fields['cause']),
    }),
    ...metadataOf(fields['metadata']),
  };
}

function httpOf(http: Fields): SpanHttp | undefined {
  const request = fieldsOf(http['request']);
  return orNothing({
    method: textIn(request, 'method'),
    url: textIn(request, 'url'),
    userAgent: textIn(request, 'user_agent'),
    clientIp: textIn(request, 'client_ip'),
    status: numberIn(fieldsOf(http['response']), 'status'),
  });
}

/** What an AWS call worked on, by the names that the SDKs give it. */
const resources = [
  'table_name',
  'function_name',
  'function_arn',
  'queue_url',
  'resource_names',
  'bucket_name',
];

function awsOf(aws: Fields): SpanAws | undefined {
  const resource = resources.map((name) => aws[name]).find((value) => value !== undefined);
  return orNothing({
    operation: textIn(aws, 'operation'),
    resource: Array.isArray(resource)
      ? resource.join(', ')
      : resource === undefined
        ? undefined
        : String(resource),
    region: textIn(aws, 'region'),
    requestId: textIn(aws, 'request_id'),
    retries: numberIn(aws, 'retries'),
  });
}

function annotationsOf(annotations: Fields): Span['annotations'] | undefined {
  const scalars = Object.entries(annotations).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return scalars.length === 0 ? undefined : (Object.fromEntries(scalars) as NonNullable<Span['annotations']>);
}

/** A cause lists exceptions, or is the id of one that a span beneath tells. */
function exceptionsOf(cause: unknown): readonly SpanException[] | undefined {
  const exceptions = listIn(fieldsOf(cause), 'exceptions').slice(0, maximumExceptions).map(fieldsOf);
  if (exceptions.length === 0) return undefined;
  return exceptions.map((exception) =>
    present({
      type: textIn(exception, 'type'),
      message: textIn(exception, 'message'),
      remote: flagIn(exception, 'remote'),
      stack: stackOf(listIn(exception, 'stack')),
    }),
  );
}

function stackOf(frames: readonly unknown[]): readonly string[] | undefined {
  if (frames.length === 0) return undefined;
  return frames.slice(0, maximumFrames).map((frame) => {
    const { path = '', line = '', label = '' } = fieldsOf(frame);
    return `${label} (${path}:${line})`;
  });
}

function metadataOf(metadata: unknown): { metadata?: unknown; metadataCut?: true } {
  if (Object.keys(fieldsOf(metadata)).length === 0) return {};
  return JSON.stringify(metadata).length > maximumMetadata ? { metadataCut: true } : { metadata };
}

function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function flagIn(fields: Fields, name: string): true | undefined {
  return fields[name] === true ? true : undefined;
}

function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
}

/** X-Ray tells times to the microsecond. */
export function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

type Present<Value> = { [Name in keyof Value]?: NonNullable<Value[Name]> };

/** Without the fields that are undefined: an answer of many spans must not be made of absences. */
function present<Value extends object>(value: Value): Present<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Present<Value>;
}

function orNothing<Value extends object>(value: Value): Present<Value> | undefined {
  const said = present(value);
  return Object.keys(said).length === 0 ? undefined : said;
}
