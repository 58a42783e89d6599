import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentType } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import LineagePage from './lineage/lineage-page.tsx';
import StreamPage from './stream/stream-page.tsx';
import StreamsPage from './streams/streams-page.tsx';
import { nothing, oneOfEach } from './testing.ts';

interface Case {
  Page: ComponentType;
  path?: string;
  at?: string;
  loading: RegExp;
  full: RegExp;
}

const onStream = { Page: StreamPage, path: '/:type/:id', at: '/alert-rule/r1' };
const onLineage = { Page: LineagePage, path: '/:correlationId', at: '/c-9' };
const cases: Record<string, Case> = {
  streams: { Page: StreamsPage, loading: /Loading the categories/, full: /AlertRuleChanged/ },
  'a stream': { ...onStream, loading: /Loading the stream/, full: /Alert rule stream/ },
  lineage: { ...onLineage, loading: /Loading the lineage/, full: /AlertRaised/ },
};

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe.each(Object.entries(cases))('%s', (_, { Page, loading, full, ...mount }) => {
  test('says that it is loading', async () => {
    renderPage(Page, { ...mount, answer: () => 'never' });
    expect((await screen.findAllByText(loading)).length).toBeGreaterThan(0);
  });

  test('shows what there is', async () => {
    renderPage(Page, { ...mount, answer: oneOfEach });
    expect((await screen.findAllByText(full)).length).toBeGreaterThan(0);
    expect(screen.queryByText(/Could not load/)).toBeNull();
  });

  test('says why it failed, and comes back with Retry', async () => {
    const page = renderPage(Page, { ...mount, answer: () => problem(503, 'busy', 'Ask again later.') });
    expect((await screen.findAllByText(/Ask again later/)).length).toBeGreaterThan(0);
    page.fake.answer = oneOfEach;
    const [retry] = screen.getAllByRole('button', { name: 'Retry' });
    if (retry) await userEvent.click(retry);
    expect((await screen.findAllByText(full)).length).toBeGreaterThan(0);
  });

  test('says when the person may not see it', async () => {
    renderPage(Page, { ...mount, answer: () => problem(403, 'forbidden', 'Not for you.') });
    expect((await screen.findAllByText(/You may not see/)).length).toBeGreaterThan(0);
  });
});

describe('the list of streams', () => {
  test('says when there are none, and when no domain could have one', async () => {
    renderPage(StreamsPage, {
      answer: (request) => (request.path.endsWith('categories') ? oneOfEach(request) : nothing()),
    });
    expect(await screen.findByText('No streams yet')).toBeTruthy();
    cleanup();
    renderPage(StreamsPage, { answer: nothing });
    expect(await screen.findByText('No categories')).toBeTruthy();
  });

  test('searches by the beginning of an id, which stands in the address', async () => {
    const page = renderPage(StreamsPage, { answer: oneOfEach });
    await userEvent.type(await screen.findByLabelText('Id begins with'), '01a');
    await waitFor(() => expect(page.address()).toBe('/?search=01a'));
    await waitFor(() => expect(page.fake.requests.at(-1)?.query.get('search')).toBe('01a'));
  });

  test('offers to clear a search that finds nothing', async () => {
    const answer = (request: Parameters<typeof oneOfEach>[0]) =>
      request.query.has('search') ? nothing() : oneOfEach(request);
    const page = renderPage(StreamsPage, { at: '/?search=zzz', answer });
    await userEvent.click(await screen.findByRole('button', { name: 'Clear filter' }));
    expect(await screen.findByText('AlertRuleChanged')).toBeTruthy();
    expect(page.address()).toBe('/');
  });
});

describe('a stream', () => {
  const stateNow = () => screen.findByRole('region', { name: /^State at version/ });

  test('shows its state with what the last event changed, in words and not by color alone', async () => {
    renderPage(StreamPage, { ...onStream, answer: oneOfEach });
    const state = await stateNow();
    expect(within(state).getAllByText(/changed/).length).toBe(2);
    expect(state.textContent).toContain('threshold: 2 → 3');
    expect(screen.getByText(/1 change\b/)).toBeTruthy();
  });

  test('goes back and forth between versions, and keeps the version in the address', async () => {
    const page = renderPage(StreamPage, { ...onStream, answer: oneOfEach });
    await userEvent.click(await screen.findByRole('button', { name: 'Previous version' }));
    await waitFor(() => expect(page.address()).toBe('/alert-rule/r1?version=2'));
    expect(await screen.findByRole('region', { name: 'State at version 2' })).toBeTruthy();
    fireEvent.change(screen.getByRole('slider'), { target: { value: '1' } });
    await waitFor(() => expect(page.address()).toBe('/alert-rule/r1?version=1'));
    const state = await screen.findByRole('region', { name: 'State at version 1' });
    expect(state.textContent).toContain('+ added rule');
    fireEvent.change(screen.getByRole('slider'), { target: { value: '3' } });
    await waitFor(() => expect(page.address()).toBe('/alert-rule/r1'));
  });

  test('shows only what changed where that is wished', async () => {
    renderPage(StreamPage, { ...onStream, at: '/alert-rule/r1?show=changes', answer: oneOfEach });
    const state = await stateNow();
    expect(state.textContent).not.toContain('period');
    expect(state.textContent).toContain('threshold');
  });

  test('lists its events, each with its data, its cause, its trace and the way to its lineage', async () => {
    renderPage(StreamPage, { ...onStream, answer: oneOfEach });
    await userEvent.click(await screen.findByRole('button', { name: /Details of event 2/ }));
    const data = screen.getByRole('region', { name: 'Data of AlertRuleChanged' });
    expect(data.textContent).toContain('threshold: 2');
    const links = screen.getAllByRole('link', { name: 'c-9' }).map((link) => link.getAttribute('href'));
    expect(new Set(links)).toEqual(new Set(['/events/lineage/c-9']));
    expect(screen.getByRole('link', { name: /^1-6b018280/ }).getAttribute('href')).toContain('/traces/1-6b');
  });

  test('says so when its state is folded from more events than are read', async () => {
    renderPage(StreamPage, {
      ...onStream,
      answer: (request) =>
        request.path.endsWith('/state')
          ? problem(409, 'stream-too-long', 'At most 10000 are read.')
          : oneOfEach(request),
    });
    expect(await screen.findByText(/At most 10000 are read/)).toBeTruthy();
    expect(await screen.findByRole('button', { name: /Details of event 3/ })).toBeTruthy();
  });
});

describe('a lineage', () => {
  test('shows reactions below the events that caused them', async () => {
    renderPage(LineagePage, { ...onLineage, answer: oneOfEach });
    const tree = await screen.findByRole('region', { name: 'Causation tree' });
    const defined = within(tree).getByRole('button', { name: 'AlertRuleDefined' }).closest('li');
    expect(defined?.textContent).toContain('Reaction by observability/record-alarm-state');
    expect(defined?.textContent).toContain('Applied by 1 of 1 read models');
    expect(within(tree).getByText('Applied by 0 of 1 read models')).toBeTruthy();
    expect(screen.getByText(/1 of 2 are behind, by at most 1 event/)).toBeTruthy();
  });

  test('shows what the chosen event did to each read model', async () => {
    const page = renderPage(LineagePage, { ...onLineage, answer: oneOfEach });
    expect(await screen.findByText('Changed the row: 1 change')).toBeTruthy();
    expect(screen.getByText('Made the row')).toBeTruthy();
    expect(screen.getByText('Refused the event')).toBeTruthy();
    expect(screen.getAllByText('1 event behind, at version 0').length).toBe(2);
    await userEvent.click(screen.getByRole('button', { name: 'AlertRaised' }));
    expect(page.address()).toBe('/c-9?event=alert%2Fa1%2F1');
    await waitFor(() =>
      expect(page.fake.requests.some(({ path }) => path.includes('alert/a1/events/1/effects'))).toBe(true),
    );
  });

  test('of which nothing was recorded still leads to traces and log lines', async () => {
    renderPage(LineagePage, { ...onLineage, answer: nothing });
    expect(await screen.findByText('No events under this id')).toBeTruthy();
    for (const name of ['Traces of this request', 'Log lines of this request'])
      expect(screen.getByRole('link', { name }).getAttribute('href')).toContain('request=c-9');
  });
});
