import type { AnyQuery, Query, RowsOf } from '../definition/query.ts';
import type { ReadModel } from '../definition/read-model.ts';
import { forbidden, invalid, Problem } from '../messages/problem.ts';
import { createRowStore } from '../read-models/row-store.ts';
import { createRows } from '../read-models/rows.ts';
import { documents } from './clients.ts';
import { json } from './http.ts';
import { assertRole, identify } from './identity.ts';
import { type HttpHandler, serveHttp } from './serve-http.ts';
import { optionalSetting, setting } from './settings.ts';
import { tracing } from './tracing.ts';
import { assertValid, type Validator } from './validate.ts';

/** How long a query waits for its read model to reach what the caller has seen, and how often it looks. */
const defaultPatience = { milliseconds: 3_000, step: 20 };

/** Makes the Lambda handler of a query: identity, role, input, freshness, then its answer. */
export function serveQuery<Input, Models extends Readonly<Record<string, ReadModel>>>(
  query: Query<Input, Models>,
  validate: Validator,
  patience = defaultPatience,
): HttpHandler {
  return serveHttp(async (event, correlationId) => {
    const trace = await tracing();
    const caller = identify(event);
    trace.annotate({ tenant: caller.tenant, query: optionalSetting('FUNCTION') ?? query.route });
    assertRole(caller, query.roles);
    if (query.installationOnly && caller.tenant !== setting('INSTALLATION_TENANT')) {
      throw forbidden(
        'These figures cannot be told apart by tenant; only the tenant of the installation may see them.',
      );
    }
    const { atLeast, ...parameters } = event.queryStringParameters ?? {};
    const input = { ...parameters, ...event.pathParameters };
    assertValid(validate, input);
    if (atLeast !== undefined) await waitFor(parseAtLeast(atLeast), query, caller.tenant, patience);

    const rows = await rowsOf(query, caller.tenant);
    const answer = await trace.step('## query', { correlationId }, () =>
      // The validator has just checked it, and turned texts into numbers where the schema says so.
      query.answer(input as Input, { tenant: caller.tenant, rows: rows as RowsOf<Models> }),
    );
    return json(200, answer, etagOf(answer));
  });
}

function etagOf(answer: object): Record<string, string> {
  return 'version' in answer && typeof answer.version === 'number' ? { etag: `"${answer.version}"` } : {};
}

/** The setting that names a read model's table: `alertRules` → `READ_MODEL_ALERT_RULES`. */
export function tableSetting(model: string): string {
  return `READ_MODEL_${model.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

async function rowsOf(query: Pick<AnyQuery, 'readModels'>, tenant: string) {
  const names = Object.keys(query.readModels);
  if (names.length === 0) return {};
  const client = await documents();
  return Object.fromEntries(
    names.map((name) => [name, createRows(client, setting(tableSetting(name)), tenant)]),
  );
}

interface AtLeast {
  readonly type: string;
  readonly id: string;
  readonly version: number;
}

function parseAtLeast(text: string): AtLeast {
  const [, type, id, version] = /^([a-z-]{1,64})\/([0-9a-f-]{36}):(\d{1,15})$/.exec(text) ?? [];
  if (type && id && version) return { type, id, version: Number(version) };
  throw invalid('Mend atLeast.', [{ pointer: '#/atLeast', detail: 'must have the form type/id:version' }]);
}

/** Waits until every read model of the query that follows this stream has reached the version. */
async function waitFor(
  { type, id, version }: AtLeast,
  query: Pick<AnyQuery, 'readModels'>,
  tenant: string,
  patience: typeof defaultPatience,
): Promise<void> {
  const client = await documents();
  const until = Date.now() + patience.milliseconds;
  for (const [name, model] of Object.entries(query.readModels)) {
    if (model.follows.type !== type) continue;
    const rows = createRowStore(client, setting(tableSetting(name)), model);
    while ((await rows.position({ tenant, type, id })).version < version) {
      if (Date.now() > until) {
        throw new Problem(
          503,
          'not-yet-visible',
          'Not yet visible',
          `${type}/${id} is recorded but not yet listed; try again.`,
          {
            headers: { 'retry-after': '1' },
          },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, patience.step));
    }
  }
}
