import type { Cloud } from '../../../core/cloud.ts';
import { type FunctionConfiguration, roleOf } from '../configuration.ts';
import type { Mapping } from './mapping.ts';

/** What Lambda does with a source, as the role of the function that it reads for. */
const actions = {
  stream: ['dynamodb:DescribeStream', 'dynamodb:GetShardIterator', 'dynamodb:GetRecords'],
  queue: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
};

/** Throws `AccessDeniedException` unless the function's role may read the source of the mapping. */
export function requireReading(cloud: Cloud, configuration: FunctionConfiguration, mapping: Mapping): void {
  const resource = mapping.eventSourceArn;
  const wanted = actions[mapping.kind].map((action) => ({ action, resource }));
  cloud.ports.access.require(roleOf(configuration), ...wanted);
}
