import { type Input, objects, requiredText, texts } from '../../core/input.ts';
import { invalid } from './secret-input.ts';
import type { Secret } from './secrets.ts';

type Matches = (secret: Secret) => boolean;

const words = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
const beginsWord = (text: string, wanted: string) =>
  text.toLowerCase().startsWith(wanted.toLowerCase()) ||
  words(text).some((word) => word.startsWith(wanted.toLowerCase()));

const everything = ({ name, description = '', tags }: Secret) => [
  name,
  description,
  ...Object.entries(tags).flat(),
];

/**
 * Whether a secret has what a filter by the key asks for.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html
 */
const tests: Readonly<Record<string, (secret: Secret, wanted: string) => boolean>> = {
  name: ({ name }, wanted) => name.startsWith(wanted),
  description: ({ description = '' }, wanted) => beginsWord(description, wanted),
  'tag-key': ({ tags }, wanted) => Object.keys(tags).some((key) => key.startsWith(wanted)),
  'tag-value': ({ tags }, wanted) => Object.values(tags).some((value) => value.startsWith(wanted)),
  all: (secret, wanted) =>
    words(wanted).every((word) => everything(secret).some((text) => beginsWord(text, word))),
};

/** Which secrets `Filters` lets through: all filters must match, of each one value. A value after `!` must not. */
export function matcherOf(input: Input): Matches {
  const filters = objects(input, 'Filters').map((filter): Matches => {
    const key = requiredText(filter, 'Key');
    const test = Object.hasOwn(tests, key) ? tests[key] : undefined;
    if (!test)
      throw invalid(`The local cloud cannot filter by ${key}; it can by ${Object.keys(tests).join(', ')}.`);
    const values = texts(filter, 'Values');
    if (values.length < 1 || values.length > 10) throw invalid('A filter has 1 to 10 values.');
    const wanted = values.filter((value) => !value.startsWith('!'));
    const unwanted = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1));
    return (secret) =>
      (wanted.length === 0 || wanted.some((value) => test(secret, value))) &&
      !unwanted.some((value) => test(secret, value));
  });
  return (secret) => filters.every((matches) => matches(secret));
}
