import type { AwsError } from '../core/errors.ts';

const NAMESPACE = 'https://amazonaws.com/doc/local/';
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A list without an element of its own: every item bears the name of the list. */
export class Repeated {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** The answer of a query operation: lists as `<member>`, times as ISO 8601. */
export function responseXml(operation: string, output: object, requestId: string): string {
  const metadata = `<ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata>`;
  const name = `${operation}Response`;
  return `<${name} xmlns="${NAMESPACE}"><${operation}Result>${write(output)}</${operation}Result>${metadata}</${name}>`;
}

export function errorXml(error: AwsError, requestId: string): string {
  const code =
    typeof error.details['queryErrorCode'] === 'string' ? error.details['queryErrorCode'] : error.code;
  const body = write({
    Type: error.status < 500 ? 'Sender' : 'Receiver',
    Code: code,
    Message: error.message,
  });
  const id = `<RequestId>${escapeXml(requestId)}</RequestId>`;
  return `<ErrorResponse xmlns="${NAMESPACE}"><Error>${body}</Error>${id}</ErrorResponse>`;
}

/** An error as S3 writes it, for a REST request that no service took. */
export function restErrorXml(error: AwsError, requestId: string): string {
  const body = write({ Code: error.code, Message: error.message, RequestId: requestId });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${body}</Error>`;
}

function write(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => `<member>${write(item)}</member>`).join('');
  if (typeof value !== 'object') return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .flatMap(([name, inner]) => {
      const items = inner instanceof Repeated ? inner.items : [inner];
      return items.map((item) => `<${name}>${write(item)}</${name}>`);
    })
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
