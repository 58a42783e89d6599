/** What must not be kept where many may read it, and what stands in its place. */
const secrets: readonly (readonly [RegExp, string])[] = [
  // Tokens of sign-ins, wherever they stand.
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '<token>'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, '$1 <token>'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '<access key>'],
  // Who signs in within an address, and its query string.
  [/(\w+:\/\/)[^\s/@:]+:[^\s/@]+@/g, '$1<credentials>@'],
  [/(\bhttps?:\/\/[^\s?#"']+)\?[^\s"']*/gi, '$1?<query>'],
  [
    /\b((?:[\w-]*(?:password|passphrase|secret|token|credential|api[-_]?key|authorization))["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|(?!<)[^\s,;}&]+)/gi,
    '$1<secret>',
  ],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '<e-mail>'],
];

/** A text for logs and failures, with what looks like a secret or an e-mail address taken out. */
export function withoutSecrets(text: string): string {
  return secrets.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}
