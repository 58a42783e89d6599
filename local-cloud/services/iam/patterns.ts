/** Values of policy variables such as `${aws:PrincipalArn}`. */
export type Variables = (key: string) => string | undefined;

/** A text with wildcards as it stands in a policy, and whether a value fits it. */
export interface Pattern {
  readonly text: string;
  readonly matches: (value: string, variables: Variables) => boolean;
}

/** `*` stands for any characters, `?` for one; actions are told apart without regard to case. */
export function pattern(text: string, ignoringCase: boolean): Pattern {
  if (/\$\{[^}]*\}/u.test(text)) {
    return { text, matches: (value, variables) => glob(substitute(text, variables), ignoringCase)(value) };
  }
  const matches = text === '*' ? () => true : glob(text, ignoringCase);
  return { text, matches };
}

/** What an unknown variable stands for matches nothing, as on AWS. */
function substitute(text: string, variables: Variables): string {
  return text.replace(/\$\{([^}]*)\}/gu, (_, name: string) => {
    if (name === '*' || name === '?' || name === '$') return `\\${name}`;
    return (variables(name) ?? '\u0000').replace(/[*?\\]/gu, '\\$&');
  });
}

function glob(text: string, ignoringCase: boolean): (value: string) => boolean {
  const source = text.replace(/\\[*?$\\]|[\\^$.*+?()[\]{}|]/gu, (found) => {
    if (found === '*') return '[^]*';
    if (found === '?') return '[^]';
    return found.startsWith('\\') && found.length === 2 ? `\\${found[1]}` : `\\${found}`;
  });
  const expression = new RegExp(`^${source}$`, ignoringCase ? 'iu' : 'u');
  return (value) => expression.test(value);
}
