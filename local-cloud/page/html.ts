/** A text that is HTML already. Everything else that is put into `html` is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | undefined | readonly Html[];

/** Puts values into HTML so that none of them can become markup. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const written = parts.map((part) => {
    if (part === undefined) return '';
    if (part instanceof Html) return part.text;
    if (typeof part === 'object') return part.map(({ text }) => text).join('');
    return escaped(String(part));
  });
  return new Html(texts.map((text, index) => text + (written[index] ?? '')).join(''));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (found) => `&#${found.charCodeAt(0)};`);
}
