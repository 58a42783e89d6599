import { allow, allowOn, domain } from '#shared/definition/domain.ts';
import { alert } from './alert/alert.ts';
import { alertRule } from './alert-rule/alert-rule.ts';
import { acknowledgeAlert } from './commands/acknowledge-alert.ts';
import { changeAlertRule } from './commands/change-alert-rule.ts';
import { defineAlertRule } from './commands/define-alert-rule.ts';
import { deleteAlertRule } from './commands/delete-alert-rule.ts';
import { disableAlertRule } from './commands/disable-alert-rule.ts';
import { enableAlertRule } from './commands/enable-alert-rule.ts';
import { getAlert } from './queries/get-alert.ts';
import { getAlertRule } from './queries/get-alert-rule.ts';
import { getMetricData } from './queries/get-metric-data.ts';
import { listAlarms } from './queries/list-alarms.ts';
import { listAlertHistory } from './queries/list-alert-history.ts';
import { listAlertRules } from './queries/list-alert-rules.ts';
import { listAlerts } from './queries/list-alerts.ts';
import { listMetrics } from './queries/list-metrics.ts';
import { closeAlertOfDeletedRule } from './reactors/close-alert-of-deleted-rule.ts';
import { keepCloudwatchAlarm } from './reactors/keep-cloudwatch-alarm.ts';
import { recordAlarmState } from './reactors/record-alarm-state.ts';
import { alertEpisodes } from './read-models/alert-episodes.ts';
import { alertHistory } from './read-models/alert-history.ts';
import { alertRules } from './read-models/alert-rules.ts';

export default domain('observability', {
  aggregates: { alertRule, alert },
  commands: {
    defineAlertRule,
    changeAlertRule,
    disableAlertRule,
    enableAlertRule,
    deleteAlertRule,
    acknowledgeAlert,
  },
  queries: {
    listMetrics,
    getMetricData,
    listAlarms,
    listAlertRules,
    getAlertRule,
    listAlerts,
    getAlert,
    listAlertHistory,
  },
  readModels: { alertRules, alertEpisodes, alertHistory },
  reactors: { keepCloudwatchAlarm, recordAlarmState, closeAlertOfDeletedRule },
  permissions: {
    listMetrics: [allow('cloudwatch:ListMetrics')],
    getMetricData: [allow('cloudwatch:GetMetricData')],
    listAlarms: [allow('cloudwatch:DescribeAlarms')],
    recordAlarmState: [allow('cloudwatch:DescribeAlarms')],
    keepCloudwatchAlarm: [
      allow('cloudwatch:DescribeAlarms'),
      allowOn(
        ['arn:aws:cloudwatch:{region}:{account}:alarm:skafu-{environment}-alert-*'],
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:DeleteAlarms',
      ),
    ],
  },
});
