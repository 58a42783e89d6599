import { AwsError } from '../../../core/errors.ts';
import type { Attributes } from '../../../core/service.ts';
import { type ApiOperation, json, objectOf, pageOf, requiredText } from './call.ts';

type Input = Record<string, unknown>;

/** Event source mappings; what the Terraform names is at the next start as the Terraform says. */
export const mappingOperations: Record<string, ApiOperation> = {
  async CreateEventSourceMapping({ registry, mappings }, { input }) {
    const functionName = requiredText(input, 'FunctionName');
    const source = requiredText(input, 'EventSourceArn');
    registry.get(functionName);
    const desired = requested({ ...input, FunctionName: functionName, EventSourceArn: source });
    return json(await mappings.create(desired), 202);
  },

  ListEventSourceMappings({ registry, mappings }, { request }) {
    const functionName = request.query.get('FunctionName');
    const source = request.query.get('EventSourceArn');
    const functionArn = functionName ? arnOf(registry.get(functionName)) : undefined;
    const all = mappings
      .describe()
      .filter(
        (mapping) =>
          (!functionArn || mapping.FunctionArn === functionArn) &&
          (!source || mapping.EventSourceArn === source),
      );
    const { page, NextMarker } = pageOf(request, all);
    return json({ EventSourceMappings: page, NextMarker });
  },

  GetEventSourceMapping({ mappings }, { part }) {
    return json(found(mappings.describe().find(({ UUID }) => UUID === part)));
  },

  async UpdateEventSourceMapping({ registry, mappings }, { part, input }) {
    found(mappings.describe().find(({ UUID }) => UUID === part));
    if (typeof input['FunctionName'] === 'string') registry.get(input['FunctionName']);
    return json(await mappings.update(part, requested(input)), 202);
  },

  async DeleteEventSourceMapping({ mappings }, { part }) {
    const mapping = found(mappings.describe().find(({ UUID }) => UUID === part));
    await mappings.remove(part);
    return json({ ...mapping, State: 'Deleting' }, 202);
  },
};

function found<Mapping>(mapping: Mapping | undefined): Mapping {
  if (mapping) return mapping;
  throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
}

function arnOf({
  deployed,
  qualifier,
}: {
  deployed: { configuration: { arn: string } };
  qualifier?: string | undefined;
}) {
  const { arn } = deployed.configuration;
  return qualifier ? `${arn}:${qualifier}` : arn;
}

/** The fields of a request by the names that the Terraform has for them; only those that are given. */
function requested(input: Input): Attributes {
  const onFailure = objectOf(objectOf(input['DestinationConfig'])['OnFailure'])['Destination'];
  const filters = objectOf(input['FilterCriteria'])['Filters'];
  const fields: Attributes = {
    function_name: input['FunctionName'],
    event_source_arn: input['EventSourceArn'],
    enabled: input['Enabled'],
    batch_size: input['BatchSize'],
    maximum_batching_window_in_seconds: input['MaximumBatchingWindowInSeconds'],
    starting_position: input['StartingPosition'],
    function_response_types: input['FunctionResponseTypes'],
    bisect_batch_on_function_error: input['BisectBatchOnFunctionError'],
    maximum_retry_attempts: input['MaximumRetryAttempts'],
    maximum_record_age_in_seconds: input['MaximumRecordAgeInSeconds'],
    tumbling_window_in_seconds: input['TumblingWindowInSeconds'],
    destination_config:
      input['DestinationConfig'] &&
      (onFailure ? { on_failure: { destination_arn: onFailure } } : { on_failure: {} }),
    scaling_config: input['ScalingConfig'] && {
      maximum_concurrency: objectOf(input['ScalingConfig'])['MaximumConcurrency'],
    },
    filter_criteria: Array.isArray(filters)
      ? { filter: filters.map((filter) => ({ pattern: objectOf(filter)['Pattern'] })) }
      : input['FilterCriteria'] && { filter: [] },
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}
