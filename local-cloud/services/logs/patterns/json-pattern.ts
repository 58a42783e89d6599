import { parseCondition } from './condition.ts';
import type { FilterPattern } from './filter-pattern.ts';
import { invalidPattern } from './operand.ts';

type Step = string | number | '*';

const STEP = /\.([^.[\]\s]+)|\[(\d+|\*)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;

/** The steps of `$.detail.items[0]["user id"]`. */
function stepsOf(selector: string): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < selector.length) {
    const found = STEP.exec(selector);
    if (!found) throw invalidPattern(`${selector} is no path in a JSON document.`);
    const [, name, index, ...quoted] = found;
    if (index !== undefined) steps.push(index === '*' ? '*' : Number(index));
    else steps.push(name ?? quoted[0] ?? quoted[1] ?? '');
  }
  return steps;
}

function valuesAt(value: unknown, steps: readonly Step[]): unknown[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value).flatMap((each) => valuesAt(each, rest));
  if (typeof step === 'number')
    return Array.isArray(value) && step in value ? valuesAt(value[step], rest) : [];
  return Object.hasOwn(value, step) ? valuesAt(Reflect.get(value, step), rest) : [];
}

function parseObject(message: string): object | undefined {
  if (!message.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(message) as object;
  } catch {
    // A line that is no JSON has no fields, and so matches nothing.
    return undefined;
  }
}

function readValue(document: object | undefined, selector: string): string | undefined {
  const [value] = valuesAt(document, stepsOf(selector));
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** `{ $.level = "ERROR" && $.duration > 100 }` */
export function parseJsonPattern(text: string): FilterPattern {
  if (!text.endsWith('}')) throw invalidPattern('the closing } is missing.');
  const { holds, selectors } = parseCondition(text.slice(1, -1), (word) => word.startsWith('$'));
  const paths = new Map(selectors.map((selector) => [selector, stepsOf(selector)]));
  return {
    hints: { contains: ['{'], containsAny: [], lacks: [] },
    isHintEnough: false,
    matches(message) {
      const document = parseObject(message);
      return document !== undefined && holds((selector) => valuesAt(document, paths.get(selector) ?? []));
    },
    extract(message) {
      const document = parseObject(message);
      return Object.fromEntries(
        selectors.flatMap((selector) => {
          const value = readValue(document, selector);
          return value === undefined ? [] : [[selector, value]];
        }),
      );
    },
    value: (message, selector) => readValue(parseObject(message), selector),
  };
}
