/** Conditions that can be put into a filter expression without knowing its language. */
export const conditions = {
  fault: { label: 'Fault (5xx)', value: 'none', write: () => 'fault' },
  error: { label: 'Error (4xx)', value: 'none', write: () => 'error' },
  throttle: { label: 'Throttled (429)', value: 'none', write: () => 'throttle' },
  ok: { label: 'Neither fault nor error', value: 'none', write: () => 'ok' },
  service: { label: 'Service', value: 'text', write: (value) => `service(${quoted(value)})` },
  route: { label: 'Route', value: 'text', write: (value) => `annotation.route = ${quoted(value)}` },
  responseTime: {
    label: 'Response time over (s)',
    value: 'number',
    write: (value) => `responsetime > ${value}`,
  },
  duration: { label: 'Duration over (s)', value: 'number', write: (value) => `duration > ${value}` },
  status: { label: 'HTTP status', value: 'number', write: (value) => `http.status = ${value}` },
  correlationId: { label: 'Correlation id', value: 'text', write: correlated },
} as const satisfies Record<string, Condition>;

interface Condition {
  label: string;
  value: 'none' | 'text' | 'number';
  write: (value: string) => string;
}

export type ConditionName = keyof typeof conditions;

export const conditionNames = Object.keys(conditions) as ConditionName[];

/** X-Ray refuses longer ones. */
export const longestExpression = 2000;

/** The condition in X-Ray's language; nothing while the value is missing or not of its kind. */
export function conditionText(name: ConditionName, value: string): string | undefined {
  const condition: Condition = conditions[name];
  const given = value.trim();
  if (condition.value === 'text' && given === '') return undefined;
  if (condition.value === 'number' && !/^\d+(\.\d+)?$/.test(given)) return undefined;
  return condition.write(given);
}

/** Both must hold. An alternative within one of them keeps to itself. */
export function both(one: string, other: string): string {
  const parts = [one.trim(), other.trim()].filter((part) => part !== '');
  return parts.length < 2 ? (parts[0] ?? '') : parts.map(grouped).join(' AND ');
}

function grouped(expression: string): string {
  return /\bOR\b/i.test(expression) ? `(${expression})` : expression;
}

/** Traces of the request with this correlation id. */
export function correlated(correlationId: string): string {
  return `annotation.correlationId = ${quoted(correlationId)}`;
}

function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
