import { defineDomain } from '#shared/frontend/manifest.ts';
import { allRoles, operators } from '#shared/frontend/roles.ts';

export default defineDomain({
  name: 'observability',
  title: 'Observability',
  pages: [
    {
      path: 'metrics',
      title: 'Metrics',
      roles: allRoles,
      navigation: { section: 'Observe', order: 10 },
      load: () => import('./metrics/metrics-page.tsx'),
    },
    {
      path: 'alarms',
      title: 'Alarms',
      roles: allRoles,
      navigation: { section: 'Observe', order: 20 },
      load: () => import('./alarms/alarms-page.tsx'),
    },
    {
      path: 'logs',
      title: 'Logs',
      roles: allRoles,
      navigation: { section: 'Observe', order: 30 },
      load: () => import('./logs/logs-page.tsx'),
    },
    {
      path: 'alerts',
      title: 'Alerts',
      roles: allRoles,
      navigation: { section: 'Respond', order: 10 },
      load: () => import('./alerts/alerts-page.tsx'),
    },
    {
      path: 'alerts/:alertId',
      title: 'Alert',
      roles: allRoles,
      load: () => import('./alerts/alert-page.tsx'),
    },
    {
      path: 'alert-rules',
      title: 'Alert rules',
      roles: allRoles,
      navigation: { section: 'Respond', order: 20 },
      load: () => import('./alert-rules/alert-rules-page.tsx'),
    },
    {
      path: 'alert-rules/new',
      title: 'Create alert rule',
      roles: operators,
      load: () => import('./alert-rules/create-alert-rule-page.tsx'),
    },
    {
      path: 'alert-rules/:alertRuleId',
      title: 'Alert rule',
      roles: allRoles,
      load: () => import('./alert-rules/alert-rule-page.tsx'),
    },
    {
      path: 'alert-rules/:alertRuleId/edit',
      title: 'Edit',
      roles: operators,
      load: () => import('./alert-rules/edit-alert-rule-page.tsx'),
    },
    {
      path: 'finance/cost',
      title: 'Cost',
      roles: ['developer', 'operator', 'admin'],
      navigation: { section: 'Finance', order: 10 },
      load: () => import('./finance/cost-page.tsx'),
    },
    {
      path: 'finance/forecast',
      title: 'Forecast',
      roles: ['developer', 'operator', 'admin'],
      navigation: { section: 'Finance', order: 20 },
      load: () => import('./finance/forecast-page.tsx'),
    },
    {
      path: 'users',
      title: 'Users',
      roles: ['admin'],
      navigation: { section: 'Administer', order: 10 },
      load: () => import('./users/users-page.tsx'),
    },
    {
      path: 'users/:username',
      title: 'User',
      roles: ['admin'],
      load: () => import('./users/user-page.tsx'),
    },
  ],
  overview: [
    {
      id: 'platform-health',
      order: 10,
      width: 'full',
      roles: allRoles,
      load: () => import('./overview/platform-health-panel.tsx'),
    },
    {
      id: 'open-alerts',
      order: 20,
      width: 'half',
      roles: allRoles,
      load: () => import('./overview/open-alerts-panel.tsx'),
    },
    {
      id: 'recent-alerts',
      order: 30,
      width: 'half',
      roles: allRoles,
      load: () => import('./overview/recent-alerts-panel.tsx'),
    },
  ],
  companions: [{ id: 'alert-watch', roles: allRoles, load: () => import('./alerts/alert-watch.tsx') }],
});
