import type { Standing } from '../../core/service.ts';
import type { Usage } from '../../core/telemetry.ts';
import { createTestCloud } from '../../core/testing.ts';
import { openTelemetry } from '../../telemetry/index.ts';
import { createCostExplorer } from './index.ts';

export const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:orders';
export const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';

const standing: Standing = {
  services: [],
  resources: [
    {
      address: 'sales/aws_lambda_function.orders',
      type: 'aws_lambda_function',
      attributes: { arn: functionArn },
      tags: { domain: 'sales', environment: 'test' },
    },
    {
      address: 'stock/aws_dynamodb_table.orders',
      type: 'aws_dynamodb_table',
      attributes: { arn: tableArn },
      tags: { domain: 'stock' },
    },
  ],
};

/** Cost Explorer on a real telemetry store in a temporary folder, with two tagged resources. */
export async function startCostExplorer() {
  const base = createTestCloud();
  const telemetry = await openTelemetry(base.dataDirectory, base.logger);
  const cloud = createTestCloud({ dataDirectory: base.dataDirectory, telemetry, state: base.state });
  const service = await createCostExplorer(cloud);
  await service.survey?.(standing);
  return {
    cloud,
    service,
    use(usage: Partial<Usage> & Pick<Usage, 'usageType' | 'quantity' | 'time'>) {
      telemetry.usage({ service: 'AWS Lambda', operation: 'Invoke', resource: functionArn, ...usage });
    },
    async stop() {
      await service.stop?.();
      await telemetry.close();
      base.remove();
    },
  };
}

export type TestCostExplorer = Awaited<ReturnType<typeof startCostExplorer>>;
