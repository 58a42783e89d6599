import type { AccessReport } from '../../core/cloud.ts';
import type { View } from '../../core/view.ts';

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
          columns: ['Role', 'Action', 'Resource'],
          rows: report.unused().map(({ role, action, resource }) => [role, action, resource]),
          empty: 'Every grant was used at least once.',
        },
      ];
    },
  };
}
