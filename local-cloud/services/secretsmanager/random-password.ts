import { randomInt } from 'node:crypto';
import { flag, type Input, integer, text } from '../../core/input.ts';
import { invalid } from './secret-input.ts';

const kinds: readonly [exclude: string, characters: string][] = [
  ['ExcludeLowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['ExcludeUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['ExcludeNumbers', '0123456789'],
  ['ExcludePunctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
];

/**
 * `GetRandomPassword`: at least one of each kind of characters unless that is not required.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export function randomPassword(input: Input): string {
  const length = integer(input, 'PasswordLength', 1, 4096) ?? 32;
  const excluded = new Set(text(input, 'ExcludeCharacters') ?? '');
  const included = kinds
    .filter(([exclude]) => flag(input, exclude) !== true)
    .map(([, characters]) => characters);
  if (flag(input, 'IncludeSpace') === true) included.push(' ');
  const allowed = included
    .map((characters) => [...characters].filter((each) => !excluded.has(each)))
    .filter((characters) => characters.length > 0);
  if (allowed.length === 0) throw invalid('No characters are left that a password can have.');
  const required = flag(input, 'RequireEachIncludedType') === false ? [] : allowed;
  if (length < required.length) throw invalid('Password length is too short based on the required types.');
  const all = allowed.flat();
  const characters = [
    ...required.map(anyOf),
    ...Array.from({ length: length - required.length }, () => anyOf(all)),
  ];
  return shuffled(characters).join('');
}

const anyOf = (characters: readonly string[]) => characters[randomInt(characters.length)] ?? '';

function shuffled(characters: string[]): string[] {
  for (let last = characters.length - 1; last > 0; last -= 1) {
    const chosen = randomInt(last + 1);
    [characters[last], characters[chosen]] = [characters[chosen] ?? '', characters[last] ?? ''];
  }
  return characters;
}
