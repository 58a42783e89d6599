import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sales } from './testing/orders.ts';
import { named, only, type Synthesized, Workbench } from './testing/synthesis.ts';

/** Ships no types. */
const checkWorkflow = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
  isValid: boolean;
};

const bench = new Workbench([sales]);
let platform: Synthesized;
let domain: Synthesized;

beforeAll(async () => {
  await bench.synthesize('cdktf.out');
  platform = bench.stack('cdktf.out', 'platform');
  domain = bench.stack('cdktf.out', 'sales');
});
afterAll(() => bench.remove());

/** Read from the platform's state, so that no rule is made before its bus. */
const eventsBus =
  '${data.terraform_remote_state.cross-stack-reference-input-platform.outputs.cross-stack-output-aws_cloudwatch_event_bus-events_bus-name}';

const json = (value: unknown) => JSON.parse(String(value));

describe('platform', () => {
  it('keeps commits in a table that streams new images', () => {
    expect(only(platform, 'aws_dynamodb_table', 'event-store_table')).toMatchObject({
      name: 'skafu-local-platform-event-store',
      hash_key: 's',
      range_key: 'c',
      attribute: [
        { name: 's', type: 'S' },
        { name: 'c', type: 'N' },
      ],
      billing_mode: 'PAY_PER_REQUEST',
      stream_enabled: true,
      stream_view_type: 'NEW_IMAGE',
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true },
      deletion_protection_enabled: false,
    });
  });

  it('keeps the keys of people apart, where nobody can bring back one that was deleted', () => {
    expect(only(platform, 'aws_dynamodb_table', 'personal-keys_table')).toMatchObject({
      name: 'skafu-local-platform-personal-keys',
      hash_key: 'p',
      point_in_time_recovery: { enabled: false },
      server_side_encryption: { enabled: true },
    });
  });

  it('seals the store each minute that it is due, in a bucket where seals stay as they are', () => {
    const bucket = 'skafu-local-platform-seals-${data.aws_caller_identity.account.account_id}';
    expect(only(platform, 'aws_s3_bucket')).toMatchObject({ bucket, object_lock_enabled: true });
    expect(only(platform, 'aws_s3_bucket_object_lock_configuration')['rule']).toEqual({
      default_retention: { mode: 'COMPLIANCE', days: 1 },
    });
    expect(only(platform, 'aws_s3_bucket_versioning')['versioning_configuration']).toEqual({
      status: 'Enabled',
    });
    expect(only(platform, 'aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(named(platform, 'aws_cloudwatch_event_rule', 'name')).toContain('skafu-local-platform-seal');
  });

  it('relays the stream in order, splits a batch that fails, and keeps what it gives up on', () => {
    expect(only(platform, 'aws_lambda_event_source_mapping')).toMatchObject({
      batch_size: 100,
      bisect_batch_on_function_error: true,
      function_response_types: ['ReportBatchItemFailures'],
      maximum_record_age_in_seconds: 86400,
      maximum_retry_attempts: 10,
      parallelization_factor: 1,
      starting_position: 'TRIM_HORIZON',
      destination_config: { on_failure: { destination_arn: '${aws_sqs_queue.relay_failures_queue.arn}' } },
    });
    expect(named(platform, 'aws_sqs_queue', 'name')).toContain('skafu-local-platform-relay-failures');
  });

  it('wakes the relay for commits alone, not for the snapshots and reservations beside them', () => {
    const { filter_criteria } = only(platform, 'aws_lambda_event_source_mapping') as {
      filter_criteria: { filter: { pattern: string }[] };
    };
    expect(filter_criteria.filter.map(({ pattern }) => json(pattern))).toEqual([
      {
        eventName: ['INSERT'],
        dynamodb: { Keys: { c: { N: [{ 'anything-but': ['0', '9007199254740991'] }] } } },
      },
    ]);
  });

  it('has a bus for events and one for errors', () => {
    expect(named(platform, 'aws_cloudwatch_event_bus', 'name')).toEqual([
      'skafu-local-errors',
      'skafu-local-events',
    ]);
    expect(only(platform, 'aws_cloudwatch_log_group', 'errors_log')['name']).toBe('/skafu/local/errors');
  });

  it('lets nobody sign up, and nobody write the tenant', () => {
    expect(only(platform, 'aws_cognito_user_pool')).toMatchObject({
      admin_create_user_config: { allow_admin_create_user_only: true },
      schema: [{ name: 'tenant', mutable: false, attribute_data_type: 'String' }],
    });
    expect(only(platform, 'aws_cognito_user_pool_client')).toMatchObject({
      explicit_auth_flows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      generate_secret: false,
      prevent_user_existence_errors: 'ENABLED',
      id_token_validity: 60,
      write_attributes: ['name'],
    });
    expect(named(platform, 'aws_cognito_user_group', 'name')).toEqual([
      'admin',
      'developer',
      'operator',
      'viewer',
    ]);
  });

  it('answers without a token for health, info and unknown routes only', () => {
    const routes = Object.values(platform.resource['aws_apigatewayv2_route'] ?? {});
    const keysOf = (type: string) =>
      routes.filter((route) => route['authorization_type'] === type).map((route) => route['route_key']);
    expect(keysOf('NONE').sort()).toEqual(['$default', 'GET /api/v1/health', 'GET /api/v1/info']);
    expect(keysOf('JWT')).toEqual(['POST /api/v1/failures']);
  });

  it('tells what others need', () => {
    const told = Object.keys(platform.output).filter((name) => !name.startsWith('cross-stack'));
    expect(told.sort()).toEqual([
      'apiEndpoint',
      'apiId',
      'errorsBus',
      'eventStoreTable',
      'eventsBus',
      'region',
      'sealsBucket',
      'userPoolClientId',
      'userPoolId',
    ]);
  });
});

describe('a domain', () => {
  it('has a route for each command and query, all with a token', () => {
    expect(named(domain, 'aws_apigatewayv2_route', 'route_key')).toEqual([
      'DELETE /api/v1/sales/orders/{orderId}',
      'GET /api/v1/sales/orders/{orderId}',
      'GET /api/v1/sales/prices',
      'GET /api/v1/sales/turnover',
      'POST /api/v1/sales/orders',
    ]);
    expect(new Set(named(domain, 'aws_apigatewayv2_route', 'authorization_type'))).toEqual(new Set(['JWT']));
    expect(only(domain, 'aws_lambda_permission', 'get-order_api_permission')['source_arn']).toMatch(
      /:execute-api:us-east-1:.*\/\*\/GET\/api\/v1\/sales\/orders\/\*$/,
    );
  });

  it('gives a permission on a function only after the function', () => {
    for (const name of named(domain, 'aws_lambda_permission', 'function_name')) {
      expect(name).toMatch(/^\$\{aws_lambda_function\..+\.function_name\}$/);
    }
  });

  it('runs each function as all are run, with what it needs to know', () => {
    expect(only(domain, 'aws_lambda_function', 'get-order_function_lambda')).toMatchObject({
      function_name: 'skafu-local-sales-get-order',
      filename: 'functions/get-order.zip',
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      memory_size: 512,
      timeout: 10,
      tracing_config: { mode: 'Active' },
      environment: {
        variables: {
          ENVIRONMENT: 'local',
          SERVICE: 'sales',
          FUNCTION: 'get-order',
          ERRORS_BUS: 'skafu-local-errors',
          INSTALLATION_TENANT: 'skafu',
          TRACING: 'xray',
          LOG_LEVEL: 'INFO',
          READ_MODEL_OPEN_ORDERS: '${aws_dynamodb_table.open-orders_table_table.name}',
        },
      },
    });
    const timeout = (path: string) => only(domain, 'aws_lambda_function', path)['timeout'];
    expect(timeout('get-turnover_function_lambda')).toBe(29);
    expect(timeout('open-orders_projector_lambda')).toBe(30);
    expect(timeout('tell-warehouse_function_lambda')).toBe(30);
  });

  it('starts a projection for every event of the aggregate that a read model follows', () => {
    const rule = only(domain, 'aws_cloudwatch_event_rule', 'open-orders_rule_rule');
    expect(rule).toMatchObject({
      name: 'skafu-local-sales-project-open-orders',
      event_bus_name: eventsBus,
    });
    expect(json(rule['event_pattern'])).toEqual({
      source: ['skafu.sales'],
      detail: { stream: { type: ['order'] } },
    });
    expect(only(domain, 'aws_cloudwatch_event_target', 'open-orders_rule_target')).toMatchObject({
      arn: '${aws_sfn_state_machine.open-orders_workflow_state-machine.arn}',
      role_arn: '${aws_iam_role.open-orders_starter_role.arn}',
      dead_letter_config: { arn: '${aws_sqs_queue.open-orders_failures_queue.arn}' },
    });
  });

  it('projects with retries, and reports on the errors bus what it gives up on', () => {
    const machine = only(domain, 'aws_sfn_state_machine');
    expect(machine).toMatchObject({
      name: 'skafu-local-sales-project-open-orders',
      type: 'EXPRESS',
      logging_configuration: { level: 'ALL', include_execution_data: true },
    });
    expect(checkWorkflow(json(machine['definition']))).toMatchObject({ isValid: true });
    const { StartAt, States } = json(machine['definition']);
    expect(StartAt).toBe('Project');
    expect(States.Project).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { 'Payload.$': '$' },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'IsTraced' }],
    });
    expect(States.ReportFailure.Parameters.Entries).toEqual([
      {
        EventBusName: 'skafu-local-errors',
        Source: 'skafu.sales',
        DetailType: 'ProjectionFailed',
        Detail: {
          readModel: 'sales/open-orders',
          'eventId.$': '$.detail.id',
          'tenant.$': '$.detail.tenant',
          'stream.$': '$.detail.stream',
          'version.$': '$.detail.version',
          'correlationId.$': '$.detail.correlationId',
          'trace.$': '$.detail.trace',
          'error.$': '$.failure',
        },
      },
    ]);
    expect(States.Failed.Type).toBe('Fail');
  });

  it('wakes a reactor by its aggregate, but never by a replay', () => {
    const rule = only(domain, 'aws_cloudwatch_event_rule', 'tell-warehouse_rule_rule');
    expect(rule['event_bus_name']).toBe(eventsBus);
    expect(json(rule['event_pattern'])).toEqual({
      source: ['skafu.sales'],
      detail: { stream: { type: ['order'] } },
      'replay-name': [{ exists: false }],
    });
  });

  it('wakes a platform reactor by its own pattern on the default bus', () => {
    const rule = only(domain, 'aws_cloudwatch_event_rule', 'notice-alarm_rule_rule');
    expect(rule).not.toHaveProperty('event_bus_name');
    expect(json(rule['event_pattern'])).toEqual({
      source: ['aws.cloudwatch'],
      detail: { alarmName: [{ prefix: 'skafu-local-order-' }] },
    });
  });
});
