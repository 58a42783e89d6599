/** A text that is no JSONPath, or one of a form that is not supported. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}
