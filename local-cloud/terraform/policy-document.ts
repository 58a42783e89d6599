import { createHash } from 'node:crypto';
import { blocks } from '../core/blocks.ts';
import type { Attributes } from '../core/service.ts';

/** `data.aws_iam_policy_document`: blocks in, the JSON of a policy out. */
export function policyDocument(body: Attributes): Attributes {
  const document = {
    Version: body['version'] ?? '2012-10-17',
    ...(body['policy_id'] ? { Id: body['policy_id'] } : {}),
    Statement: withOverrides(
      [...statementsOf(body['source_policy_documents']), ...blocks(body['statement']).map(statement)],
      statementsOf(body['override_policy_documents']),
    ),
  };
  const json = JSON.stringify(document, undefined, 2);
  const id = createHash('sha256').update(json).digest('hex').slice(0, 10);
  return { id, json, minified_json: JSON.stringify(document) };
}

function statementsOf(documents: unknown): Attributes[] {
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => blocks((JSON.parse(String(document)) as Attributes)['Statement']));
}

/** A statement that overrides replaces the one of the same Sid, or is added. */
function withOverrides(statements: Attributes[], overrides: Attributes[]): Attributes[] {
  const replaced = new Set(overrides.map(({ Sid }) => Sid).filter(Boolean));
  return [...statements.filter(({ Sid }) => !replaced.has(Sid)), ...overrides];
}

function statement(written: Attributes): Attributes {
  const entries: [string, unknown][] = [
    ['Sid', written['sid']],
    ['Effect', written['effect'] ?? 'Allow'],
    ['Action', oneOrMany(written['actions'])],
    ['NotAction', oneOrMany(written['not_actions'])],
    ['Resource', oneOrMany(written['resources'])],
    ['NotResource', oneOrMany(written['not_resources'])],
    ['Principal', principals(written['principals'])],
    ['NotPrincipal', principals(written['not_principals'])],
    ['Condition', conditions(written['condition'])],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
}

function oneOrMany(values: unknown): unknown {
  if (!Array.isArray(values) || values.length === 0) return undefined;
  return values.length === 1 ? values[0] : values;
}

function principals(written: unknown): unknown {
  const all = blocks(written);
  if (all.length === 0) return undefined;
  if (all.some(({ type }) => type === '*')) return '*';
  const byType = new Map<string, unknown[]>();
  for (const { type, identifiers } of all) {
    const names = Array.isArray(identifiers) ? identifiers : [];
    byType.set(String(type), [...(byType.get(String(type)) ?? []), ...names]);
  }
  return Object.fromEntries([...byType].map(([type, names]) => [type, oneOrMany(names)]));
}

function conditions(written: unknown): unknown {
  const byTest: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of blocks(written)) {
    byTest[String(test)] = { ...byTest[String(test)], [String(variable)]: oneOrMany(values) };
  }
  return Object.keys(byTest).length > 0 ? byTest : undefined;
}
