import { fieldsOf, textOf } from './trace-calls.ts';
import type { Call, ReadSpan, ServiceId } from './trace-types.ts';

const deepest = 100;

/** A service as the X-Ray API names it. */
export function apiService({ name, type, account }: ServiceId): object {
  return {
    Name: name,
    Names: [name],
    ...(account === '' ? {} : { AccountId: account }),
    ...(type === '' ? {} : { Type: type }),
  };
}

/** The calls from the entry down to the one given, which came through them. */
function pathTo(call: Call): Call[] {
  const path: Call[] = [];
  for (let at: Call | undefined = call; at && path.length < deepest; at = at.within) path.unshift(at);
  return path;
}

/** The steps of a call from its segment down to the span from which the next call was made. */
function stepsTo(segment: ReadSpan, last: ReadSpan, byId: ReadonlyMap<string, ReadSpan>): ReadSpan[] {
  const steps: ReadSpan[] = [];
  for (let at: ReadSpan | undefined = last; at && steps.length < deepest; at = byId.get(at.parentId ?? '')) {
    steps.unshift(at);
    if (at === segment) return steps;
  }
  return [segment];
}

function exceptionsOf({ fields }: ReadSpan): { Name: string; Message: string }[] {
  const { exceptions } = fieldsOf(fields['cause']);
  if (!Array.isArray(exceptions)) return [];
  return exceptions.map(fieldsOf).map(({ type, message }) => ({
    Name: textOf(type) ?? 'Exception',
    Message: textOf(message) ?? '',
  }));
}

/** Where a failure began: every failed call beneath which no other failed in the same way. */
export function failureRootCauses(
  calls: readonly Call[],
  byId: ReadonlyMap<string, ReadSpan>,
  failed: (call: Call) => boolean,
): object[] {
  const passedOn = new Set(calls.filter(failed).map(({ within }) => within));
  const first = calls.filter((call) => failed(call) && !passedOn.has(call)).slice(0, 10);
  return first.map((cause) => {
    const path = pathTo(cause);
    const services = path.map((call, index) => {
      const next = path[index + 1]?.span;
      const last = next && !path[index + 1]?.inferred ? byId.get(next.parentId ?? '') : next;
      const steps = call.inferred ? [call.span] : stepsTo(call.span, last ?? call.span, byId);
      return {
        ...apiService(call.service),
        EntityPath: steps.map((step) => ({
          Name: String(step.fields['name']),
          Exceptions: exceptionsOf(step),
          Remote: step.fields['namespace'] === 'remote' || step.fields['namespace'] === 'aws',
        })),
        Inferred: call.inferred,
      };
    });
    return { Services: services, ClientImpacting: path[0] !== undefined && failed(path[0]) };
  });
}

/** The slowest way down: at each call the longest call made within it. `Coverage` is its share of the whole. */
export function responseTimeRootCauses(calls: readonly Call[], root: Call): object[] {
  const slowest = new Map<Call, Call>();
  for (const call of calls) {
    const { within } = call;
    const other = within && slowest.get(within);
    if (within && (!other || timeOf(call) > timeOf(other))) slowest.set(within, call);
  }
  const path: Call[] = [];
  for (let at: Call | undefined = root; at && path.length < deepest; at = slowest.get(at)) path.push(at);
  const whole = timeOf(root);
  if (whole <= 0) return [];
  const services = path.map((call) => ({
    ...apiService(call.service),
    EntityPath: [
      {
        Name: String(call.span.fields['name']),
        Coverage: Math.min(1, timeOf(call) / whole),
        Remote: call.inferred,
      },
    ],
    Inferred: call.inferred,
  }));
  return [{ Services: services, ClientImpacting: true }];
}

export const timeOf = ({ startTime, endTime }: Call): number => Math.max(0, endTime - startTime);
