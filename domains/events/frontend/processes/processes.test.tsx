import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeAnswer, type FakeRequest, problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import ProcessesPage, { Help } from './processes-page.tsx';
import type { Process } from './types.ts';

const process: Process = {
  processId: 'p1',
  domain: 'observability',
  type: 'alert-escalation-process',
  subject: { type: 'alert', id: 'a1' },
  key: '3',
  status: 'running',
  startedAt: '2026-11-21T08:00:00.000Z',
  changedAt: '2026-11-21T09:00:00.000Z',
  correlationId: 'correlation-1',
  done: [{ step: 'tellChannel', on: 'c1' }],
  version: 4,
};
const { waiting, failing, busy, between, ended, failed } = {
  waiting: { ...process, waitingFor: 'somebody to acknowledge the alert', until: '2026-11-21T10:00:00.000Z' },
  failing: {
    ...process,
    processId: 'p2',
    done: [],
    step: { step: 'tellChannel', on: 'c1', attempt: 2 },
    reason: 'The receiver is down.',
  },
  busy: { ...process, processId: 'p3', step: { step: 'tellChannel', attempt: 1 } },
  between: { ...process, processId: 'p4', status: 'compensating' as const },
  ended: {
    ...process,
    processId: 'p5',
    status: 'compensated' as const,
    reason: 'The alert was acknowledged.',
  },
  failed: { ...process, processId: 'p6', status: 'failed' as const, reason: 'The step tellChannel failed.' },
};
const answer = ({ query }: FakeRequest): FakeAnswer => ({
  body: {
    items: query.get('status') === 'ended' ? [ended, failed] : [waiting, failing, busy, between],
  },
});

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe('the page of processes', () => {
  test('says what each waits for, and leads to what it remembers, what it is about, and its lineage', async () => {
    renderPage(ProcessesPage, { answer });
    expect(await screen.findByText('It waits for somebody to acknowledge the alert.')).toBeTruthy();
    const [name] = screen.getAllByRole('link', { name: 'Alert escalation' });
    expect(name?.getAttribute('href')).toBe('/events/streams/alert-escalation-process/p1');
    const [about] = screen.getAllByRole('link', { name: 'Alert a1, 3' });
    expect(about?.getAttribute('href')).toBe('/events/streams/alert/a1');
    const [lineage] = screen.getAllByRole('link', { name: 'Lineage' });
    expect(lineage?.getAttribute('href')).toBe('/events/lineage/correlation-1');
    expect(screen.getByText('Waiting')).toBeTruthy();
    expect(screen.getAllByText('Tell channel').length).toBeGreaterThan(0);
  });

  test('tells apart those that are at a step, whose step failed, and that are about to go on', async () => {
    renderPage(ProcessesPage, { answer });
    expect(await screen.findByText('Tell channel: The receiver is down.')).toBeTruthy();
    expect(screen.getByText('Attempt 2 failed')).toBeTruthy();
    expect(screen.getByText('Tell channel is being done.')).toBeTruthy();
    expect(screen.getByText('It is about to go on.')).toBeTruthy();
    expect(screen.getByText('Being undone')).toBeTruthy();
  });

  test('keeps those that are over apart, in the address, with why', async () => {
    const page = renderPage(ProcessesPage, { answer });
    await userEvent.click(await screen.findByRole('tab', { name: 'Ended' }));
    expect(await screen.findByText('The alert was acknowledged.')).toBeTruthy();
    expect(screen.getAllByText('Why it ended').length).toBeGreaterThan(0);
    expect(screen.getByText('Undone')).toBeTruthy();
    expect(screen.getByText('Failed')).toBeTruthy();
    expect(page.address()).toContain('status=ended');
  });

  test('says when there is none, and why they could not be had', async () => {
    renderPage(ProcessesPage, { answer: () => ({ body: { items: [] } }) });
    expect(await screen.findByText('No running processes')).toBeTruthy();
    cleanup();
    renderPage(ProcessesPage, { answer: () => problem(500, 'unexpected', 'Our fault') });
    expect(await screen.findByText('Could not load processes')).toBeTruthy();
  });

  test('is explained', () => {
    renderPage(Help, { answer });
    expect(screen.getByText('Looks again')).toBeTruthy();
  });
});
