/** What an input may say of the invocation that it is for. */
export interface Invocation {
  readonly scheduleArn: string;
  /** Epoch milliseconds. */
  readonly due: number;
  readonly executionId: string;
  /** The first one is 1. */
  readonly attempt: number;
}

export const secondsText = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

/**
 * Puts what is known of an invocation in place of its keywords, such as `<aws.scheduler.scheduled-time>`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function fillKeywords(input: string, { scheduleArn, due, executionId, attempt }: Invocation): string {
  const values: Record<string, string | undefined> = {
    'schedule-arn': scheduleArn,
    'scheduled-time': secondsText(due),
    'execution-id': executionId,
    'attempt-number': String(attempt),
  };
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/gu, (whole, name: string) => values[name] ?? whole);
}

const sample: Invocation = { scheduleArn: 'arn', due: 0, executionId: 'id', attempt: 1 };

/** The JSON of an input, as it would be with its keywords filled in; undefined when it is none. */
export function jsonOf(input: string, invocation: Invocation = sample): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(fillKeywords(input, invocation)) };
  } catch {
    return undefined;
  }
}
