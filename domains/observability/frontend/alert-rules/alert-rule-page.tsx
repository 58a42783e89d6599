import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import HelpPanel from '@cloudscape-design/components/help-panel';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useIdentity, useMay } from '#shared/frontend/identity.ts';
import { PageButton, PageLink } from '#shared/frontend/links.tsx';
import { Failed, Loading } from '#shared/frontend/page-states.tsx';
import { requestPaths } from '#shared/frontend/request-paths.ts';
import { operators } from '#shared/frontend/roles.ts';
import { Timestamp } from '#shared/frontend/timestamp.tsx';
import { useAlertSilenceQuery } from '../alerts/response-api.ts';
import { SilenceButton, UnsilenceButton } from '../alerts/silence-controls.tsx';
import { alertPolling, useAlertRuleQuery } from '../api.ts';
import { EnabledIndicator, SeverityBadge } from '../indicators.tsx';
import { unitOf } from '../metric-unit.ts';
import { paths } from '../paths.ts';
import type { AlertRule } from '../types.ts';
import { actorText, conditionText, evaluationText, metricText, missingDataWords } from '../words.ts';
import { DeleteRuleModal } from './delete-rule-modal.tsx';
import { useSwitchRule } from './rule-commands.ts';
import { RulePreview } from './rule-preview.tsx';

const onlyOperators = 'Only operators and administrators change alert rules.';

/** One alert rule: what it watches, and how the metric stands against its line. */
export default function AlertRulePage() {
  const { alertRuleId = '' } = useParams();
  const [deleted, setDeleted] = useState(false);
  const query = useAlertRuleQuery(alertRuleId, { skip: deleted, refetchOnMountOrArgChange: true });
  const rule = query.currentData;
  if (!rule) {
    return query.error ? (
      <Failed what="alert rules" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="the alert rule" />
    );
  }
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={rule.description ?? ''}
          actions={<RuleButtons rule={rule} onDeleted={() => setDeleted(true)} />}
        >
          {rule.name}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">Rule</Header>}>
          <Summary rule={rule} />
        </Container>
        <Container header={<Header variant="h2">Metric and threshold</Header>}>
          <RulePreview definition={rule} />
        </Container>
      </SpaceBetween>
    </ContentLayout>
  );
}

function RuleButtons({ rule, onDeleted }: { rule: AlertRule; onDeleted: () => void }) {
  const may = useMay(operators);
  const silence = useAlertSilenceQuery(rule.alertRuleId, alertPolling).currentData?.silence;
  const [deleting, setDeleting] = useState(false);
  const [switchRule, switching] = useSwitchRule();
  const navigate = useNavigate();
  const guard = { disabled: !may, disabledReason: onlyOperators };
  return (
    <>
      <SpaceBetween direction="horizontal" size="xs">
        <Button {...guard} onClick={() => setDeleting(true)}>
          Delete
        </Button>
        <UnsilenceButton alertId={rule.alertRuleId} name={rule.name} silence={silence} />
        <SilenceButton alertId={rule.alertRuleId} name={rule.name} silence={silence} />
        <Button {...guard} loading={switching} onClick={() => void switchRule(rule)}>
          {rule.enabled ? 'Disable' : 'Enable'}
        </Button>
        <PageButton {...guard} variant="primary" to={paths.editAlertRule(rule.alertRuleId)}>
          Edit
        </PageButton>
      </SpaceBetween>
      {deleting ? (
        <DeleteRuleModal
          rule={rule}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            onDeleted();
            void navigate(paths.alertRules);
          }}
        />
      ) : null}
    </>
  );
}

function Summary({ rule }: { rule: AlertRule }) {
  const { subject } = useIdentity();
  return (
    <KeyValuePairs
      columns={3}
      minColumnWidth={200}
      items={[
        { label: 'State', value: <EnabledIndicator enabled={rule.enabled} /> },
        { label: 'Severity', value: <SeverityBadge severity={rule.severity} /> },
        { label: 'Condition', value: conditionText({ ...rule, unit: unitOf(rule.metric, rule.statistic) }) },
        { label: 'Metric', value: metricText(rule.metric) },
        { label: 'Raises after', value: evaluationText(rule) },
        { label: 'Missing data', value: missingDataWords[rule.missingData].title },
        { label: 'Changed', value: <Timestamp value={rule.changedAt} /> },
        { label: 'Created', value: <Timestamp value={rule.definedAt} /> },
        { label: 'Created by', value: actorText(rule.definedBy, subject) },
        {
          label: 'Events',
          value: (
            <PageLink to={requestPaths.stream('alert-rule', rule.alertRuleId)}>
              {`All ${rule.version} of this rule`}
            </PageLink>
          ),
        },
      ]}
    />
  );
}

export function Help() {
  return (
    <HelpPanel header={<h2>Alert rule</h2>}>
      <p>
        The chart shows the metric over the chosen time range, with the rule's line. The alert is raised when
        the number of periods named under <b>Raises after</b> is across it.
      </p>
    </HelpPanel>
  );
}
