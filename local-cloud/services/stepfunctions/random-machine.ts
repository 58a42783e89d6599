import fc from 'fast-check';

/** What a random machine is made of; names come later, so that each state has its own. */
type Part =
  | { kind: 'pass'; value: number }
  | { kind: 'task' | 'asks'; failures: number }
  | { kind: 'wait' | 'assign' | 'choose' }
  | { kind: 'parallel'; branches: Part[][] }
  | { kind: 'map'; items: number; atOnce: number; item: Part[] };

const parts = fc.letrec<{ part: Part; line: Part[] }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('pass' as const), value: fc.nat(9) }),
    fc.record({ kind: fc.constantFrom('task' as const, 'asks' as const), failures: fc.nat(2) }),
    fc.record({ kind: fc.constantFrom('wait' as const, 'assign' as const, 'choose' as const) }),
    fc.record({
      kind: fc.constant('parallel' as const),
      branches: fc.array(tie('line'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('map' as const),
      items: fc.nat(3),
      atOnce: fc.nat(2),
      item: tie('line'),
    }),
  ),
  line: fc.array(tie('part'), { minLength: 1, maxLength: 3 }),
}));

/** Machines whose states each have another name, and whose tasks fail as often as they are given. */
export const randomMachine: fc.Arbitrary<object> = parts.line.map((line) => {
  let names = 0;
  const name = () => `S${names++}`;
  return machineOf(line, name);
});

function machineOf(line: Part[], name: () => string): object {
  const named = line.map((part) => [name(), part] as const);
  const states = named.flatMap(([own, part], index) => {
    const next = named[index + 1]?.[0];
    return statesOf(own, part, next === undefined ? { End: true } : { Next: next }, name);
  });
  return { StartAt: named[0]?.[0], States: Object.fromEntries(states) };
}

type Way = { End: true } | { Next: string };

function statesOf(own: string, part: Part, way: Way, name: () => string): [string, object][] {
  const result = { ResultPath: `$.${own}` };
  switch (part.kind) {
    case 'pass':
      return [[own, { Type: 'Pass', Result: part.value, ...result, ...way }]];
    case 'wait':
      return [[own, { Type: 'Wait', Seconds: 0, ...way }]];
    case 'assign': {
      const shows = `${own}shows`;
      return [
        [own, { Type: 'Pass', Assign: { [`v${own}`]: own }, Next: shows }],
        [shows, { Type: 'Pass', Parameters: { 'set.$': `$v${own}` }, ...result, ...way }],
      ];
    }
    case 'choose': {
      const taken = `${own}taken`;
      const choice = { Variable: '$', IsPresent: true, Next: taken };
      return [
        [own, { Type: 'Choice', Choices: [choice] }],
        [taken, { Type: 'Pass', Result: own, ...result, ...way }],
      ];
    }
    case 'task':
    case 'asks': {
      const asks = part.kind === 'asks';
      const payload = { state: own, failures: part.failures, 'retries.$': '$$.State.RetryCount' };
      const token = asks ? { 'token.$': '$$.Task.Token' } : {};
      const item = name === undefined ? {} : { 'given.$': '$' };
      return [
        [
          own,
          {
            Type: 'Task',
            Resource: `arn:aws:states:::lambda:invoke${asks ? '.waitForTaskToken' : ''}`,
            Parameters: { FunctionName: 'f', Payload: { ...payload, ...token, ...item } },
            Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 0, MaxAttempts: 3 }],
            ...(asks ? {} : { ResultSelector: { 'did.$': '$.Payload' } }),
            ...result,
            ...way,
          },
        ],
      ];
    }
    case 'parallel': {
      const branches = part.branches.map((line) => machineOf(line, name));
      return [[own, { Type: 'Parallel', Branches: branches, ...result, ...way }]];
    }
    case 'map': {
      const items = Array.from({ length: part.items }, (_, index) => ({ index }));
      const lists = `${own}lists`;
      return [
        [own, { Type: 'Pass', Result: items, ResultPath: `$.${lists}`, Next: lists }],
        [
          lists,
          {
            Type: 'Map',
            ItemsPath: `$.${lists}`,
            MaxConcurrency: part.atOnce,
            ItemProcessor: machineOf(part.item, name),
            ...result,
            ...way,
          },
        ],
      ];
    }
  }
}
