import type { Cloud } from '../../core/cloud.ts';
import type { Parameter, Version } from './parameters.ts';

/**
 * Tells the default bus that a parameter has changed.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-eventbridge-events.html
 */
export async function announceChange(
  cloud: Cloud,
  { name, arn }: Parameter,
  { type, description }: Version,
  operation: 'Create' | 'Update' | 'Delete' | 'LabelParameterVersion',
): Promise<void> {
  await cloud.ports.buses.put([
    {
      source: 'aws.ssm',
      detailType: 'Parameter Store Change',
      resources: [arn],
      detail: { operation, name, type, ...(description === undefined ? {} : { description }) },
    },
  ]);
}
