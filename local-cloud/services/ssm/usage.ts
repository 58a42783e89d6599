import type { Cloud } from '../../core/cloud.ts';
import type { Holding, Operation } from '../../core/service.ts';
import { latestOf, type Parameters } from './parameters.ts';

const service = 'AWS Systems Manager';

/** The operations; what they do with advanced parameters is billed, standard ones are free. */
export function counted(
  cloud: Cloud,
  parameters: Parameters,
  operations: Record<string, Operation>,
): Record<string, Operation> {
  const wrapped = Object.entries(operations).map(([operation, run]): [string, Operation] => [
    operation,
    async (input, request) => {
      const answer = await run(input, request);
      for (const resource of advancedIn(parameters, operation, input, answer)) {
        cloud.telemetry.usage({
          ...{ service, usageType: 'USE1-PS-Param-Processed-Tier2', operation, resource },
          ...{ quantity: 1, time: Date.now() },
        });
      }
      return answer;
    },
  ]);
  return Object.fromEntries(wrapped);
}

/** ARNs of the advanced parameters that a call was about; every parameter in an answer counts as one. */
function advancedIn(
  parameters: Parameters,
  operation: string,
  input: Record<string, unknown>,
  answer: object | undefined,
): string[] {
  if (operation === 'DescribeParameters') return [];
  const answered = (answer as { Parameters?: { Name: string }[] } | undefined)?.Parameters;
  const names = answered?.map(({ Name }) => Name) ?? [String(input['Name'] ?? '').replace(/:[^:/]*$/u, '')];
  return names.flatMap((name) => {
    const parameter = parameters.named(name);
    return parameter && latestOf(parameter).tier === 'Advanced' ? [parameter.arn] : [];
  });
}

/** Advanced parameters are paid for by the month. */
export function holdings(parameters: Parameters): Holding[] {
  return parameters
    .all()
    .filter((parameter) => latestOf(parameter).tier === 'Advanced')
    .map(({ arn }) => ({
      ...{ service, usageType: 'USE1-PS-Advanced-Param-Tier1', operation: '', resource: arn, amount: 1 },
    }));
}
