import { randomBytes } from 'node:crypto';

/** What `X-Amzn-Trace-Id` carries from caller to callee. */
export interface TraceContext {
  root: string;
  parent: string | undefined;
  sampled: boolean;
}

/** The trace of a request: its caller's when the header names one, else a new one that is sampled as given. */
export function traceOf(header: string | undefined, sampledWhenNew: boolean): TraceContext {
  const fields = new Map<string, string>();
  for (const part of header?.split(';') ?? []) {
    const [key = '', value = ''] = part.trim().split('=');
    fields.set(key, value);
  }
  const root = fields.get('Root');
  if (!root) return { root: newTraceId(), parent: undefined, sampled: sampledWhenNew };
  const decision = fields.get('Sampled');
  return {
    root,
    parent: fields.get('Parent'),
    sampled: decision === '1' || (decision !== '0' && sampledWhenNew),
  };
}

export function newTraceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `1-${seconds}-${randomBytes(12).toString('hex')}`;
}

export function newSegmentId(): string {
  return randomBytes(8).toString('hex');
}
