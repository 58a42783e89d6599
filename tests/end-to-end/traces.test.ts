import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from '../support/api.ts';
import { accessibilityViolations, browserHint, chromiumPath, settled } from '../support/browser.ts';
import { type OperatorConsole, openOperatorConsole } from '../support/operator-console.ts';
import { type Platform, waitFor } from '../support/platform.ts';
import { ruleOnRequests } from '../support/rules.ts';

let opened: OperatorConsole | undefined;
let platform: Platform;
let page: Page;
let errors: string[];
let token: string;
let correlationId: string;
let traceId: string;

beforeAll(async () => {
  if (!chromiumPath) return;
  opened = await openOperatorConsole();
  ({ platform, page, errors, token } = opened);
});
afterAll(async () => {
  await opened?.stop();
});

const get = (path: string) => call(platform.outputs, 'GET', path, { token });
const open = (path: string) => page.goto(`${platform.outputs.consoleUrl}${path}`);

/** The names and annotations of the trace's spans, so far as it has come. */
async function spansOf(id: string) {
  const { body } = await get(`/observability/traces/${id}`);
  return (body.items ?? []) as unknown as {
    name: string;
    service: string;
    origin?: string;
    aws?: { operation?: string };
    annotations?: Record<string, unknown>;
  }[];
}

describe.skipIf(!chromiumPath)(`the trace of a command${browserHint}`, { timeout: 180_000 }, () => {
  test('is found by the correlation id of the answer', async () => {
    const command = await call(platform.outputs, 'POST', '/observability/alert-rules', {
      token,
      body: ruleOnRequests('any'),
    });
    expect(command.status).toBe(201);
    correlationId = command.headers.get('x-correlation-id') ?? '';
    const filter = encodeURIComponent(`annotation.correlationId = "${correlationId}"`);
    const now = Date.now();
    const range = `from=${new Date(now - 600_000).toISOString()}&to=${new Date(now + 600_000).toISOString()}`;
    const found = await waitFor(
      async () => (await get(`/observability/traces?${range}&filter=${filter}`)).body.items?.[0],
      { what: 'the trace of the command' },
    );
    expect(found).toMatchObject({ correlationId, route: 'POST /api/v1/observability/alert-rules' });
    traceId = String(found['id']);
  });

  test('tells of the API, the function, the table, the relay, the projection and the reaction', async () => {
    const spans = await waitFor(
      async () => {
        const all = await spansOf(traceId);
        const told = (name: string) => all.some((span) => span.name === name);
        const isProjected = all.some(
          ({ annotations }) => annotations?.['readModel'] === 'observability/alert-rules',
        );
        return isProjected && told('## reaction') ? all : undefined;
      },
      { seconds: 60, what: 'the trace to reach the read model' },
    );
    const named = (name: string) => spans.find((span) => span.name === name);
    expect(named('POST /api/v1/observability/alert-rules')).toMatchObject({
      http: { method: 'POST', status: 201 },
      annotations: { correlationId, tenant: 'skafu', function: 'observability/define-alert-rule' },
    });
    expect(spans.map(({ origin }) => origin)).toContain('AWS::Lambda::Function');
    expect(spans.map(({ aws }) => aws?.operation)).toContain('PutItem');
    expect(named('relay')?.annotations).toMatchObject({ correlationId, version: 1, events: 1 });
    const projections = spans.filter(({ name }) => name === '## projection');
    expect(projections.map(({ annotations }) => annotations)).toContainEqual(
      expect.objectContaining({ correlationId, readModel: 'observability/alert-rules' }),
    );
    expect(named('## reaction')?.annotations).toMatchObject({ correlationId });
  });

  test('is opened from the list of the request’s traces', async () => {
    const from = new Date(Date.now() - 600_000).toISOString();
    const to = new Date(Date.now() + 600_000).toISOString();
    await open(`/observability/traces?request=${correlationId}&from=${from}&to=${to}`);
    await page.getByRole('link', { name: 'POST /api/v1/observability/alert-rules' }).first().click();
    await page.getByRole('treegrid', { name: 'Spans' }).waitFor();
    expect(page.url()).toContain(`/observability/traces/${traceId}`);
    await settled(page);
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  test('shows a span’s details when it is chosen with the keyboard', async () => {
    await page.getByPlaceholder('Find spans').fill('projection');
    await page
      .getByRole('row', { name: /## projection/ })
      .first()
      .waitFor();
    await page.getByRole('treegrid').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const details = page.getByRole('region', { name: 'Span details' });
    await details.waitFor();
    // What is typed reaches the address after a pause.
    const kept = (name: string) => new URL(page.url()).searchParams.get(name) ?? '';
    await expect.poll(() => kept('find'), { timeout: 10_000 }).toBe('projection');
    await expect.poll(() => kept('span'), { timeout: 10_000 }).toMatch(/^[0-9a-f]{16}$/);
  });

  test('leads with one click to the log lines of exactly this request', async () => {
    await page.getByRole('link', { name: 'Log lines of this request' }).click();
    await page.waitForURL(/\/observability\/logs\?/);
    const search = new URL(page.url()).searchParams;
    expect(search.get('request')).toBe(traceId);
    expect(Date.parse(search.get('from') ?? '')).toBeLessThan(Date.parse(search.get('to') ?? ''));
    await page.getByText(traceId).first().waitFor({ timeout: 30_000 });
    expect(errors).toEqual([]);
  });
});
