import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { Archive, Archives } from './archives.ts';
import { busNameOf, type Registry } from './registry.ts';
import type { Router } from './router.ts';
import { optionalText, page, requiredText } from './values.ts';

/** A replay as it is kept on disk; times in epoch milliseconds. */
interface Replay {
  name: string;
  archiveName: string;
  archiveArn: string;
  busArn: string;
  /** Rules that get the events; all of the bus where there are none. */
  ruleArns: string[];
  description?: string;
  from: number;
  to: number;
  state: 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED';
  startedAt: number;
  endedAt?: number;
  /** Key and time of the last event that was sent again. */
  lastKey?: string;
  lastAt?: number;
}

const key = (name: string) => `replay/${name}`;
/** Events between which the place is written down: after a crash at most so many come once more. */
const together = 100;

/** Replays of archives: in the order in which the events came, durable, going on after a restart. */
export class Replays {
  readonly #cloud: Cloud;
  readonly #state: StateNamespace;
  readonly #archives: Archives;
  readonly #registry: Registry;
  readonly #router: Router;
  readonly #running = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(cloud: Cloud, state: StateNamespace, archives: Archives, registry: Registry, router: Router) {
    this.#cloud = cloud;
    this.#state = state;
    this.#archives = archives;
    this.#registry = registry;
    this.#router = router;
  }

  operations(): Record<string, Operation> {
    return {
      StartReplay: (input) => this.#start(input),
      DescribeReplay: async (input) => describe(await this.#get(requiredText(input, 'ReplayName'))),
      ListReplays: async (input) => {
        const prefix = optionalText(input, 'NamePrefix') ?? '';
        const state = optionalText(input, 'State');
        const source = optionalText(input, 'EventSourceArn');
        const all = (await this.#state.list<Replay>(key(prefix)))
          .map(({ value }) => value)
          .filter((replay) => state === undefined || replay.state === state)
          .filter((replay) => source === undefined || replay.archiveArn === source);
        const { items, next } = page(all, input);
        return { Replays: items.map(describe), ...next };
      },
      CancelReplay: async (input) => {
        const replay = await this.#get(requiredText(input, 'ReplayName'));
        if (replay.state !== 'STARTING' && replay.state !== 'RUNNING')
          throw new AwsError(
            'IllegalStatusException',
            `Replay ${replay.name} is not in a valid state for this operation.`,
          );
        await this.#state.put(key(replay.name), { ...replay, state: 'CANCELLING' });
        return { ReplayArn: this.#arn(replay.name), State: 'CANCELLING' };
      },
    };
  }

  /** Goes on with those that an earlier process left. */
  async resume(): Promise<void> {
    for (const { value } of await this.#state.list<Replay>(key(''))) {
      if (value.endedAt === undefined) this.#run(value.name);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running.values());
  }

  #arn(name: string): string {
    return `arn:aws:events:${this.#cloud.region}:${this.#cloud.accountId}:replay/${name}`;
  }

  async #get(name: string): Promise<Replay> {
    const replay = await this.#state.get<Replay>(key(name));
    if (!replay) throw new AwsError('ResourceNotFoundException', `Replay ${name} does not exist.`);
    return replay;
  }

  async #start(input: Record<string, unknown>): Promise<object> {
    const name = requiredText(input, 'ReplayName');
    const archive = this.#archiveOf(requiredText(input, 'EventSourceArn'));
    const destination = (input['Destination'] ?? {}) as Record<string, unknown>;
    const busArn = requiredText(destination, 'Arn');
    if (busArn !== archive.busArn)
      throw invalid(
        'Parameter Destination.Arn is not valid. Reason: Must replay to the event bus of the archive.',
      );
    const [from, to] = [timeOf(input, 'EventStartTime'), timeOf(input, 'EventEndTime')];
    if (to <= from)
      throw invalid('Parameter EventEndTime is not valid. Reason: EventStartTime must be before it.');
    if (await this.#state.get(key(name)))
      throw new AwsError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
    const ruleArns = Array.isArray(destination['FilterArns']) ? destination['FilterArns'].map(String) : [];
    const known = new Set(this.#registry.rules(archive.busName).map(({ arn }) => arn));
    const unknown = ruleArns.find((arn) => !known.has(arn));
    if (unknown !== undefined)
      throw invalid(`Parameter Destination.FilterArns is not valid: ${unknown} is no rule of the bus.`);
    const description = optionalText(input, 'Description');
    const replay: Replay = {
      ...{ name, archiveName: archive.name, archiveArn: archive.arn, busArn, ruleArns, from, to },
      ...{ state: 'STARTING', startedAt: Date.now() },
      ...(description === undefined ? {} : { description }),
    };
    await this.#state.put(key(name), replay);
    this.#run(name);
    return { ReplayArn: this.#arn(name), State: 'STARTING', ReplayStartTime: new Date(replay.startedAt) };
  }

  #archiveOf(arn: string): Archive {
    const archive = this.#archives.all().find((each) => each.arn === arn);
    if (!archive) throw new AwsError('ResourceNotFoundException', `Archive ${arn} does not exist.`);
    return archive;
  }

  #run(name: string): void {
    const running = this.#sendAll(name)
      .catch((error: unknown) =>
        this.#cloud.logger.error('A replay was interrupted; it goes on at the next start.', {
          replay: name,
          error,
        }),
      )
      .finally(() => this.#running.delete(name));
    this.#running.set(name, running);
  }

  async #sendAll(name: string): Promise<void> {
    for (;;) {
      const replay = await this.#get(name);
      if (this.#stopped) return;
      if (replay.state === 'CANCELLING') return this.#end(replay, 'CANCELLED');
      const next = await this.#archives.page(replay.archiveName, replay.from, replay.lastKey, together);
      const due = next.filter(({ value }) => value.at >= replay.from && value.at < replay.to);
      const rules = replay.ruleArns.length > 0 ? new Set(replay.ruleArns) : undefined;
      await this.#router.route(
        due.map(({ value: { event } }) => ({
          busName: busNameOf(replay.busArn),
          event: { ...event, 'replay-name': replay.name },
          ...(rules ? { rules } : {}),
        })),
      );
      const last = due.at(-1);
      const moved = last ? { ...replay, lastKey: last.key, lastAt: last.value.at } : replay;
      if (due.length < together) return this.#end(moved, 'COMPLETED');
      // Who cancels meanwhile must not be overwritten.
      const { state } = await this.#get(name);
      await this.#state.put(key(name), { ...moved, state: state === 'CANCELLING' ? state : 'RUNNING' });
    }
  }

  async #end(replay: Replay, state: Replay['state']): Promise<void> {
    await this.#state.put(key(replay.name), { ...replay, state, endedAt: Date.now() });
  }
}

function timeOf(input: Record<string, unknown>, name: string): number {
  const value = input[name];
  const time = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
  if (Number.isNaN(time)) throw invalid(`Parameter ${name} is not valid: it must be a time.`);
  return time;
}

function describe(replay: Replay) {
  const { name, description, archiveArn, busArn, ruleArns, state, from, to, startedAt, endedAt, lastAt } =
    replay;
  const optionalTime = (field: string, time: number | undefined) =>
    time === undefined ? {} : { [field]: new Date(time) };
  return {
    ...{ ReplayName: name, Description: description, State: state, EventSourceArn: archiveArn },
    Destination: { Arn: busArn, ...(ruleArns.length > 0 ? { FilterArns: ruleArns } : {}) },
    ...{ EventStartTime: new Date(from), EventEndTime: new Date(to), ReplayStartTime: new Date(startedAt) },
    ...optionalTime('EventLastReplayedTime', lastAt),
    ...optionalTime('ReplayEndTime', endedAt),
  };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
