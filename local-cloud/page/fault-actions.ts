import { type FaultKind, type FaultRule, type Faults, faultKinds } from '../core/faults.ts';
import { timeText, type View } from '../core/view.ts';
import type { Actions } from './page.ts';

/** Seconds that a fault may last. */
const longest = 24 * 3_600;

/** Reads a fault as a program or a form gives it. Throws with a sentence that names what is wrong. */
export function readFault(given: Readonly<Record<string, unknown>>): FaultRule {
  const unknown = Object.keys(given).find(
    (name) => !['kind', 'action', 'resource', 'share', 'milliseconds', 'seconds'].includes(name),
  );
  if (unknown !== undefined) throw new Error(`A fault has no ${unknown}.`);
  const { kind, action = '*', resource = '*' } = given;
  if (!faultKinds.includes(kind as FaultKind))
    throw new Error(`kind must be one of ${faultKinds.join(', ')}.`);
  if (typeof action !== 'string' || typeof resource !== 'string')
    throw new Error('action and resource must be texts, which may hold * and ?.');
  return {
    kind: kind as FaultKind,
    action,
    resource,
    share: numberIn(given, 'share', 1, 0, 1),
    milliseconds: numberIn(given, 'milliseconds', 1_000, 0, 900_000),
    until: Date.now() + numberIn(given, 'seconds', 300, 1, longest) * 1000,
  };
}

function numberIn(
  given: Readonly<Record<string, unknown>>,
  name: string,
  usual: number,
  least: number,
  most: number,
): number {
  const value = given[name] === undefined ? usual : Number(given[name]);
  if (value >= least && value <= most) return value;
  throw new Error(`${name} must be a number from ${least} to ${most}.`);
}

/** What goes wrong on purpose at the moment. */
export function faultsView(faults: Faults): View {
  return {
    id: 'faults',
    title: 'Faults',
    about: 'What goes wrong on purpose. The command line adds and removes faults: `local-cloud faults`.',
    show() {
      return [
        { kind: 'fields', title: 'Chances', fields: [['Seed', faults.seed]] },
        {
          kind: 'table',
          title: 'Faults',
          columns: ['Number', 'Kind', 'Action', 'Resource', 'Share', 'Struck', 'Ends'],
          rows: faults
            .all()
            .map(({ id, kind, milliseconds, action, resource, share, asked, struck, until }) => [
              id,
              { text: kind === 'latency' ? `latency, ${milliseconds} ms` : kind, tone: 'bad' },
              action,
              resource,
              `${Math.round(share * 100)} %`,
              `${struck} of ${asked}`,
              timeText(until),
            ]),
          empty: 'Nothing goes wrong on purpose.',
        },
      ];
    },
  };
}

/** What programs of this machine do with faults, by method and path. */
export function faultActions(faults: Faults): Actions {
  return {
    'GET faults.json': () => ({ seed: faults.seed, faults: faults.all() }),
    'POST faults': (given) => ({ id: faults.add(readFault(given)) }),
    'POST faults/seed': ({ seed }) => {
      if (!Number.isInteger(seed)) throw new Error('seed must be a whole number.');
      faults.reseed(seed as number);
      return { seed };
    },
    'POST faults/remove': ({ id }) => {
      if (!faults.remove(Number(id))) throw new Error(`There is no fault ${id}.`);
      return {};
    },
    'POST faults/clear': () => {
      faults.clear();
      return {};
    },
  };
}
