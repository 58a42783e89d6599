/** A parsed Terraform expression. */
export type Expression =
  | { kind: 'literal'; value: string | number | boolean | null }
  /** Literal text and interpolations, joined to one string. */
  | { kind: 'template'; parts: Expression[] }
  | { kind: 'variable'; name: string }
  | { kind: 'attribute'; of: Expression; name: string }
  | { kind: 'index'; of: Expression; key: Expression }
  /** `of[*].a.b`: the path applied to every element. */
  | { kind: 'splat'; of: Expression; path: (string | number)[] }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'object'; entries: { key: Expression; value: Expression }[] }
  /** `expand`: the last argument ends in `...` and is spread. */
  | { kind: 'call'; name: string; args: Expression[]; expand: boolean }
  | { kind: 'unary'; operator: '-' | '!'; operand: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'conditional'; test: Expression; then: Expression; otherwise: Expression };

/** The text is no expression, or none this reader understands; the message shows the text and the place. */
export class ExpressionError extends Error {
  constructor(message: string, text: string, position: number) {
    super(
      `${message}, at character ${position + 1} of: ${text.length > 300 ? `${text.slice(0, 300)}…` : text}`,
    );
    this.name = 'ExpressionError';
  }
}

/** Every expression directly inside another one. */
export function children(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'variable':
      return [];
    case 'template':
      return expression.parts;
    case 'attribute':
    case 'splat':
      return [expression.of];
    case 'index':
      return [expression.of, expression.key];
    case 'list':
      return expression.items;
    case 'object':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    case 'call':
      return expression.args;
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise];
  }
}
