import type { Case } from './case.ts';

/** Names of the cases that passed, here and at the reference. */
export interface Passed {
  readonly here: ReadonlySet<string>;
  /** Undefined where the reference was not there to be asked. */
  readonly reference: ReadonlySet<string> | undefined;
}

export const nameOf = ({ service, name }: Case) => `${service}: ${name}`;

/** A row for each service: its operations, its cases, and how many of them pass. */
export function scoreboardOf(cases: readonly Case[], { here, reference }: Passed): string {
  const services = [...new Set(cases.map(({ service }) => service))];
  const rows = services.map((service) => {
    const own = cases.filter((each) => each.service === service);
    const operations = new Set(own.flatMap((each) => each.operations)).size;
    const count = (passed: ReadonlySet<string>) => own.filter((each) => passed.has(nameOf(each))).length;
    return `| ${service} | ${operations} | ${own.length} | ${count(here)} | ${reference ? count(reference) : '–'} |`;
  });
  return ['| service | operations | cases | pass here | pass moto |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

/** Where the two differ, and what settles it. */
export function differencesOf(cases: readonly Case[], { here, reference }: Passed): string {
  const differing = cases.filter(
    (each) => reference && here.has(nameOf(each)) && !reference.has(nameOf(each)),
  );
  return differing
    .map((each) => `- ${nameOf(each)}. ${each.settled ?? 'What AWS documents for the operation settles it.'}`)
    .join('\n');
}
