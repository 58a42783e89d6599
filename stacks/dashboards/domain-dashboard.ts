import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import { metricNamespace } from '#shared/runtime/metrics.ts';
import { readModelPath, resourceName } from '../names.ts';
import type { SkafuStack } from '../skafu-stack.ts';
import { type Drawn, functionCharts, ofFunction, queueChart } from './lines.ts';
import type { Chart, Row } from './widgets.ts';

/** What a domain does, part by part, from its manifest. */
export function domainDashboard(
  manifest: Domain,
  { stack, queues }: { stack: SkafuStack; queues: readonly string[] },
): Row[] {
  const { environment } = stack.settings;
  const functionsOf = (parts: Readonly<Record<string, unknown>>): Drawn[] =>
    Object.keys(parts).map((part) => ({
      functionName: resourceName(environment, manifest.name, kebabCase(part)),
      label: kebabCase(part),
    }));
  const projectors = functionsOf(manifest.readModels);
  return [
    { heading: 'Commands', charts: functionCharts(functionsOf(manifest.commands)) },
    { heading: 'Queries', charts: functionCharts(functionsOf(manifest.queries)) },
    {
      heading: 'Projections',
      charts: [
        lagChart(manifest),
        failureChart(
          projectors.map(({ label }) => ({
            label,
            machine: stack.arn(
              'states',
              `stateMachine:${resourceName(environment, manifest.name, `project-${label}`)}`,
            ),
          })),
        ),
        {
          title: 'Duration, p95',
          statistic: 'p95',
          unit: 'milliseconds',
          lines: projectors.map((projector) => ofFunction('Duration', projector)),
        },
      ],
    },
    { heading: 'Reactions', charts: functionCharts(functionsOf(manifest.reactors)) },
    { heading: 'Given up', charts: [queueChart(queues)] },
  ];
}

function lagChart({ name, readModels }: Domain): Chart {
  return {
    title: 'Lag',
    statistic: 'Maximum',
    unit: 'seconds',
    lines: Object.keys(readModels).map((model) => ({
      namespace: metricNamespace,
      metric: 'ReadModelLag',
      dimensions: { ReadModel: readModelPath(name, model) },
      label: kebabCase(model),
    })),
  };
}

function failureChart(workflows: readonly { label: string; machine: string }[]): Chart {
  return {
    title: 'Failed executions',
    statistic: 'Sum',
    unit: 'per minute',
    lines: workflows.map(({ label, machine }) => ({
      namespace: 'AWS/States',
      metric: 'ExecutionsFailed',
      dimensions: { StateMachineArn: machine },
      label,
    })),
  };
}
