import type { FieldProblem } from '#shared/frontend/problem.ts';
import type { AlertRule, AlertRuleDefinition, Comparison, Metric, MissingData, Severity } from '../types.ts';

/** What stands in the form: numbers are text until they are read. */
export interface RuleDraft {
  name: string;
  description: string;
  severity: Severity;
  metric: Metric;
  statistic: string;
  period: number;
  comparison: Comparison;
  threshold: string;
  evaluationPeriods: string;
  datapointsToAlarm: string;
  missingData: MissingData;
}

export type DraftField = keyof RuleDraft;
export type DraftErrors = Partial<Record<DraftField, string>>;

export const periods = [10, 30, 60, 300, 900, 3600, 21_600, 86_400];

const longestName = 100;
const longestDescription = 1000;
/** Seconds. */
const oneDay = 86_400;

export const emptyDraft: RuleDraft = {
  name: '',
  description: '',
  severity: 'warning',
  metric: { namespace: '', metricName: '', dimensions: {} },
  statistic: 'Average',
  period: 60,
  comparison: 'GreaterThanThreshold',
  threshold: '',
  evaluationPeriods: '1',
  datapointsToAlarm: '1',
  missingData: 'missing',
};

/** The form's text for a rule that exists. */
export function draftOf(rule: AlertRule): RuleDraft {
  return {
    name: rule.name,
    description: rule.description ?? '',
    severity: rule.severity,
    metric: rule.metric,
    statistic: rule.statistic,
    period: rule.period,
    comparison: rule.comparison,
    threshold: String(rule.threshold),
    evaluationPeriods: String(rule.evaluationPeriods),
    datapointsToAlarm: String(rule.datapointsToAlarm),
    missingData: rule.missingData,
  };
}

/** A number that a person typed, or nothing. */
export function numberOf(typed: string): number | undefined {
  const number = typed.trim() === '' ? Number.NaN : Number(typed);
  return Number.isFinite(number) ? number : undefined;
}

/** CloudWatch looks back 100 periods, and a day at most; a week from hourly periods on. */
function mostEvaluations(period: number): number {
  return Math.min(100, Math.floor((period >= 3600 ? 7 * oneDay : oneDay) / period));
}

/** What is wrong with the draft, field by field, each with what to do. Empty when it can be sent. */
export function checkDraft(draft: RuleDraft): DraftErrors {
  const errors: DraftErrors = {};
  const evaluations = wholeFrom(draft.evaluationPeriods);
  const datapoints = wholeFrom(draft.datapointsToAlarm);
  if (draft.name.trim() === '') errors.name = 'Enter a name.';
  else if (draft.name.trim().length > longestName)
    errors.name = `Shorten the name to ${longestName} characters.`;
  if (draft.description.length > longestDescription) {
    errors.description = `Shorten the description to ${longestDescription} characters.`;
  }
  if (!draft.metric.namespace || !draft.metric.metricName) errors.metric = 'Choose a namespace and a metric.';
  if (numberOf(draft.threshold) === undefined) errors.threshold = 'Enter a number, such as 5 or 0.25.';
  if (evaluations === undefined) errors.evaluationPeriods = 'Enter a whole number of at least 1.';
  else if (evaluations > mostEvaluations(draft.period)) {
    errors.evaluationPeriods = `Enter at most ${mostEvaluations(draft.period)}: CloudWatch looks back no further with periods of this length.`;
  }
  if (datapoints === undefined) errors.datapointsToAlarm = 'Enter a whole number of at least 1.';
  else if (evaluations !== undefined && datapoints > evaluations) {
    errors.datapointsToAlarm = `Enter at most ${evaluations}, the number of evaluation periods.`;
  }
  return errors;
}

/** What is sent to the API. Only for drafts without errors. */
export function definitionOf(draft: RuleDraft): AlertRuleDefinition {
  const { severity, metric, statistic, period, comparison, missingData } = draft;
  const description = draft.description.trim();
  return {
    name: draft.name.trim(),
    ...(description ? { description } : {}),
    ...{ severity, metric, statistic, period, comparison, missingData },
    threshold: Number(draft.threshold),
    evaluationPeriods: Number(draft.evaluationPeriods),
    datapointsToAlarm: Number(draft.datapointsToAlarm),
  };
}

/** Puts what the API found wrong beside the fields it names: `#/metric/namespace` belongs to `metric`. */
export function errorsOfApi(problems: readonly FieldProblem[]): DraftErrors {
  const errors: DraftErrors = {};
  for (const { pointer, detail } of problems) {
    const field = pointer.replace(/^#?\//, '').split('/')[0] ?? '';
    if (field in emptyDraft) errors[field as DraftField] = detail;
  }
  return errors;
}

function wholeFrom(typed: string): number | undefined {
  const number = numberOf(typed);
  return number !== undefined && Number.isInteger(number) && number >= 1 ? number : undefined;
}
