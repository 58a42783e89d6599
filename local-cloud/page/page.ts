import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AwsResponse } from '../core/service.ts';
import type { View } from '../core/view.ts';
import { blockHtml } from './blocks.ts';
import { Html, html } from './html.ts';
import { script, style } from './style.ts';

const prefix = '/_local-cloud';

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/** The local cloud's own page on the AWS endpoint, for people with a browser; `body` reads the request's, once. */
export type Page = (
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: () => Promise<Buffer>,
) => Promise<AwsResponse | undefined>;

/** What the page does for programs of this machine: JSON, by method and path. */
export type Actions = Readonly<
  Record<string, (given: Readonly<Record<string, unknown>>) => Promise<unknown> | unknown>
>;

/** Answers undefined for what is not for the page: a bucket may have any name but one with an underscore. */
export function createPage(views: readonly View[], actions: Actions = {}): Page {
  return async (method, url, headers, body) => {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    const isBrowser = headers.accept?.includes('text/html') === true && headers.authorization === undefined;
    const [first] = views;
    if (method === 'GET' && pathname === '/' && isBrowser && searchParams.size === 0 && first)
      return { status: 302, headers: { location: `${prefix}/${first.id}` } };
    if (pathname !== prefix && !pathname.startsWith(`${prefix}/`)) return undefined;
    if (!isOurs(headers))
      return answer(403, 'Refused', html`<p>This page is for browsers of this machine.</p>`, views);
    const action = actions[`${method} ${pathname.slice(prefix.length + 1)}`];
    if (action) return outcome(async () => action(await given(method, body)));
    if (method !== 'GET') return { status: 405, headers: { allow: 'GET' } };
    const view = views.find(({ id }) => pathname === `${prefix}/${id}`);
    if (!view) return answer(404, 'Not found', html`<p>There is no such view.</p>`, views);
    const blocks = await view.show(searchParams);
    const content = html`<p>${view.about}</p>${blocks.map(blockHtml)}`;
    return answer(200, view.title, content, views, view.id);
  };
}

/** The fields of a JSON body; none where there is no body. */
async function given(method: string, body: () => Promise<Buffer>): Promise<Record<string, unknown>> {
  const text = method === 'POST' ? (await body()).toString('utf8') : '';
  const value: unknown = text === '' ? {} : JSON.parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Error('The body must be a JSON object.');
}

async function outcome(action: () => Promise<unknown>): Promise<AwsResponse> {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  try {
    return { status: 200, headers, body: JSON.stringify(await action()) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: 409, headers, body: JSON.stringify({ message }) };
  }
}

/** Other sites may not read it, also not those that pretend that their name is this machine's. */
function isOurs({ host = '', origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  const isHere = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/u.test(host);
  return isHere && (origin === undefined || origin === `http://${host}`) && site !== 'cross-site';
}

function answer(
  status: number,
  title: string,
  content: Html,
  views: readonly View[],
  current?: string,
): AwsResponse {
  const links = views.map(({ id, title: name }) =>
    id === current
      ? html`<li><a href="${prefix}/${id}" aria-current="page">${name}</a></li>`
      : html`<li><a href="${prefix}/${id}">${name}</a></li>`,
  );
  const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · Local cloud</title><style>${new Html(style)}</style></head><body><nav aria-label="Views"><p>Local cloud</p><ul>${links}</ul></nav><main><div class="head"><h1>${title}</h1><label><input type="checkbox" id="live"> Live</label></div><p id="state" role="status" class="bad"></p><div id="content">${content}</div></main><script>${new Html(script)}</script></body></html>`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: page.text,
  };
}
