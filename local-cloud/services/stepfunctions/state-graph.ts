import type { Graph, Tone } from '../../core/view.ts';
import type { MachineDefinition, StateDefinition } from './definition.ts';
import type { HistoryEvent } from './history.ts';

/** A definition as boxes and arrows, coloured by how far an execution came. */
export function graphOf(definition: MachineDefinition, events: readonly HistoryEvent[]): Graph {
  const names = Object.keys(definition.States);
  const first = [definition.StartAt, ...names.filter((name) => name !== definition.StartAt)];
  const tones = tonesOf(events);
  return {
    nodes: first.flatMap((id) => {
      const state = definition.States[id];
      if (!state) return [];
      const tone = tones.get(id);
      return [{ id, note: noteOf(state), ...(tone === undefined ? {} : { tone }) }];
    }),
    edges: names.flatMap((from) => edgesOf(from, definition.States[from])),
  };
}

/** The machines inside of a state: branches of a Parallel, the processor of a Map. */
export function nestedOf(definition: MachineDefinition): { title: string; definition: MachineDefinition }[] {
  return Object.entries(definition.States).flatMap(([name, state]) => {
    const branches = (state.Branches ?? []).map((branch, index) => ({
      title: `${name}, branch ${index + 1}`,
      definition: branch,
    }));
    const processor = state.ItemProcessor ?? state.Iterator;
    const own = [...branches, ...(processor ? [{ title: `${name}, each item`, definition: processor }] : [])];
    return own.flatMap((each) => [each, ...nestedOf(each.definition)]);
  });
}

function noteOf({ Type, Resource, Branches }: StateDefinition): string {
  if (Type === 'Parallel')
    return Branches?.length === 1 ? 'Parallel, 1 branch' : `Parallel, ${Branches?.length ?? 0} branches`;
  if (Type !== 'Task' || Resource === undefined) return Type;
  return Resource.startsWith('arn:aws:states:::')
    ? Resource.slice('arn:aws:states:::'.length)
    : (Resource.split(':').at(-1) ?? Type);
}

function edgesOf(from: string, state: StateDefinition | undefined): Graph['edges'] {
  if (!state) return [];
  const choices = (state.Choices ?? []).flatMap(({ Next }) =>
    Next === undefined ? [] : [{ from, to: Next }],
  );
  return [
    ...(state.Next === undefined ? [] : [{ from, to: state.Next }]),
    ...choices,
    ...(state.Default === undefined ? [] : [{ from, to: state.Default, label: 'default' }]),
    ...(state.Catch ?? []).map(({ Next, ErrorEquals }) => ({
      from,
      to: Next,
      label: ErrorEquals.join(', '),
    })),
  ];
}

/** Entered and left is good; entered and the execution has ended is bad; entered and going on is busy. */
function tonesOf(events: readonly HistoryEvent[]): Map<string, Tone> {
  const tones = new Map<string, Tone>();
  for (const { type, details } of events) {
    const name = String(details['name']);
    if (type.endsWith('StateEntered')) tones.set(name, 'busy');
    if (type.endsWith('StateExited')) tones.set(name, 'good');
  }
  const hasEnded = events.some(({ type }) => /^Execution(Failed|TimedOut|Aborted|Succeeded)$/u.test(type));
  if (hasEnded) {
    for (const [name, tone] of tones) if (tone === 'busy') tones.set(name, 'bad');
  }
  return tones;
}
