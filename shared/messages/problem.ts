/** One field that was refused: where it stands in the input (JSON pointer) and what would be right. */
export interface InvalidField {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * An error that the caller can act on, told as RFC 9457 problem+json. `slug` is stable and becomes
 * `urn:skafu:problem:<slug>`; `detail` is a sentence for a person.
 */
export class Problem extends Error {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly errors: readonly InvalidField[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    slug: string,
    title: string,
    detail: string,
    more: { errors?: readonly InvalidField[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.slug = slug;
    this.title = title;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

/** Thrown by a decision: the state of the aggregate does not allow it. Answers 409. */
export function refused(slug: string, detail: string): Problem {
  return new Problem(409, slug, 'Refused', detail);
}

export function invalid(detail: string, errors: readonly InvalidField[]): Problem {
  return new Problem(400, 'invalid-input', 'Invalid input', detail, { errors });
}

export function unauthorized(detail: string): Problem {
  return new Problem(401, 'no-valid-token', 'No valid token', detail, {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

export function forbidden(detail: string): Problem {
  return new Problem(403, 'forbidden', 'Forbidden', detail);
}

export function notFound(detail: string): Problem {
  return new Problem(404, 'not-found', 'Not found', detail);
}

export function versionMismatch(expected: number, actual: number): Problem {
  return new Problem(
    412,
    'version-mismatch',
    'Version mismatch',
    `It stands at version ${actual}, not ${expected}: read it again, then decide again.`,
  );
}
