import { Tracer } from '@aws-lambda-powertools/tracer';
import { Problem } from '../messages/problem.ts';
import type { Annotations, TracedRequest, Tracing } from './tracing.ts';
import { sendSegments } from './xray-tracing-daemon.ts';

type Segment = NonNullable<ReturnType<Tracer['getSegment']>>;
type Subsegment = ReturnType<Segment['addNewSubsegment']>;

/** Tracing by Powertools' X-Ray tracer: the only module that knows it. */
export function xrayTracing(): Tracing {
  const tracer = new Tracer({ captureHTTPsRequests: false });
  const context = tracer.provider.getNamespace();
  // The SDK puts the function's own segment into the asynchronous context in which it is loaded. We load it within a
  // request, and the next request comes in another context, so the segment is kept and put there again.
  const functionSegment = tracer.getSegment();

  /** The open subsegment in which the caller runs; none outside of every context. */
  function openNow(): Segment | undefined {
    const current = context.get('segment') as Segment | undefined;
    return current?.isClosed() ? undefined : current;
  }

  /** The open subsegment in which the caller runs, else the function's own segment. To be called within a context. */
  function parentNow(): Segment | undefined {
    const open = openNow();
    if (open) return open;
    if (functionSegment) tracer.setSegment(functionSegment);
    // Asking for it lets the SDK read the trace header of this invocation.
    return tracer.getSegment();
  }

  /** Each subsegment has a context of its own, so that work that runs side by side does not mistake its parent. */
  function within<Result>(
    name: string,
    annotations: Annotations,
    work: (subsegment: Subsegment | undefined) => Promise<Result>,
  ): Promise<Result> {
    return context.runAndReturn(async () => {
      const subsegment = parentNow()?.addNewSubsegment(name);
      if (!subsegment) return work(undefined);
      tracer.setSegment(subsegment);
      annotate(subsegment, annotations);
      try {
        return await work(subsegment);
      } catch (error) {
        noteError(subsegment, error);
        throw error;
      } finally {
        subsegment.close();
      }
    });
  }

  return {
    client: (client) => tracer.captureAWSv3Client(client),
    step: (name, annotations, work) => within(name, annotations, () => work()),
    request: (request, annotations, work) =>
      within(nameOf(request.route), annotations, async (subsegment) => {
        const result = await work();
        if (subsegment) noteExchange(subsegment, request, result.statusCode);
        return result;
      }),
    annotate(annotations) {
      const open = openNow();
      if (open) annotate(open, annotations);
    },
    tell: sendSegments,
  };
}

function annotate(subsegment: Pick<Subsegment, 'addAnnotation'>, annotations: Annotations): void {
  for (const [key, value] of Object.entries(annotations)) subsegment.addAnnotation(key, value);
}

/** Segment names may not hold braces: `/alerts/{alertId}` → `/alerts/:alertId`. */
function nameOf(route: string): string {
  return route.replaceAll(/\{(\w+)\+?\}/g, ':$1').slice(0, 200);
}

function noteExchange(subsegment: Subsegment, request: TracedRequest, status: number): void {
  subsegment.addAttribute('http', {
    request: {
      method: request.method,
      url: request.url,
      ...(request.userAgent ? { user_agent: request.userAgent } : {}),
      ...(request.clientIp ? { client_ip: request.clientIp } : {}),
    },
    response: { status },
  });
  noteStatus(subsegment, status);
}

/** What the caller is to mend is an error, what we are to mend is a fault: X-Ray counts them apart. */
function noteStatus(subsegment: Subsegment, status: number): void {
  if (status === 429) subsegment.addThrottleFlag();
  if (status >= 500) subsegment.addFaultFlag();
  else if (status >= 400) subsegment.addErrorFlag();
}

function noteError(subsegment: Subsegment, error: unknown): void {
  if (error instanceof Problem && error.status < 500) {
    subsegment.addAnnotation('problem', error.slug);
    noteStatus(subsegment, error.status);
  } else subsegment.addError(error instanceof Error ? error : new Error(String(error)));
}
