import { AwsError } from './errors.ts';

/** What goes wrong: the first three anywhere, a crash in functions, the last two on the way from a bus to its targets. */
export const faultKinds = ['throttle', 'error', 'latency', 'crash', 'duplicate', 'drop'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Makes some calls go wrong on purpose, chosen by the patterns of a policy. */
export interface FaultRule {
  readonly kind: FaultKind;
  /** For example `dynamodb:Put*`, `lambda:InvokeFunction` or, on the way from a bus, `events:Deliver`. */
  readonly action: string;
  /** An ARN with wildcards. */
  readonly resource: string;
  /** Which part of the calls, from 0 to 1. */
  readonly share: number;
  /** How much longer a call takes, of `latency`. */
  readonly milliseconds: number;
  /** Epoch milliseconds at which it ends by itself. */
  readonly until: number;
}

export interface StandingFault extends FaultRule {
  readonly id: number;
  /** Calls that it was asked about, and those that it struck. */
  readonly asked: number;
  readonly struck: number;
}

/** What befalls one call. */
export type Strike = Pick<FaultRule, 'kind' | 'milliseconds'>;

type Matcher = (text: string) => boolean;
interface Rule {
  readonly rule: FaultRule;
  readonly action: Matcher;
  readonly resource: Matcher;
  asked: number;
  struck: number;
}

/**
 * Faults by rule and seed: the same calls in the same order meet the same faults again. Nothing outlasts the process.
 */
export class Faults {
  readonly #rules = new Map<number, Rule>();
  #seed = 1;
  #state = 1;
  #lastId = 0;

  get seed(): number {
    return this.#seed;
  }

  /** Begins the row of chances anew. */
  reseed(seed: number): void {
    this.#seed = seed;
    this.#state = seed;
  }

  add(rule: FaultRule): number {
    const action = wildcard(rule.action);
    this.#rules.set(++this.#lastId, { rule, action, resource: wildcard(rule.resource), asked: 0, struck: 0 });
    return this.#lastId;
  }

  remove(id: number): boolean {
    return this.#rules.delete(id);
  }

  clear(): void {
    this.#rules.clear();
  }

  all(): StandingFault[] {
    this.#endThoseOver();
    return [...this.#rules].map(([id, { rule, asked, struck }]) => ({ id, ...rule, asked, struck }));
  }

  /** What befalls a call, of the kinds that can befall it there; usually nothing. */
  strikes(action: string, resource: string, kinds: readonly FaultKind[]): Strike[] {
    // The usual case costs a look at an empty map.
    if (this.#rules.size === 0) return [];
    this.#endThoseOver();
    const strikes: Strike[] = [];
    for (const each of this.#rules.values()) {
      const { kind, milliseconds, share } = each.rule;
      if (!kinds.includes(kind) || !each.action(action) || !each.resource(resource)) continue;
      each.asked += 1;
      if (this.#chance() >= share) continue;
      each.struck += 1;
      strikes.push({ kind, milliseconds });
    }
    return strikes;
  }

  /** Delays or refuses a call of a service, as its rules say. Throws the error that the service would answer. */
  async strike(action: string, resource: string): Promise<void> {
    for (const { kind, milliseconds } of this.strikes(action, resource, ['throttle', 'error', 'latency'])) {
      if (kind === 'latency') await new Promise((resolve) => setTimeout(resolve, milliseconds));
      else throw errorOf(kind, action);
    }
  }

  #endThoseOver(): void {
    const now = Date.now();
    for (const [id, { rule }] of this.#rules) if (rule.until <= now) this.#rules.delete(id);
  }

  /** From 0 to 1, by mulberry32 of Tommy Ettinger, which is in the public domain. */
  #chance(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}

const throttles: Readonly<Record<string, [code: string, status: number]>> = {
  dynamodb: ['ProvisionedThroughputExceededException', 400],
  lambda: ['TooManyRequestsException', 429],
  s3: ['SlowDown', 503],
  sqs: ['RequestThrottled', 403],
};

function errorOf(kind: FaultKind, action: string): AwsError {
  const [service = ''] = action.split(':');
  if (kind !== 'throttle') {
    const code =
      service === 'dynamodb' ? 'InternalServerError' : service === 's3' ? 'InternalError' : 'InternalFailure';
    return new AwsError(code, 'A fault that was asked for: an internal error.', 500);
  }
  const [code, status] = throttles[service] ?? ['ThrottlingException', 400];
  return new AwsError(code, 'A fault that was asked for: the rate is exceeded.', status);
}

function wildcard(text: string): Matcher {
  const source = text
    .replace(/[\\^$.+()[\]{}|]/gu, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 'isu');
  return (value) => expression.test(value);
}
