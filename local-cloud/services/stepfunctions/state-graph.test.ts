import { expect, test } from 'vitest';
import type { MachineDefinition } from './definition.ts';
import type { HistoryEvent } from './history.ts';
import { graphOf, nestedOf } from './state-graph.ts';

const branch: MachineDefinition = { StartAt: 'Inner', States: { Inner: { Type: 'Pass', End: true } } };
const definition: MachineDefinition = {
  StartAt: 'Choose',
  States: {
    Fallback: { Type: 'Fail' },
    Choose: { Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'Both' }], Default: 'Call' },
    Call: {
      Type: 'Task',
      Resource: 'arn:aws:states:::dynamodb:putItem',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Fallback' }],
      End: true,
    },
    Both: { Type: 'Parallel', Branches: [branch], Next: 'Call' },
  },
};

/** A history of entered (`>`) and left (`<`) states, and of other types as they are. */
function history(...steps: string[]): HistoryEvent[] {
  return steps.map((step, index) => {
    const [, sign, name] = /^([<>])(.*)$/u.exec(step) ?? [];
    const type = sign === '>' ? 'TaskStateEntered' : sign === '<' ? 'TaskStateExited' : step;
    return { id: index + 1, previousEventId: index, timestamp: index, type, details: name ? { name } : {} };
  });
}

const tones = (events: HistoryEvent[]) =>
  Object.fromEntries(graphOf(definition, events).nodes.map(({ id, tone }) => [id, tone]));

test('begins with the first state, and has an arrow for each way on: next, choice, default, catch', () => {
  const { nodes, edges } = graphOf(definition, []);
  expect(nodes.map(({ id, note }) => `${id}: ${note}`)).toEqual([
    'Choose: Choice',
    'Fallback: Fail',
    'Call: dynamodb:putItem',
    'Both: Parallel, 1 branch',
  ]);
  expect(edges).toEqual([
    { from: 'Choose', to: 'Both' },
    { from: 'Choose', to: 'Call', label: 'default' },
    { from: 'Call', to: 'Fallback', label: 'States.ALL' },
    { from: 'Both', to: 'Call' },
  ]);
});

test('tells what was left, what goes on, and where an execution that ended was stuck', () => {
  expect(tones(history('>Choose', '<Choose', '>Call'))).toMatchObject({ Choose: 'good', Call: 'busy' });
  expect(tones(history('>Choose', '<Choose', '>Call', 'ExecutionFailed'))).toMatchObject({ Call: 'bad' });
  expect(tones([])['Both']).toBeUndefined();
});

test('finds the machines inside of states', () => {
  expect(nestedOf(definition)).toEqual([{ title: 'Both, branch 1', definition: branch }]);
});
