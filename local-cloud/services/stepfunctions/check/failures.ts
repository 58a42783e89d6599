import { type Findings, isObject } from './diagnostic.ts';
import { checkAssign, checkReferencePath } from './paths.ts';

/** Bounds of a retrier's numbers: https://states-language.net/#errors */
const numbers: readonly [name: string, isRight: (value: number) => boolean, bound: string][] = [
  ['IntervalSeconds', (value) => Number.isInteger(value) && value >= 1, 'an integer of at least 1'],
  [
    'MaxAttempts',
    (value) => Number.isInteger(value) && value >= 0 && value <= 99_999_999,
    'an integer of at least 0',
  ],
  ['BackoffRate', (value) => value >= 1, 'a number of at least 1'],
  [
    'MaxDelaySeconds',
    (value) => Number.isInteger(value) && value >= 1 && value <= 31_622_400,
    'an integer from 1 to 31622400',
  ],
];

export function checkRetriers(list: unknown, location: string, findings: Findings): void {
  for (const { each, place } of checkNames(list, location, findings)) {
    for (const [name, isRight, bound] of numbers) {
      const value = each[name];
      if (value === undefined || (typeof value === 'number' && isRight(value))) continue;
      findings.schema(`${place}/${name}`, `Value must be ${bound}`);
    }
    const jitter = each['JitterStrategy'];
    if (jitter !== undefined && jitter !== 'FULL' && jitter !== 'NONE') {
      findings.schema(`${place}/JitterStrategy`, 'Value must be one of [FULL, NONE]');
    }
  }
}

export function checkCatchers(
  list: unknown,
  location: string,
  outer: ReadonlySet<string>,
  findings: Findings,
): void {
  for (const { each, place } of checkNames(list, location, findings)) {
    if (typeof each['Next'] !== 'string') findings.schema(place, 'These fields are required: [Next]');
    const path = each['ResultPath'];
    if (path !== undefined && path !== null) checkReferencePath(path, `${place}/ResultPath`, findings);
    checkAssign(each['Assign'], `${place}/Assign`, outer, findings);
  }
}

/** Each names errors, and `States.ALL` stands alone and last. */
function checkNames(list: unknown, location: string, findings: Findings) {
  if (list === undefined) return [];
  if (!Array.isArray(list)) {
    findings.schema(location, 'The value must be a list');
    return [];
  }
  return (list as unknown[]).flatMap((each, index) => {
    const place = `${location}[${index}]`;
    const names = isObject(each) ? each['ErrorEquals'] : undefined;
    if (!isObject(each) || !Array.isArray(names) || names.length === 0) {
      findings.schema(place, 'These fields are required: [ErrorEquals]');
      return [];
    }
    if (names.includes('States.ALL') && (names.length > 1 || index < list.length - 1)) {
      findings.schema(`${place}/ErrorEquals`, "'States.ALL' must appear alone, in the last of the list");
    }
    return [{ each, place }];
  });
}
