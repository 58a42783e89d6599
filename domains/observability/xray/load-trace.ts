import {
  BatchGetTracesCommand,
  type BatchGetTracesCommandOutput,
  type Segment,
  type XRayClient,
} from '@aws-sdk/client-xray';
import { notFound } from '#shared/messages/problem.ts';
import { calling } from '#shared/runtime/upstream.ts';
import { criticalPath } from './critical-path.ts';
import { type LooseSpan, readDocument, rounded } from './read-document.ts';
import type { Span } from './span.ts';
import { orderSpans } from './span-tree.ts';

/** A trace of more spans is cut: nobody reads it, and a function's memory ends. */
const maximumSpans = 200_000;
/** X-Ray is asked for more until then; API Gateway gives up after 30 s. */
const patienceMilliseconds = 18_000;

export interface LoadedTrace {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly duration: number;
  /** In the order of the waterfall. */
  readonly spans: readonly Span[];
  /** X-Ray holds more than was read. */
  readonly cut: boolean;
  /** X-Ray itself refused segments, since the trace outgrew its quota. */
  readonly limitExceeded: boolean;
}

/** Reads a whole trace and puts its spans in order. Throws a 404 problem where X-Ray has none of this id. */
export async function loadTrace(
  client: Pick<XRayClient, 'send'>,
  id: string,
  most = maximumSpans,
): Promise<LoadedTrace> {
  const loose: LooseSpan[] = [];
  const until = Date.now() + patienceMilliseconds;
  let limitExceeded = false;
  let token: string | undefined;
  do {
    const page: BatchGetTracesCommandOutput = await calling(
      'X-Ray',
      'BatchGetTraces',
      client.send(new BatchGetTracesCommand({ TraceIds: [id], NextToken: token })),
    );
    for (const trace of page.Traces ?? []) {
      limitExceeded ||= trace.LimitExceeded ?? false;
      for (const segment of trace.Segments ?? []) take(loose, segment);
    }
    token = page.NextToken;
  } while (token && loose.length < most && Date.now() < until);
  if (loose.length === 0)
    throw notFound(
      `X-Ray has no trace ${id}. It keeps traces for 30 days, and a new one takes a few seconds to show.`,
    );
  return {
    id,
    ...placed(loose.slice(0, most)),
    cut: token !== undefined || loose.length > most,
    limitExceeded,
  };
}

function take(loose: LooseSpan[], { Document: document = '' }: Segment): void {
  for (const span of readDocument(document)) loose.push(span);
}

function placed(loose: readonly LooseSpan[]): Pick<LoadedTrace, 'start' | 'duration' | 'spans'> {
  const ordered = orderSpans(loose);
  const critical = criticalPath(ordered);
  const spans = ordered.map((span): Span => (critical.has(span.id) ? { ...span, critical: true } : span));
  const start = loose.reduce((earliest, { from }) => Math.min(earliest, from), Number.POSITIVE_INFINITY);
  const duration = ordered.reduce((latest, span) => Math.max(latest, span.start + (span.duration ?? 0)), 0);
  return { start, duration: rounded(duration), spans };
}
