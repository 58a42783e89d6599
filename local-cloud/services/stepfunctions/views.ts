import { type Block, type Tone, timeText, type View, viewAddress } from '../../core/view.ts';
import type { MachineDefinition } from './definition.ts';
import type { ExecutionRecord, ExecutionStatus } from './execution-record.ts';
import type { Executions } from './executions.ts';
import type { HistoryEvent } from './history.ts';
import type { Machines, StateMachine } from './machines.ts';
import { graphOf, nestedOf } from './state-graph.ts';

const tones: Readonly<Record<ExecutionStatus, Tone>> = {
  RUNNING: 'busy',
  SUCCEEDED: 'good',
  FAILED: 'bad',
  TIMED_OUT: 'bad',
  ABORTED: 'bad',
};

const id = 'state-machines';

/** State machines, their executions, and how far each of those came, drawn. */
export function stateMachinesView(machines: Machines, executions: Executions): View {
  return {
    id,
    title: 'State machines',
    about: 'State machines and their executions; of EXPRESS ones the last that ended since the start.',
    async show(query) {
      const execution = query.get('execution');
      if (execution !== null) return showExecution(machines, executions, execution);
      const machine = machines.get(query.get('machine') ?? '');
      return machine ? showMachine(machine, executions) : [listOf(machines)];
    },
  };
}

function listOf(machines: Machines): Block {
  const all = [...machines.values()].sort((one, other) => one.name.localeCompare(other.name));
  return {
    kind: 'table',
    title: 'State machines',
    columns: ['State machine', 'Type', 'Role', 'States'],
    rows: all.map(({ arn, name, type, roleArn, definition }) => [
      { text: name, to: viewAddress(id, { machine: arn }) },
      type,
      roleArn.replace(/^.*\//u, ''),
      Object.keys(definition.States).length,
    ]),
    empty: 'There is no state machine.',
  };
}

async function showMachine(machine: StateMachine, executions: Executions): Promise<Block[]> {
  const records = await executions.newest(machine.arn);
  return [
    {
      kind: 'table',
      title: `Executions of ${machine.name}`,
      columns: ['Execution', 'Status', 'Started', 'Took'],
      rows: records.map((record) => [
        { text: record.name, to: viewAddress(id, { execution: record.arn }) },
        { text: record.status, tone: tones[record.status] },
        timeText(record.startedAt),
        tookText(record),
      ]),
      empty: 'None is running, and none ended since the start.',
    },
    ...graphs(machine.definition, []),
    { kind: 'text', title: 'Definition', text: JSON.stringify(machine.definition, undefined, 2) },
  ];
}

async function showExecution(machines: Machines, executions: Executions, arn: string): Promise<Block[]> {
  const record = await executions.find(arn);
  const machine = record && machines.get(record.machineArn);
  if (!record || !machine) return [{ kind: 'text', title: 'Execution', text: 'It is not kept any more.' }];
  const events = await executions.history(arn);
  const definition =
    record.definition === undefined
      ? machine.definition
      : (JSON.parse(record.definition) as MachineDefinition);
  return [
    {
      kind: 'fields',
      title: record.name,
      fields: [
        ['State machine', { text: machine.name, to: viewAddress(id, { machine: machine.arn }) }],
        ['Status', { text: record.status, tone: tones[record.status] }],
        ['Started', timeText(record.startedAt)],
        ['Took', tookText(record)],
        ...(record.error === undefined ? [] : [['Error', record.error] as const]),
      ],
    },
    ...graphs(definition, events),
    ...(record.cause === undefined
      ? []
      : [{ kind: 'text', title: 'Cause', text: pretty(record.cause) } as const]),
    statesTable(events),
    { kind: 'text', title: 'Input', text: pretty(record.input) },
    ...(record.output === undefined
      ? []
      : [{ kind: 'text', title: 'Output', text: pretty(record.output) } as const]),
    {
      kind: 'table',
      title: 'History',
      columns: ['Number', 'Time', 'Event', 'Details'],
      rows: events.map((event) => [
        event.id,
        timeText(event.timestamp),
        event.type,
        JSON.stringify(event.details),
      ]),
      empty: 'Nothing is recorded.',
    },
  ];
}

function graphs(definition: MachineDefinition, events: readonly HistoryEvent[]): Block[] {
  return [
    { kind: 'graph', title: 'States', graph: graphOf(definition, events) },
    ...nestedOf(definition).map(
      (nested): Block => ({ kind: 'graph', title: nested.title, graph: graphOf(nested.definition, events) }),
    ),
  ];
}

/** Each time a state was entered, with what it was given and what it gave. */
function statesTable(events: readonly HistoryEvent[]): Block {
  const open = new Map<
    string,
    { name: string; from: number; input: string; output?: string; to?: number }[]
  >();
  const all: { name: string; from: number; input: string; output?: string; to?: number }[] = [];
  for (const { type, timestamp, details } of events) {
    const name = String(details['name']);
    if (type.endsWith('StateEntered')) {
      const entered = { name, from: timestamp, input: String(details['input'] ?? '') };
      all.push(entered);
      open.set(name, [...(open.get(name) ?? []), entered]);
    }
    if (type.endsWith('StateExited')) {
      const entered = open.get(name)?.shift();
      if (entered) Object.assign(entered, { to: timestamp, output: String(details['output'] ?? '') });
    }
  }
  return {
    kind: 'table',
    title: 'What each state was given and gave',
    columns: ['State', 'Entered', 'Took', 'Input', 'Output'],
    rows: all.map(({ name, from, to, input, output }) => [
      name,
      timeText(from),
      to === undefined ? { text: 'not left', tone: 'busy' as const } : `${to - from} ms`,
      input.slice(0, 2_000),
      (output ?? '').slice(0, 2_000),
    ]),
    empty: 'No state was entered yet.',
  };
}

function tookText({ startedAt, stoppedAt }: ExecutionRecord): string {
  return stoppedAt === undefined ? '' : `${stoppedAt - startedAt} ms`;
}

/** JSON with its structure seen; any other text as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
