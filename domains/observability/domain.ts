import { allow, allowOn, domain } from '#shared/definition/domain.ts';
import { alert } from './alert/alert.ts';
import { alertEscalationProcess } from './alert-escalation-process/alert-escalation-process.ts';
import { alertNotification } from './alert-notification/alert-notification.ts';
import { alertRule } from './alert-rule/alert-rule.ts';
import { groupPrefixes } from './cloudwatch-logs/groups.ts';
import { acknowledgeAlert } from './commands/acknowledge-alert.ts';
import { changeAlertRule } from './commands/change-alert-rule.ts';
import { changeNotificationChannel } from './commands/change-notification-channel.ts';
import { commentOnAlert } from './commands/comment-on-alert.ts';
import { createNotificationChannel } from './commands/create-notification-channel.ts';
import { defineAlertRule } from './commands/define-alert-rule.ts';
import { deleteAlertRule } from './commands/delete-alert-rule.ts';
import { deleteNotificationChannel } from './commands/delete-notification-channel.ts';
import { disableAlertRule } from './commands/disable-alert-rule.ts';
import { disableNotificationChannel } from './commands/disable-notification-channel.ts';
import { enableAlertRule } from './commands/enable-alert-rule.ts';
import { enableNotificationChannel } from './commands/enable-notification-channel.ts';
import { rotateChannelSecret } from './commands/rotate-channel-secret.ts';
import { sendNotificationAgain } from './commands/send-notification-again.ts';
import { silenceAlert } from './commands/silence-alert.ts';
import { testNotificationChannel } from './commands/test-notification-channel.ts';
import { unsilenceAlert } from './commands/unsilence-alert.ts';
import { notificationChannel } from './notification-channel/notification-channel.ts';
import { continueLogQuery } from './queries/continue-log-query.ts';
import { countLogs } from './queries/count-logs.ts';
import { getAlert } from './queries/get-alert.ts';
import { getAlertRule } from './queries/get-alert-rule.ts';
import { getAlertSilence } from './queries/get-alert-silence.ts';
import { getCost } from './queries/get-cost.ts';
import { getForecast } from './queries/get-forecast.ts';
import { getLogContext } from './queries/get-log-context.ts';
import { getMetricData } from './queries/get-metric-data.ts';
import { getNotificationChannel } from './queries/get-notification-channel.ts';
import { getTrace } from './queries/get-trace.ts';
import { getUser } from './queries/get-user.ts';
import { listAlarms } from './queries/list-alarms.ts';
import { listAlertHistory } from './queries/list-alert-history.ts';
import { listAlertNotifications } from './queries/list-alert-notifications.ts';
import { listAlertRules } from './queries/list-alert-rules.ts';
import { listAlerts } from './queries/list-alerts.ts';
import { listChannelNotifications } from './queries/list-channel-notifications.ts';
import { listLogGroups } from './queries/list-log-groups.ts';
import { listMetrics } from './queries/list-metrics.ts';
import { listNotificationChannels } from './queries/list-notification-channels.ts';
import { listTraces } from './queries/list-traces.ts';
import { listUsers } from './queries/list-users.ts';
import { queryLogs } from './queries/query-logs.ts';
import { stopLogQuery } from './queries/stop-log-query.ts';
import { closeAlertOfDeletedRule } from './reactors/close-alert-of-deleted-rule.ts';
import { escalateAlert } from './reactors/escalate-alert.ts';
import { keepCloudwatchAlarm } from './reactors/keep-cloudwatch-alarm.ts';
import { notifyOfAlert } from './reactors/notify-of-alert.ts';
import { recordAlarmState } from './reactors/record-alarm-state.ts';
import { sendNotification } from './reactors/send-notification.ts';
import { sweepNotifications } from './reactors/sweep-notifications.ts';
import { testChannel } from './reactors/test-channel.ts';
import { alertEpisodes } from './read-models/alert-episodes.ts';
import { alertHistory } from './read-models/alert-history.ts';
import { alertNotifications } from './read-models/alert-notifications.ts';
import { alertRules } from './read-models/alert-rules.ts';
import { alertSilences } from './read-models/alert-silences.ts';
import { channelDeliveries } from './read-models/channel-deliveries.ts';
import { channels } from './read-models/channels.ts';
import { openNotifications } from './read-models/open-notifications.ts';

/** The installation's log groups and their streams. */
const logGroups = groupPrefixes('{environment}').map(
  (prefix) => `arn:aws:logs:{region}:{account}:log-group:${prefix}*`,
);

const userPool = 'arn:aws:cognito-idp:{region}:{account}:userpool/{userPool}';

export default domain('observability', {
  aggregates: { alertRule, alert, notificationChannel, alertNotification, alertEscalationProcess },
  commands: {
    defineAlertRule,
    changeAlertRule,
    disableAlertRule,
    enableAlertRule,
    deleteAlertRule,
    acknowledgeAlert,
    silenceAlert,
    unsilenceAlert,
    commentOnAlert,
    sendNotificationAgain,
    createNotificationChannel,
    changeNotificationChannel,
    rotateChannelSecret,
    disableNotificationChannel,
    enableNotificationChannel,
    deleteNotificationChannel,
    testNotificationChannel,
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
    getAlertSilence,
    listAlertNotifications,
    listNotificationChannels,
    getNotificationChannel,
    listChannelNotifications,
    listUsers,
    getUser,
    getCost,
    getForecast,
    queryLogs,
    countLogs,
    continueLogQuery,
    stopLogQuery,
    listLogGroups,
    getLogContext,
    listTraces,
    getTrace,
  },
  readModels: {
    alertRules,
    alertEpisodes,
    alertHistory,
    alertSilences,
    alertNotifications,
    openNotifications,
    channelDeliveries,
    channels,
  },
  reactors: {
    keepCloudwatchAlarm,
    recordAlarmState,
    closeAlertOfDeletedRule,
    notifyOfAlert,
    escalateAlert,
    sendNotification,
    sweepNotifications,
    testChannel,
  },
  permissions: {
    listMetrics: [allow('cloudwatch:ListMetrics')],
    getMetricData: [allow('cloudwatch:GetMetricData')],
    listAlarms: [allow('cloudwatch:DescribeAlarms')],
    queryLogs: [
      allow('logs:DescribeLogGroups', 'logs:GetQueryResults'),
      allowOn(logGroups, 'logs:StartQuery'),
    ],
    countLogs: [
      allow('logs:DescribeLogGroups', 'logs:GetQueryResults'),
      allowOn(logGroups, 'logs:StartQuery'),
    ],
    continueLogQuery: [allow('logs:GetQueryResults')],
    stopLogQuery: [allow('logs:StopQuery')],
    listLogGroups: [allow('logs:DescribeLogGroups')],
    getLogContext: [allowOn(logGroups, 'logs:GetLogEvents')],
    listTraces: [allow('xray:GetTraceSummaries')],
    getTrace: [allow('xray:BatchGetTraces')],
    listUsers: [allowOn([userPool], 'cognito-idp:ListUsers')],
    getUser: [allowOn([userPool], 'cognito-idp:AdminGetUser', 'cognito-idp:AdminListGroupsForUser')],
    getCost: [allow('ce:GetCostAndUsage')],
    getForecast: [allow('ce:GetCostForecast')],
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
