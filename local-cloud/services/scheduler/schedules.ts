import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { inOrder } from '../../core/pages.ts';
import type { StateNamespace } from '../../core/state.ts';

export interface Target {
  readonly arn: string;
  readonly roleArn: string;
  readonly input?: string;
  readonly maximumEventAgeInSeconds: number;
  readonly maximumRetryAttempts: number;
  readonly deadLetterArn?: string;
  /** Of a target that is an event bus. */
  readonly event?: { readonly source: string; readonly detailType: string };
}

/** Times are in epoch milliseconds. */
export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly startAt?: number;
  readonly endAt?: number;
  readonly enabled: boolean;
  readonly description?: string;
  readonly kmsKeyArn?: string;
  /** 0 where it is to be on time. */
  readonly windowMinutes: number;
  readonly deleteWhenOver: boolean;
  readonly target: Target;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** By which a request that is sent twice is known. */
  readonly clientToken?: string;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly clientToken?: string;
}

const groupKey = (name: string) => `made/group/${name}`;
const scheduleKey = (group: string, name: string) => `made/schedule/${group}/${name}`;
const idOf = (group: string, name: string) => `${group}/${name}`;

/** Schedules and their groups; each change is on disk when it resolves. The group `default` always stands. */
export class Schedules {
  readonly #groups = new Map<string, Group>();
  readonly #schedules = new Map<string, Schedule>();
  readonly #state: StateNamespace;
  readonly #prefix: string;

  constructor(cloud: Cloud, state: StateNamespace) {
    this.#state = state;
    this.#prefix = `arn:aws:scheduler:${cloud.region}:${cloud.accountId}`;
  }

  async load(): Promise<void> {
    const now = Date.now();
    const always = { name: 'default', arn: this.groupArn('default'), tags: {} };
    this.#groups.set('default', { ...always, createdAt: now, modifiedAt: now });
    for (const { value } of await this.#state.list<Group>('made/group/')) this.#groups.set(value.name, value);
    for (const { value } of await this.#state.list<Schedule>('made/schedule/'))
      this.#schedules.set(idOf(value.group, value.name), value);
  }

  groupArn(name: string): string {
    return `${this.#prefix}:schedule-group/${name}`;
  }

  arnOf(group: string, name: string): string {
    return `${this.#prefix}:schedule/${group}/${name}`;
  }

  groups(): Group[] {
    return inOrder(this.#groups.values(), ({ name }) => name);
  }

  /** In order of group and name. */
  all(): Schedule[] {
    return inOrder(this.#schedules.values(), ({ group, name }) => idOf(group, name));
  }

  find(group: string, name: string): Schedule | undefined {
    return this.#schedules.get(idOf(group, name));
  }

  findGroup(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  /** Throws `ResourceNotFoundException`. */
  existing(group: string, name: string): Schedule {
    const schedule = this.find(group, name);
    if (!schedule) throw notFound(`Schedule ${name} does not exist.`);
    return schedule;
  }

  /** Throws `ResourceNotFoundException`. */
  existingGroup(name: string): Group {
    const group = this.findGroup(name);
    if (!group) throw notFound(`Schedule group ${name} does not exist.`);
    return group;
  }

  async keep(schedule: Schedule): Promise<Schedule> {
    this.#schedules.set(idOf(schedule.group, schedule.name), schedule);
    await this.#state.put(scheduleKey(schedule.group, schedule.name), schedule);
    return schedule;
  }

  async keepGroup(group: Group): Promise<Group> {
    this.#groups.set(group.name, group);
    await this.#state.put(groupKey(group.name), group);
    return group;
  }

  async remove({ group, name }: Schedule): Promise<void> {
    this.#schedules.delete(idOf(group, name));
    await this.#state.delete(scheduleKey(group, name));
  }

  /** Its schedules go before it. */
  async removeGroup({ name }: Group): Promise<void> {
    this.#groups.delete(name);
    await this.#state.delete(groupKey(name));
  }
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404);
}
