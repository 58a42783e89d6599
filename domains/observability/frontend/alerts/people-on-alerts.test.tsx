import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FakeRequest } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import { alert, notification, oneOfEach } from '../testing.ts';
import AlertPage from './alert-page.tsx';
import AlertsPage from './alerts-page.tsx';
import { LinkedText } from './linked-text.tsx';
import { untilError, untilOf } from './silence-until.ts';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const silence = {
  alertId: 'r1',
  until: '2026-11-21T18:00:00.000Z',
  reason: 'the relay is being deployed',
  silencedAt: alert.raisedAt,
  silencedBy: { type: 'user', id: 'me' },
};
const silenced = { ...alert, silence };
const command = (request: FakeRequest) =>
  request.method === 'GET' ? oneOfEach(request) : { body: { stream: 'alert/r1', version: 9 } };
const showAlert = (roles?: ['viewer']) =>
  renderPage(AlertPage, {
    path: '/:alertId',
    at: '/r1?episode=2',
    answer: command,
    ...(roles ? { roles } : {}),
  });

describe('silencing', () => {
  test('takes a length and a reason, and says until when', async () => {
    const page = showAlert();
    await userEvent.click(await screen.findByRole('button', { name: 'Silence Functions fail' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Silence' }));
    expect(await within(dialog).findByText('Enter a reason.')).toBeTruthy();
    await userEvent.click(within(dialog).getByLabelText('Reason'));
    await userEvent.paste('deploying');
    const before = Date.now();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Silence' }));
    await screen.findByText('Functions fail');
    const sent = page.fake.requests.find((each) => each.method === 'POST');
    expect(sent?.path).toBe('observability/alerts/r1/silence');
    const { until, reason } = (sent?.body ?? {}) as { until: string; reason: string };
    expect(reason).toBe('deploying');
    expect(Math.round((Date.parse(until) - before) / 60_000)).toBe(60);
    expect(page.messages()[0]).toMatch(/^Silenced until .*: Functions fail$/);
  });

  test('is ended early from the page, which tells why it was', async () => {
    const page = renderPage(AlertPage, {
      path: '/:alertId',
      at: '/r1?episode=2',
      answer: (request) =>
        request.path === 'observability/alerts/r1' && request.method === 'GET'
          ? { body: silenced }
          : command(request),
    });
    expect(await screen.findByText(/By you: the relay is being deployed/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'End the silence of Functions fail' }));
    const sent = page.fake.requests.find((each) => each.method === 'DELETE');
    expect(sent?.path).toBe('observability/alerts/r1/silence');
  });

  test('is not for those who may only read', async () => {
    showAlert(['viewer']);
    const button = await screen.findByRole('button', { name: /Silence Functions fail/ });
    expect(button.getAttribute('aria-disabled')).toBe('true');
  });

  test('means wall-clock time in the zone of the page, also across a change of clocks', () => {
    const now = Date.parse('2026-10-24T12:00:00.000Z');
    const at = (date: string, time: string) => untilOf({ preset: 'until', date, time }, 'Europe/Berlin', now);
    expect(at('2026-10-24', '20:00')).toBe('2026-10-24T18:00:00.000Z');
    expect(at('2026-10-26', '20:00')).toBe('2026-10-26T19:00:00.000Z');
    expect(at('', '20:00')).toBeUndefined();
    const wrong = (date: string) => untilError({ preset: 'until', date, time: '08:00' }, 'UTC', now);
    expect(wrong('2026-10-24')).toMatch(/future/);
    expect(wrong('2026-12-24')).toMatch(/30 days/);
    expect(wrong('2026-10-25')).toBe('');
  });
});

describe('the list of alerts', () => {
  const both = [silenced, { ...alert, alertId: 'r2', ruleName: 'Queue is long' }];
  const answer = (request: FakeRequest) =>
    request.path === 'observability/alerts' ? { body: { items: both } } : oneOfEach(request);

  test('marks silenced ones, and leaves them visible', async () => {
    renderPage(AlertsPage, { answer });
    expect(await screen.findByText(/Silenced until/)).toBeTruthy();
    expect(screen.getByText('Queue is long')).toBeTruthy();
  });

  test.each([
    ['no', 'Queue is long', 'Functions fail'],
    ['yes', 'Functions fail', 'Queue is long'],
  ])('is filtered by the address: silenced=%s', async (value, shown, hidden) => {
    renderPage(AlertsPage, { at: `/?silenced=${value}`, answer });
    expect(await screen.findByText(shown)).toBeTruthy();
    expect(screen.queryByText(hidden)).toBeNull();
  });
});

describe('a comment', () => {
  test('is sent for the episode that is shown, and the box is empty again', async () => {
    const page = showAlert();
    const box = await screen.findByLabelText('Comment on episode 2');
    await userEvent.click(screen.getByRole('button', { name: 'Add comment' }));
    expect(await screen.findByText('Enter a comment.')).toBeTruthy();
    await userEvent.click(box);
    await userEvent.paste('rolling back');
    await userEvent.click(screen.getByRole('button', { name: 'Add comment' }));
    const sent = page.fake.requests.find((each) => each.method === 'POST');
    expect(sent?.body).toEqual({ episode: 2, text: 'rolling back' });
    expect(await screen.findByDisplayValue('')).toBeTruthy();
  });

  test('is plain text: only web addresses can be clicked', () => {
    const text = 'see https://example.com/a?b=1. <img src=x onerror=alert(1)> javascript:alert(1) http://[';
    const { container } = render(<LinkedText text={text} />);
    const links = [...container.querySelectorAll('a')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(['https://example.com/a?b=1']);
    expect(container.querySelector('img')).toBeNull();
    expect(container.textContent).toContain('<img src=x onerror=alert(1)> javascript:alert(1) http://[');
  });
});

test('a notification that failed tells why, and is sent again', async () => {
  const page = showAlert();
  expect(await screen.findByText('The receiver answered 503.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: `Send again to ${notification.channelName}` }));
  const sent = page.fake.requests.find((each) => each.method === 'POST');
  expect(sent?.path).toBe('observability/alert-notifications/n1/send-again');
});
