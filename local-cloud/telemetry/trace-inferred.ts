import { createHash } from 'node:crypto';

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** The resource that a call names, by the parameter that names it, and the type X-Ray gives it then. */
const RESOURCES: Record<string, [parameter: string, type: string][]> = {
  DynamoDB: [['table_name', 'AWS::DynamoDB::Table']],
  SQS: [['queue_url', 'AWS::SQS::Queue']],
  SNS: [['topic_arn', 'AWS::SNS::Topic']],
  S3: [['bucket_name', 'AWS::S3::Bucket']],
  Lambda: [['function_name', 'AWS::Lambda']],
  KinesisStream: [['stream_name', 'AWS::Kinesis::Stream']],
  SFN: [['state_machine_arn', 'AWS::StepFunctions::StateMachine']],
};
const TYPES: Record<string, string> = { EventBridge: 'AWS::Events', SFN: 'AWS::StepFunctions' };

/** The SDK's tracers spell a service as its client is called. */
const serviceOf = (name: string): string => name.replace(/^(AWS|Amazon)[ .:]*/u, '');

/** Whether a subsegment tells of a call to another service. */
export function isDownstreamCall(fields: Fields): boolean {
  return fields['namespace'] === 'aws' || fields['namespace'] === 'remote';
}

/** The node that stands for a service which sends no segment of its own. */
export function inferredService(fields: Fields): { name: string; type: string } {
  const name = String(fields['name']);
  if (fields['namespace'] === 'remote') {
    return { name, type: fields['sql'] === undefined ? 'remote' : 'Database::SQL' };
  }
  const service = serviceOf(name);
  const aws = fieldsOf(fields['aws']);
  for (const [parameter, type] of Object.hasOwn(RESOURCES, service) ? (RESOURCES[service] ?? []) : []) {
    const resource = aws[parameter];
    if (typeof resource === 'string' && resource !== '') return { name: resource, type };
  }
  const type = Object.hasOwn(TYPES, service) ? TYPES[service] : undefined;
  const [resource] = Array.isArray(aws['resource_names']) ? (aws['resource_names'] as unknown[]) : [];
  return { name: typeof resource === 'string' ? resource : name, type: type ?? `AWS::${service}` };
}

/** The segment that X-Ray makes up for a downstream call: the caller's account of it, beneath the call. */
export function inferredSegment(traceId: string, id: string, fields: Fields): Fields {
  const { id: _id, subsegments: _subsegments, namespace: _namespace, ...told } = fields;
  const { annotations: _annotations, metadata: _metadata, ...own } = told;
  const { type } = inferredService(fields);
  return {
    id: inferredId(traceId, id),
    ...own,
    trace_id: traceId,
    parent_id: id,
    inferred: true,
    ...(type === 'remote' ? {} : { origin: type }),
  };
}

/** The same call has the same inferred segment whenever it is asked for. */
function inferredId(traceId: string, id: string): string {
  return createHash('sha1').update(`${traceId}/${id}/inferred`).digest('hex').slice(0, 16);
}
