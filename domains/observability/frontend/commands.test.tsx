import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import CreateAlertRulePage from './alert-rules/create-alert-rule-page.tsx';
import EditAlertRulePage from './alert-rules/edit-alert-rule-page.tsx';
import AlertPage from './alerts/alert-page.tsx';
import AlertWatch from './alerts/alert-watch.tsx';
import { observability } from './api.ts';
import { alert, oneOfEach, rule } from './testing.ts';

beforeEach(() => localStorage.clear());
afterEach(cleanup);

const proposed = `/?metric=${encodeURIComponent(JSON.stringify(rule.metric))}&statistic=Sum`;

describe('a new alert rule', () => {
  test('is not sent before it is complete, and each field says what it lacks', async () => {
    const page = renderPage(CreateAlertRulePage, { answer: oneOfEach });
    await userEvent.click(screen.getByRole('button', { name: 'Create alert rule' }));
    expect(await screen.findByText('Enter a name.')).toBeTruthy();
    expect(screen.getByText('Enter a number, such as 5 or 0.25.')).toBeTruthy();
    expect(screen.getByText('Choose a namespace and a metric.')).toBeTruthy();
    expect(page.fake.requests.every((each) => each.method === 'GET')).toBe(true);
  });

  test('names the choice of severity once, for eyes and for screen readers', () => {
    renderPage(CreateAlertRulePage, { answer: oneOfEach });
    expect(screen.getAllByText('Severity')).toHaveLength(1);
    expect(screen.getByRole('toolbar', { name: 'Severity' })).toBeTruthy();
    expect(screen.getByRole('button', { name: /^Severity/ })).toBeTruthy();
  });

  test('is sent with the metric it was proposed for, and the person goes on to the list', async () => {
    const page = renderPage(CreateAlertRulePage, { at: proposed, answer: oneOfEach });
    await userEvent.type(screen.getByLabelText('Name'), 'Too many errors');
    await userEvent.type(screen.getByLabelText('Threshold'), '5');
    page.fake.answer = (request) =>
      request.method === 'POST' ? { body: { stream: 'alert-rule/r9', version: 1 } } : oneOfEach(request);
    await userEvent.click(screen.getByRole('button', { name: 'Create alert rule' }));
    expect(await screen.findByText('Another page')).toBeTruthy();
    const sent = page.fake.requests.find((each) => each.method === 'POST');
    expect(sent?.body).toMatchObject({
      name: 'Too many errors',
      metric: rule.metric,
      statistic: 'Sum',
      threshold: 5,
    });
    expect(sent?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
    expect(page.messages()).toEqual(['Created alert rule Too many errors']);
  });

  test('shows beside the field what the API finds wrong with it', async () => {
    const page = renderPage(CreateAlertRulePage, { at: proposed, answer: oneOfEach });
    await userEvent.type(screen.getByLabelText('Name'), 'x');
    await userEvent.type(screen.getByLabelText('Threshold'), '5');
    const errors = [{ pointer: '#/name', detail: 'is taken by another rule' }];
    page.fake.answer = (request) =>
      request.method === 'POST'
        ? problem(400, 'invalid', 'The rule is invalid.', errors)
        : oneOfEach(request);
    await userEvent.click(screen.getByRole('button', { name: 'Create alert rule' }));
    expect(await screen.findByText('is taken by another rule')).toBeTruthy();
  });
});

test('a changed rule is sent with the version that the form was filled from', async () => {
  const page = renderPage(EditAlertRulePage, { path: '/:alertRuleId', at: '/r1', answer: oneOfEach });
  const name = await screen.findByLabelText('Name');
  await userEvent.type(name, '!');
  page.fake.answer = (request) =>
    request.method === 'PUT' ? problem(412, 'version', 'It is at version 8.') : oneOfEach(request);
  await userEvent.click(screen.getByRole('button', { name: 'Save changes' }));
  expect(await screen.findByText('Somebody else changed this rule')).toBeTruthy();
  const sent = page.fake.requests.find((each) => each.method === 'PUT');
  expect(sent?.headers.get('if-match')).toBe('"7"');
  expect(sent?.body).toMatchObject({ name: `${rule.name}!` });
});

describe('an open alert', () => {
  test('is acknowledged with a note, and shown at once as acknowledged', async () => {
    const page = renderPage(AlertPage, { path: '/:alertId', at: '/r1?episode=2', answer: oneOfEach });
    await userEvent.click(await screen.findByRole('button', { name: 'Acknowledge Functions fail' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), 'rolling back');
    page.fake.answer = (request) => {
      if (request.method === 'POST') return { body: { stream: 'alert/r1', version: 4 } };
      if (request.path === 'observability/alerts/r1') {
        return {
          body: { ...alert, acknowledgedAt: alert.raisedAt, acknowledgedBy: { type: 'user', id: 'me' } },
        };
      }
      return oneOfEach(request);
    };
    await userEvent.click(within(dialog).getByRole('button', { name: 'Acknowledge' }));
    expect(await screen.findByText('Open, acknowledged')).toBeTruthy();
    const posted = page.fake.requests.findIndex((each) => each.method === 'POST');
    expect(page.fake.requests[posted]?.body).toEqual({ episode: 2, note: 'rolling back' });
    const later = page.fake.requests.slice(posted).find((each) => each.path === 'observability/alerts/r1');
    expect(later?.query.get('atLeast')).toBe('alert/r1:4');
  });

  test('keeps what was typed when the API refuses it, and says why', async () => {
    const page = renderPage(AlertPage, { path: '/:alertId', at: '/r1?episode=2', answer: oneOfEach });
    await userEvent.click(await screen.findByRole('button', { name: 'Acknowledge Functions fail' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), 'late');
    page.fake.answer = (request) =>
      request.method === 'POST'
        ? problem(409, 'alert-not-open', 'It is resolved already.')
        : oneOfEach(request);
    await userEvent.click(within(dialog).getByRole('button', { name: 'Acknowledge' }));
    expect(await within(dialog).findByText(/It is resolved already/)).toBeTruthy();
    expect(within(dialog).getByDisplayValue('late')).toBeTruthy();
  });

  test('cannot be acknowledged by those who may only read', async () => {
    renderPage(AlertPage, { path: '/:alertId', at: '/r1?episode=2', roles: ['viewer'], answer: oneOfEach });
    const button = await screen.findByRole('button', { name: /Acknowledge Functions fail/ });
    expect(button.getAttribute('aria-disabled')).toBe('true');
  });
});

test('an alert that is raised while the console is open is announced, and those from before are not', async () => {
  const open = [{ ...alert, episode: 1, ruleName: 'Old news' }];
  const page = renderPage(AlertWatch, { answer: () => ({ body: { items: open } }) });
  await waitFor(() => expect(page.fake.requests).toHaveLength(1));
  open.unshift(alert);
  page.store.dispatch(observability.util.invalidateTags(['alert']));
  await waitFor(() => expect(page.messages()).toEqual(['Critical alert raised: Functions fail']));
});
