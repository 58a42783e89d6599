import { AwsError } from '../../core/errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { Activity, MachineAlias, Machines, MachineVersion, StateMachine } from './machines.ts';

/** What an ARN of StartExecution names. */
export interface Named {
  machine: StateMachine;
  versionArn?: string;
  aliasArn?: string;
}

interface Kept {
  machine: StateMachine;
  alias: MachineAlias;
  version: MachineVersion;
  activity: Activity;
}

/** State machines with their versions and aliases, and activities; whoever made them, they outlast a restart. */
export interface Registry {
  readonly machines: Machines;
  readonly versions: Map<string, MachineVersion>;
  readonly aliases: Map<string, MachineAlias>;
  readonly activities: Map<string, Activity>;
  current(arn: string): StateMachine | undefined;
  /** What an execution runs by. */
  machineOf(record: ExecutionRecord): StateMachine | undefined;
  /** The machine of an ARN with or without a version or alias. Throws `StateMachineDoesNotExist`. */
  named(arn: string): Named;
  /** Durable when it returns. */
  keep<Kind extends keyof Kept>(kind: Kind, thing: Kept[Kind]): Promise<void>;
  /** The next version of a machine, or its last one when that is the same. Durable when it returns. */
  publish(machine: StateMachine, description: string): Promise<MachineVersion>;
  remove(kind: keyof Kept, arn: string): Promise<void>;
  versionsOf(machineArn: string): MachineVersion[];
  aliasesOf(machineArn: string): MachineAlias[];
}

const keyOf = (kind: keyof Kept, arn: string) => `${kind}/${arn}`;

/** `arn:…:stateMachine:name` of itself, a version or an alias. */
export const machineArnOf = (arn: string) => arn.split(':').slice(0, 7).join(':');

export async function openRegistry(state: StateNamespace): Promise<Registry> {
  async function read<Kind extends keyof Kept>(kind: Kind): Promise<Map<string, Kept[Kind]>> {
    const all = await state.list<Kept[Kind]>(`${kind}/`);
    return new Map(all.map(({ key, value }) => [key.slice(kind.length + 1), value]));
  }
  const machines = await read('machine');
  const versions = await read('version');
  const aliases = await read('alias');
  const activities = await read('activity');
  const all = { machine: machines, version: versions, alias: aliases, activity: activities };

  const registry: Registry = {
    machines,
    versions,
    aliases,
    activities,
    current: (arn) => machines.get(machineArnOf(arn)),
    machineOf: ({ machineArn, versionArn }) =>
      versionArn === undefined ? machines.get(machineArn) : versions.get(versionArn)?.machine,
    named(arn) {
      const machine = machines.get(arn);
      if (machine) return { machine };
      const alias = aliases.get(arn);
      const versionArn = alias ? chosen(alias.routing) : arn;
      const version = versions.get(versionArn);
      if (version) {
        return { machine: version.machine, versionArn, ...(alias ? { aliasArn: alias.arn } : {}) };
      }
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    },
    async keep(kind, thing) {
      await state.put(keyOf(kind, thing.arn), thing);
      (all[kind] as Map<string, typeof thing>).set(thing.arn, thing);
    },
    async publish(machine, description) {
      const before = registry.versionsOf(machine.arn)[0];
      if (before && isSame(before.machine, machine)) return before;
      const counted = await state.get<number>(`version-count/${machine.arn}`);
      const number = (counted ?? 0) + 1;
      const arn = `${machine.arn}:${number}`;
      const version = { arn, number, description, createdAt: Date.now(), machine };
      await state.batch([
        { put: `version-count/${machine.arn}`, value: number },
        { put: keyOf('version', arn), value: version },
      ]);
      versions.set(arn, version);
      return version;
    },
    async remove(kind, arn) {
      await state.delete(keyOf(kind, arn));
      all[kind].delete(arn);
    },
    versionsOf: (machineArn) =>
      [...versions.values()]
        .filter(({ arn }) => machineArnOf(arn) === machineArn)
        .sort((one, other) => other.number - one.number),
    aliasesOf: (machineArn) =>
      [...aliases.values()]
        .filter(({ arn }) => machineArnOf(arn) === machineArn)
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
  return registry;
}

/** A version is published anew only when what it holds is another. */
function isSame(one: StateMachine, other: StateMachine): boolean {
  const held = ({ text, roleArn, logging, tracing }: StateMachine) =>
    JSON.stringify([text, roleArn, logging, tracing]);
  return held(one) === held(other);
}

function chosen(routing: MachineAlias['routing']): string {
  let left = Math.random() * 100;
  for (const { stateMachineVersionArn, weight } of routing) {
    left -= weight;
    if (left < 0) return stateMachineVersionArn;
  }
  return routing.at(-1)?.stateMachineVersionArn ?? '';
}
