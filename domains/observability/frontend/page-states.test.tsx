import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentType } from 'react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problem } from '#shared/frontend/testing/fake-api.ts';
import { renderPage } from '#shared/frontend/testing/render-page.tsx';
import AlarmsPage from './alarms/alarms-page.tsx';
import AlertRulePage from './alert-rules/alert-rule-page.tsx';
import AlertRulesPage from './alert-rules/alert-rules-page.tsx';
import AlertPage from './alerts/alert-page.tsx';
import AlertsPage from './alerts/alerts-page.tsx';
import MetricsPage from './metrics/metrics-page.tsx';
import ChannelPage from './notification-channels/channel-page.tsx';
import ChannelsPage from './notification-channels/channels-page.tsx';
import OpenAlertsPanel from './overview/open-alerts-panel.tsx';
import PlatformHealthPanel from './overview/platform-health-panel.tsx';
import RecentAlertsPanel from './overview/recent-alerts-panel.tsx';
import { alert, nothing, oneOfEach } from './testing.ts';

interface Case {
  Page: ComponentType;
  path?: string;
  at?: string;
  loading: RegExp;
  full: RegExp;
  empty?: RegExp;
}

const chosen = JSON.stringify([
  { id: 'm1', namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: {}, statistic: 'Sum' },
]);

const cases: Record<string, Case> = {
  alarms: {
    Page: AlarmsPage,
    loading: /Loading alarms/,
    full: /skafu-local-alert-main-r1/,
    empty: /No alarms/,
  },
  'alert rules': {
    Page: AlertRulesPage,
    loading: /Loading alert rules/,
    full: /2 of 3 periods/,
    empty: /No alert rules/,
  },
  'alert rule': {
    Page: AlertRulePage,
    path: '/:alertRuleId',
    at: '/r1',
    loading: /Loading the alert rule/,
    full: /2 of 3 periods/,
  },
  alerts: { Page: AlertsPage, loading: /Loading alerts/, full: /Functions fail/, empty: /No open alerts/ },
  'past alerts': {
    Page: AlertsPage,
    at: '/?tab=past',
    loading: /Loading alerts/,
    full: /No past alerts/,
    empty: /No past alerts/,
  },
  alert: {
    Page: AlertPage,
    path: '/:alertId',
    at: '/r1?episode=2',
    loading: /Loading the alert…/,
    full: /Threshold crossed/,
  },
  'alert of no named episode': {
    Page: AlertPage,
    path: '/:alertId',
    at: '/r1',
    loading: /Loading the alert…/,
    full: /Threshold crossed/,
  },
  'notification channels': {
    Page: ChannelsPage,
    loading: /Loading notification channels/,
    full: /1 of the latest 25 failed/,
    empty: /No notification channels/,
  },
  'notification channel': {
    Page: ChannelPage,
    path: '/:notificationChannelId',
    at: '/c1',
    loading: /Loading the notification channel/,
    full: /Failed, given up/,
  },
  metrics: {
    Page: MetricsPage,
    at: `/?series=${encodeURIComponent(chosen)}`,
    loading: /Loading metrics/,
    full: /one value for each/,
  },
  'open alerts panel': {
    Page: OpenAlertsPanel,
    loading: /Loading alerts/,
    full: /Functions fail/,
    empty: /No open alerts/,
  },
  'platform health': {
    Page: PlatformHealthPanel,
    loading: /Loading platform health/,
    full: /Lambda errors/,
    empty: /No metrics yet/,
  },
};

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe.each(Object.entries(cases))('%s', (_, { Page, loading, full, empty: _empty, ...mount }) => {
  test('say that they are loading', async () => {
    renderPage(Page, { ...mount, answer: () => 'never' });
    expect((await screen.findAllByText(loading)).length).toBeGreaterThan(0);
  });

  test('show what there is', async () => {
    renderPage(Page, { ...mount, answer: oneOfEach });
    expect((await screen.findAllByText(full)).length).toBeGreaterThan(0);
    expect(screen.queryByText(/Could not load/)).toBeNull();
  });

  test('say why they failed, and come back with Retry', async () => {
    const page = renderPage(Page, {
      ...mount,
      answer: () => problem(503, 'unavailable', 'Ask again later.'),
    });
    expect((await screen.findAllByText(/Ask again later/)).length).toBeGreaterThan(0);
    expect(screen.getAllByText(/Correlation id c-1/).length).toBeGreaterThan(0);
    page.fake.answer = oneOfEach;
    const [retry] = screen.getAllByRole('button', { name: 'Retry' });
    if (retry) await userEvent.click(retry);
    expect((await screen.findAllByText(full)).length).toBeGreaterThan(0);
  });

  test('say when the person may not see them, and do not offer to try again', async () => {
    renderPage(Page, { ...mount, answer: () => problem(403, 'forbidden', 'Only for the installation.') });
    expect((await screen.findAllByText(/You may not see/)).length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
  });
});

const lists = Object.entries(cases).flatMap(([name, { Page, at, empty }]) =>
  empty ? [{ name, Page, at, empty }] : [],
);

test.each(lists)('$name say when there is nothing yet', async ({ Page, at, empty }) => {
  renderPage(Page, { ...(at ? { at } : {}), answer: nothing });
  expect((await screen.findAllByText(empty)).length).toBeGreaterThan(0);
});

test('a filter that lets nothing through offers to clear it', async () => {
  const page = renderPage(AlertRulesPage, { at: '/?find=nonsense', answer: oneOfEach });
  await userEvent.click(await screen.findByRole('button', { name: 'Clear filter' }));
  expect(await screen.findByText('Functions fail')).toBeTruthy();
  expect(page.address()).toBe('/');
});

test('the filter of the alarms is asked of the API and stands in the address', async () => {
  const page = renderPage(AlarmsPage, { at: '/?state=ALARM&prefix=skafu-', answer: oneOfEach });
  await screen.findByText('skafu-local-alert-main-r1');
  await waitFor(() => expect(page.fake.requests.at(-1)?.query.get('state')).toBe('ALARM'));
  expect(page.fake.requests.at(-1)?.query.get('prefix')).toBe('skafu-');
});

test('people who may not change rules see why', async () => {
  renderPage(AlertRulesPage, { roles: ['viewer'], answer: nothing });
  expect((await screen.findAllByText(/Only operators and administrators/)).length).toBeGreaterThan(0);
});

test('an alert without a named episode is asked for its latest', async () => {
  const page = renderPage(AlertPage, { path: '/:alertId', at: '/r1', answer: oneOfEach });
  expect(await screen.findByText('Episode 2')).toBeTruthy();
  const asked = page.fake.requests.find((each) => each.path === 'observability/alerts/r1');
  expect(asked?.query.has('episode')).toBe(false);
});

test('the health of the platform is that of the running minute and the 59 before it', async () => {
  const page = renderPage(PlatformHealthPanel, { answer: oneOfEach });
  await screen.findByText('Lambda errors');
  const asked = page.fake.requests.find((each) => each.path === 'observability/metrics/data')?.query;
  const [from, to] = [Date.parse(asked?.get('from') ?? ''), Date.parse(asked?.get('to') ?? '')];
  expect(to).toBeLessThanOrEqual(Date.now());
  expect([from % 60_000, Math.floor((to - from) / 60_000)]).toEqual([0, 59]);
});

test('what was resolved last stands first among the recent alerts', async () => {
  const past = ['09:00', '11:00', '10:00'].map((time) => ({
    ...alert,
    alertId: time,
    ruleName: `Until ${time}`,
    status: 'resolved',
    resolvedAt: `2026-11-21T${time}:00.000Z`,
  }));
  renderPage(RecentAlertsPanel, { answer: () => ({ body: { items: past } }) });
  const names = (await screen.findAllByText(/^Until /)).map((each) => each.textContent);
  expect(names).toEqual(['Until 11:00', 'Until 10:00', 'Until 09:00']);
});
