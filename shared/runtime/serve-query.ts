import { type Definitions, noDefinitions } from '../definition/definitions.ts';
import type { AnyQuery, Query, RowsOf } from '../definition/query.ts';
import { isFollowed, type ReadModel } from '../definition/read-model.ts';
import { reveal } from '../event-store/personal-events.ts';
import { forbidden, invalid } from '../messages/problem.ts';
import { type FreshRows, freshRowsOf } from '../read-models/fresh-rows.ts';
import { createRowStore } from '../read-models/row-store.ts';
import { createRows } from '../read-models/rows.ts';
import { documents, eventStore, generations, personalKeys } from './clients.ts';
import { json } from './http.ts';
import { assertRole, identify } from './identity.ts';
import { type HttpHandler, serveHttp } from './serve-http.ts';
import { optionalSetting, setting } from './settings.ts';
import { tracing } from './tracing.ts';
import { assertValid, type Validator } from './validate.ts';

/** How long a query waits for its read model to reach what the caller has seen, and how often it looks. */
const defaultPatience = { milliseconds: 300, step: 20 };

/** Makes the Lambda handler of a query: identity, role, input, freshness, then its answer. */
export function serveQuery<Input, Models extends Readonly<Record<string, ReadModel>>>(
  query: Query<Input, Models>,
  validate: Validator,
  patience = defaultPatience,
  definitions: Definitions = noDefinitions,
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
    const seen = atLeast === undefined ? undefined : parseAtLeast(atLeast);
    const rows = await rowsOf(query, caller.tenant, seen, patience);
    const answer = await trace.step('## query', { correlationId }, () =>
      // The validator has just checked it, and turned texts into numbers where the schema says so.
      query.answer(input as Input, { tenant: caller.tenant, rows: rows as RowsOf<Models>, definitions }),
    );
    const shown = await reveal(personalKeys(), caller.tenant, answer);
    return json(200, shown, etagOf(shown));
  });
}

function etagOf(answer: object): Record<string, string> {
  return 'version' in answer && typeof answer.version === 'number' ? { etag: `"${answer.version}"` } : {};
}

/** The setting that names a read model's table: `alertRules` → `READ_MODEL_ALERT_RULES`. */
export function tableSetting(model: string): string {
  return `READ_MODEL_${model.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

async function rowsOf(
  query: Pick<AnyQuery, 'readModels'>,
  tenant: string,
  seen: AtLeast | undefined,
  patience: typeof defaultPatience,
) {
  if (Object.keys(query.readModels).length === 0) return {};
  const client = await documents();
  const rows = Object.entries(query.readModels).map(async ([name, model]) => {
    const table = await generations.servingTable(setting(tableSetting(name)));
    const newer =
      seen && isFollowed(model, seen.type)
        ? await newerRows(table, model, tenant, seen, patience)
        : undefined;
    return [name, createRows(client, table, tenant, newer && { rows: newer, listed: model.listed })] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
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

/**
 * Rows at least as new as what the caller has seen. Waits a little for the projection, which is nearly always there
 * first; else what it has not done yet is folded here, so that the caller is never shown less than they know.
 */
async function newerRows(
  table: string,
  model: ReadModel,
  tenant: string,
  { type, id, version }: AtLeast,
  patience: typeof defaultPatience,
): Promise<FreshRows> {
  const rows = createRowStore(await documents(), table, model);
  const stream = { tenant, type, id };
  const until = Date.now() + patience.milliseconds;
  while ((await rows.position(stream)).version < version && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, patience.step));
  }
  const fresh = await freshRowsOf(model, stream, rows, await eventStore());
  if (fresh.version >= version) return fresh.rows;
  throw invalid('Mend atLeast.', [
    { pointer: '#/atLeast', detail: 'must name a version that was recorded, as a command answers it' },
  ]);
}
