import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FakeRequest } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import { channel, oneOfEach } from '../testing.ts';
import ChannelPage from './channel-page.tsx';
import CreateChannelPage from './create-channel-page.tsx';
import EditChannelPage from './edit-channel-page.tsx';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const secret = 'whsec_c2VjcmV0';
const answer = (request: FakeRequest) =>
  request.method === 'GET'
    ? oneOfEach(request)
    : { body: { stream: 'notification-channel/c1', version: 9, secret } };

async function fill(label: string, text: string) {
  await userEvent.clear(screen.getByLabelText(label));
  await userEvent.click(screen.getByLabelText(label));
  await userEvent.paste(text);
}

describe('a new channel', () => {
  test('is not sent before it is complete', async () => {
    const page = renderPage(CreateChannelPage, { answer });
    await userEvent.click(screen.getByRole('button', { name: 'Create notification channel' }));
    expect(await screen.findByText('Enter a name.')).toBeTruthy();
    expect(screen.getByText(/Enter an https address/)).toBeTruthy();
    expect(page.fake.requests).toEqual([]);
  });

  test('shows its secret once, then the person goes on to the channel', async () => {
    const page = renderPage(CreateChannelPage, { answer });
    await fill('Name', 'On call');
    await fill('Address', channel.url);
    await userEvent.click(screen.getByRole('button', { name: 'Create notification channel' }));
    expect(await screen.findByText(secret)).toBeTruthy();
    expect(page.fake.requests[0]?.body).toMatchObject({
      name: 'On call',
      kind: 'webhook',
      url: channel.url,
      severities: ['critical', 'warning'],
      moments: ['raised', 'resolved'],
      consoleUrl: window.location.origin,
    });
    await userEvent.click(screen.getByRole('button', { name: 'I have kept it' }));
    expect(await screen.findByText('Another page')).toBeTruthy();
    expect(page.address()).toMatch(/notification-channels\/c1/);
    expect(JSON.stringify(page.store.getState())).not.toContain(secret);
  });
});

test('a changed channel is sent with the version that the form was filled from', async () => {
  const page = renderPage(EditChannelPage, { path: '/:notificationChannelId', at: '/c1', answer });
  await screen.findByLabelText('Name');
  await fill('Name', 'Night shift');
  await userEvent.click(screen.getByRole('button', { name: 'Save changes' }));
  const sent = page.fake.requests.find((each) => each.method === 'PUT');
  expect(sent?.headers.get('if-match')).toBe('"4"');
  expect(sent?.body).toMatchObject({ name: 'Night shift' });
});

describe('a channel', () => {
  const show = (more: object = {}) =>
    renderPage(ChannelPage, {
      path: '/:notificationChannelId',
      at: '/c1',
      answer: (request) =>
        request.method === 'GET' && request.path.endsWith('/c1')
          ? { body: { ...channel, ...more } }
          : answer(request),
    });

  test('is tested, and tells what the receiver answered', async () => {
    const at = '2026-11-21T09:00:00.000Z';
    const page = show({
      lastTest: { test: 1, requestedAt: at, at, outcome: 'delivered', status: 204, milliseconds: 12 },
    });
    expect(await screen.findByText('Answered 204 in 12 ms')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Send test' }));
    const sent = page.fake.requests.find((each) => each.method === 'POST');
    expect(sent?.path).toBe('observability/notification-channels/c1/test');
  });

  test('is deleted only when that is confirmed', async () => {
    const page = show();
    await userEvent.click(await screen.findByRole('button', { name: 'Actions' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    expect(page.fake.requests.every((each) => each.method === 'GET')).toBe(true);
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('Another page')).toBeTruthy();
    expect(page.messages()).toEqual(['Deleted notification channel On call']);
  });
});
