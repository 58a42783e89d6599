import type { AccessReport } from '../../core/cloud.ts';
import type { View } from '../../core/view.ts';

/** Resources of one action that are named. */
const most = 3;

/** Grants of one role and action together. */
function joined(grants: ReturnType<AccessReport['unused']>) {
  const byAction = new Map<string, { role: string; action: string; resources: string[] }>();
  for (const { role, action, resource } of grants) {
    const key = `${role} ${action}`;
    const one = byAction.get(key) ?? { role, action, resources: [] };
    one.resources.push(resource);
    byAction.set(key, one);
  }
  return [...byAction.values()];
}

/** What the policies refused, and what they allow without need. */
export function accessView(report: AccessReport): View {
  return {
    id: 'access',
    title: 'Access',
    about:
      'What the policies of the Terraform refused since the start, and what they allow that was never needed.',
    show() {
      return [
        {
          kind: 'table',
          title: 'Refused calls',
          columns: ['Caller', 'Action', 'Resource', 'Reason', 'Times', 'Last'],
          rows: report
            .denied()
            .map(({ who, action, resource, reason, count, lastAt }) => [
              who,
              { text: action, tone: 'bad' },
              resource,
              reason,
              count,
              lastAt,
            ]),
          empty: 'Nothing was refused.',
        },
        {
          kind: 'table',
          title: 'Grants never used',
          about:
            'Uses are remembered over restarts. A grant that stays here after everything was tried may be one too many.',
          columns: ['Role', 'Action', 'Resources'],
          rows: joined(report.unused()).map(({ role, action, resources }) => [
            role,
            action,
            resources.length > most
              ? `${resources.slice(0, most).join(', ')} and ${resources.length - most} more`
              : resources.join(', '),
          ]),
          empty: 'Every grant was used at least once.',
        },
      ];
    },
  };
}
