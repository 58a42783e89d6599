import type { ServiceId, TraceSummary, ValueWithServiceIds } from '@aws-sdk/client-xray';

type Value = string | number | boolean;

/** A trace in a list. Times are RFC 3339, durations milliseconds. */
export function traceItemOf(summary: TraceSummary) {
  const annotations = annotationsOf(summary.Annotations);
  const first = (key: string) => {
    const value = annotations[key]?.[0];
    return value === undefined ? undefined : String(value);
  };
  return {
    id: summary.Id ?? '',
    start: startOf(summary).toISOString(),
    // From the first start to the last end of all that belongs to it.
    duration: milliseconds(summary.Duration),
    // What the caller waited for; what is done afterwards does not count.
    responseTime: milliseconds(summary.ResponseTime),
    fault: summary.HasFault ?? false,
    error: summary.HasError ?? false,
    throttle: summary.HasThrottle ?? false,
    // X-Ray is still taking segments of it.
    incomplete: summary.IsPartial ?? false,
    entryPoint: summary.EntryPoint?.Name,
    route: first('route'),
    correlationId: first('correlationId'),
    method: summary.Http?.HttpMethod,
    url: summary.Http?.HttpURL,
    status: summary.Http?.HttpStatus,
    annotations,
    services: servicesOf(summary.ServiceIds),
    users: (summary.Users ?? []).flatMap(({ UserName }) => UserName ?? []),
  };
}

/** Without a start time, the trace id tells it: its second part is the start in seconds, in hexadecimal. */
function startOf({ StartTime, Id = '' }: TraceSummary): Date {
  return StartTime ?? new Date(Number.parseInt(Id.split('-')[1] ?? '0', 16) * 1000);
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1_000_000) / 1000;
}

/** Each annotation with the different values it has in the trace. */
function annotationsOf(
  given: Record<string, ValueWithServiceIds[]> | undefined,
): Record<string, readonly Value[]> {
  const entries = Object.entries(given ?? {}).map(([key, values]) => {
    const said = values.flatMap(({ AnnotationValue: value }): Value[] => {
      const one = value?.StringValue ?? value?.NumberValue ?? value?.BooleanValue;
      return one === undefined ? [] : [one];
    });
    return [key, [...new Set(said)]] as const;
  });
  return Object.fromEntries(entries);
}

function servicesOf(ids: readonly ServiceId[] | undefined): { name: string; type: string | undefined }[] {
  const services = new Map<string, { name: string; type: string | undefined }>();
  for (const { Name = '', Type } of ids ?? []) {
    // X-Ray tells a call and the service that took it as two of the same name.
    services.set(`${Name} ${Type ?? ''}`, { name: Name, type: Type });
  }
  return [...services.values()];
}
