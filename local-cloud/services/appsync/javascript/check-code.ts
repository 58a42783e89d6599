import { parseSync } from 'oxc-parser';
import { AwsError } from '../../../core/errors.ts';

/**
 * What AppSync's own JavaScript leaves out, by the kind of node.
 * https://docs.aws.amazon.com/appsync/latest/devguide/supported-features.html
 */
const leftOut: Readonly<Record<string, string>> = {
  AwaitExpression: 'await',
  CatchClause: 'catch',
  ClassDeclaration: 'classes',
  ClassExpression: 'classes',
  ContinueStatement: 'continue',
  DebuggerStatement: 'debugger',
  DoWhileStatement: 'do while',
  ExportAllDeclaration: 'export *',
  ForStatement: 'for with a counter; for-of and for-in are there',
  ImportExpression: 'import()',
  LabeledStatement: 'labels',
  MetaProperty: 'import.meta and new.target',
  NewExpression: 'new',
  ThisExpression: 'this',
  ThrowStatement: 'throw; util.error() is there',
  TryStatement: 'try',
  UpdateExpression: '++ and --',
  WhileStatement: 'while',
  WithStatement: 'with',
  YieldExpression: 'generators',
};

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** The global in which the modules stand that code may import. */
const modulesGlobal = '__modules';
const utilities = '@aws-appsync/utils';

/**
 * Checks APPSYNC_JS code and turns its module into a script that evaluates to its functions `request` and `response`.
 * Throws `BadRequestException` that names what is not allowed.
 */
export function compile(code: string): string {
  const { program, errors } = parseSync('code.mjs', code, { sourceType: 'module' });
  if (errors.length > 0) throw invalid(errors.map(({ message }) => message));
  const root = program as unknown as Node;
  const faults: string[] = [];
  visit(root, (node) => void faults.push(...faultsOf(node, code)));
  const exported = new Map<string, string>();
  const edits = (root['body'] as Node[]).flatMap((node) => editsOf(node, exported, faults));
  for (const name of ['request', 'response'])
    if (!exported.has(name)) faults.push(`The code exports no function ${name}.`);
  if (faults.length > 0) throw invalid([...new Set(faults)]);
  const script = edits
    .sort((one, other) => other.start - one.start)
    .reduce((text, { start, end, by }) => text.slice(0, start) + by + text.slice(end), code);
  return `(() => { 'use strict';\n${script}\nreturn { request: ${exported.get('request')}, response: ${exported.get('response')} }; })()`;
}

const invalid = (faults: readonly string[]) =>
  new AwsError('BadRequestException', `The code contains one or more errors. ${faults.join(' ')}`, 400);

function faultsOf(node: Node, code: string): string[] {
  const name = leftOut[node.type];
  if (name !== undefined) return [`APPSYNC_JS does not support ${name}.`];
  if (node['async'] === true) return ['APPSYNC_JS does not support async functions.'];
  if (node['generator'] === true) return ['APPSYNC_JS does not support generators.'];
  if (node.type === 'Literal' && node['regex'] !== undefined)
    return ['APPSYNC_JS does not support regular expressions; util.matches() is there.'];
  if (node.type === 'ImportDeclaration') {
    const source = (node['source'] as unknown as { value: string }).value;
    if (source !== utilities) return [`The local cloud does not support the module ${source} in APPSYNC_JS.`];
  }
  if (node.type === 'Identifier' && node['name'] === modulesGlobal)
    return [`The name ${code.slice(node.start, node.end)} is reserved.`];
  return [];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** Imports become constants, and what is exported is only noted. */
function editsOf(node: Node, exported: Map<string, string>, faults: string[]): Edit[] {
  if (node.type === 'ImportDeclaration') {
    const parts = (node['specifiers'] as Node[]).map((specifier) => importOf(specifier, faults));
    return [{ start: node.start, end: node.end, by: parts.join(' ') }];
  }
  if (node.type === 'ExportDefaultDeclaration') {
    faults.push('APPSYNC_JS does not support export default.');
    return [];
  }
  if (node.type !== 'ExportNamedDeclaration') return [];
  const declaration = node['declaration'] as Node | null;
  if (!declaration) {
    for (const specifier of node['specifiers'] as Node[])
      exported.set(nameIn(specifier['exported']), nameIn(specifier['local']));
    return [{ start: node.start, end: node.end, by: '' }];
  }
  const declared = (declaration['declarations'] as Node[] | undefined) ?? [declaration];
  for (const each of declared) exported.set(nameIn(each['id']), nameIn(each['id']));
  return [{ start: node.start, end: declaration.start, by: '' }];
}

function importOf(specifier: Node, faults: string[]): string {
  const local = nameIn(specifier['local']);
  if (specifier.type === 'ImportNamespaceSpecifier') return `const ${local} = ${modulesGlobal};`;
  if (specifier.type === 'ImportSpecifier')
    return `const ${local} = ${modulesGlobal}.${nameIn(specifier['imported'])};`;
  faults.push(`The module ${utilities} has no default export.`);
  return '';
}

const nameIn = (node: unknown) => String((node as { name?: unknown }).name ?? '');

function visit(node: Node, act: (node: Node) => void): void {
  act(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === 'object' && child !== null && typeof (child as Node).type === 'string')
        visit(child as Node, act);
  }
}
