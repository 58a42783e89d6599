import { randomBytes } from 'node:crypto';

/** One request's place in its trace. */
export interface Trace {
  root: string;
  parent: string | undefined;
  segmentId: string;
  sampled: boolean;
}

const headerPattern = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;

/** Continues the trace the client named in `X-Amzn-Trace-Id`, or begins one. */
export function beginTrace(header: string | undefined, now: number): Trace {
  const fields = new Map(
    (header ?? '').split(';').map((field) => {
      const [name = '', value = ''] = field.trim().split('=');
      return [name, value] as const;
    }),
  );
  const given = fields.get('Root');
  const parent = fields.get('Parent');
  const root =
    given && headerPattern.test(given)
      ? given
      : `1-${Math.floor(now / 1000)
          .toString(16)
          .padStart(8, '0')}-${randomBytes(12).toString('hex')}`;
  return {
    root,
    parent: parent && /^[0-9a-f]{16}$/.test(parent) ? parent : undefined,
    segmentId: randomBytes(8).toString('hex'),
    sampled: fields.get('Sampled') !== '0',
  };
}

/** The header handed on to the function. */
export function traceHeader({ root, segmentId, sampled }: Trace): string {
  return `Root=${root};Parent=${segmentId};Sampled=${sampled ? 1 : 0}`;
}
