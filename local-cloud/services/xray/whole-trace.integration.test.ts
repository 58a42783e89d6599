import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchGetTracesCommand, GetTraceGraphCommand, XRayClient } from '@aws-sdk/client-xray';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { freePort } from '../../core/free-port.ts';
import { type LocalCloud, startLocalCloud } from '../../index.ts';
import { newId, newTrace } from './testing.ts';

/** What the SDK would do: headers of a request that is signed with the role of the function. */
const signing = `
import { createHash, createHmac } from 'node:crypto';
const hash = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const signed = (body, target) => {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env;
  const time = new Date().toISOString().replace(/[-:]|\\.\\d+/g, '');
  const headers = { 'content-type': 'application/x-amz-json-1.1', host: new URL(process.env.AWS_ENDPOINT_URL).host,
    'x-amz-date': time, 'x-amz-security-token': token, 'x-amz-target': target };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => name + ':' + value + '\\n').join('');
  const request = ['POST', '/', '', lines, names, hash(body)].join('\\n');
  const scope = [time.slice(0, 8), 'us-east-1', 'events', 'aws4_request'];
  const key = scope.reduce(hmac, 'AWS4' + secret);
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), hash(request)].join('\\n');
  const signature = createHmac('sha256', key).update(text).digest('hex');
  return { ...headers, authorization: 'AWS4-HMAC-SHA256 Credential=' + id + '/' + scope.join('/') +
    ', SignedHeaders=' + names + ', Signature=' + signature };
};`;

/** Puts an event in its trace, and reports the call as a tracer does: alone, beneath the function's segment. */
const orders = `${signing}
import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
const id = () => randomBytes(8).toString('hex');
export const handler = async () => {
  const header = process.env._X_AMZN_TRACE_ID;
  const [, root, parent] = /Root=([^;]+);Parent=([^;]+)/.exec(header);
  const step = { id: id(), trace_id: root, parent_id: parent, type: 'subsegment', name: '## order',
    start_time: Date.now() / 1000, annotations: { tenant: 'acme' } };
  const start_time = Date.now() / 1000;
  const body = JSON.stringify({ Entries: [{ EventBusName: 'shop', Source: 'shop', DetailType: 'OrderPlaced',
    Detail: '{"order":7}', TraceHeader: header }] });
  const headers = signed(body, 'AWSEvents.PutEvents');
  const response = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers, body });
  const call = { id: id(), name: 'EventBridge', namespace: 'aws', start_time, end_time: Date.now() / 1000,
    aws: { operation: 'PutEvents' }, http: { response: { status: response.status } } };
  const [host, port] = process.env.AWS_XRAY_DAEMON_ADDRESS.split(':');
  const document = { ...step, end_time: Date.now() / 1000, subsegments: [call] };
  const socket = createSocket('udp4');
  await new Promise((done) => socket.send('{"format":"json","version":1}\\n' + JSON.stringify(document), port, host, done));
  socket.close();
  return { statusCode: 202, body: 'taken' };
};`;
const ship = 'export const handler = async (event) => ({ shipped: event.detail.order });';

const machine = {
  StartAt: 'Ship',
  States: {
    Ship: { Type: 'Task', Resource: '${aws_lambda_function.ship.arn}', ResultPath: '$.result', Next: 'Done' },
    Done: { Type: 'Pass', End: true },
  },
};
const lambda = (name: string) => ({
  ...{ function_name: name, filename: `${name}.zip`, handler: 'index.handler', runtime: 'nodejs22.x' },
  ...{ role: '${aws_iam_role.all.arn}', tracing_config: { mode: 'Active' } },
});
const stack = {
  resource: {
    aws_lambda_function: { orders: lambda('orders'), ship: lambda('ship') },
    aws_lambda_permission: {
      orders: {
        ...{ function_name: 'orders', action: 'lambda:InvokeFunction' },
        principal: 'apigateway.amazonaws.com',
      },
    },
    aws_iam_role: {
      all: {
        name: 'all',
        assume_role_policy: JSON.stringify({
          Statement: {
            ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
            Principal: { Service: ['lambda', 'states', 'events'].map((name) => `${name}.amazonaws.com`) },
          },
        }),
      },
    },
    aws_iam_role_policy: {
      all: {
        ...{ name: 'all', role: '${aws_iam_role.all.name}' },
        policy: JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }),
      },
    },
    aws_apigatewayv2_api: { shop: { name: 'shop', protocol_type: 'HTTP' } },
    aws_apigatewayv2_integration: {
      orders: {
        ...{ api_id: '${aws_apigatewayv2_api.shop.id}', integration_type: 'AWS_PROXY' },
        ...{ integration_uri: '${aws_lambda_function.orders.arn}', payload_format_version: '2.0' },
      },
    },
    aws_apigatewayv2_route: {
      orders: {
        ...{ api_id: '${aws_apigatewayv2_api.shop.id}', route_key: 'POST /orders' },
        target: 'integrations/${aws_apigatewayv2_integration.orders.id}',
      },
    },
    aws_apigatewayv2_stage: {
      all: { api_id: '${aws_apigatewayv2_api.shop.id}', name: '$default', auto_deploy: true },
    },
    aws_cloudwatch_event_bus: { shop: { name: 'shop' } },
    aws_cloudwatch_event_rule: {
      placed: {
        ...{ name: 'placed', event_bus_name: '${aws_cloudwatch_event_bus.shop.name}' },
        event_pattern: '{"detail-type":["OrderPlaced"]}',
      },
    },
    aws_cloudwatch_event_target: {
      fulfil: {
        ...{ rule: '${aws_cloudwatch_event_rule.placed.name}', arn: '${aws_sfn_state_machine.fulfil.arn}' },
        ...{ event_bus_name: '${aws_cloudwatch_event_bus.shop.name}', role_arn: '${aws_iam_role.all.arn}' },
      },
    },
    aws_sfn_state_machine: {
      fulfil: {
        ...{ name: 'fulfil', type: 'STANDARD', role_arn: '${aws_iam_role.all.arn}' },
        ...{ definition: JSON.stringify(machine), tracing_configuration: { enabled: true } },
      },
    },
  },
  output: { api: { value: '${aws_apigatewayv2_api.shop.id}' } },
};

let folder: string;
let cloud: LocalCloud;
let xray: XRayClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whole-trace-'));
  const shop = join(folder, 'stacks', 'shop');
  mkdirSync(shop, { recursive: true });
  for (const [name, source] of Object.entries({ orders, ship })) {
    writeFileSync(join(shop, `${name}.zip`), zipSync({ 'index.mjs': Buffer.from(source) }));
  }
  writeFileSync(join(shop, 'cdk.tf.json'), JSON.stringify(stack));
  cloud = await startLocalCloud({
    ...{ stacksDirectory: join(folder, 'stacks'), dataDirectory: join(folder, 'data') },
    ...{ awsPort: 0, consolePort: await freePort(), engine: inject('sharedEngine') },
  });
  xray = new XRayClient({
    ...{ endpoint: cloud.endpointUrl, region: 'us-east-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}, 60_000);
afterAll(async () => {
  xray?.destroy();
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks the API as its own host would be asked. */
function post(path: string, traceHeader: string): Promise<number | undefined> {
  const host = `${String(cloud.outputs['shop']?.['api'])}.execute-api.us-east-1.amazonaws.com`;
  return new Promise((resolve, reject) => {
    request(
      `${cloud.endpointUrl}${path}`,
      { method: 'POST', headers: { host, 'x-amzn-trace-id': traceHeader } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      },
    )
      .on('error', reject)
      .end();
  });
}

interface Document {
  id: string;
  name: string;
  origin?: string;
  parent_id?: string;
  inferred?: boolean;
  subsegments?: Document[];
}

it('a request is one trace, from the API over the bus and the state machine to the last function', async () => {
  const trace = newTrace();
  const parent = newId();
  expect(await post('/orders', `Root=${trace};Parent=${parent};Sampled=1`)).toBe(202);
  const documents = await vi.waitFor(
    async () => {
      const { Traces } = await xray.send(new BatchGetTracesCommand({ TraceIds: [trace] }));
      const all = (Traces?.[0]?.Segments ?? []).map(({ Document }) => JSON.parse(Document ?? '') as Document);
      expect(all.map(({ origin, name }) => `${origin} ${name}`).sort()).toEqual([
        'AWS::ApiGateway::Stage shop/$default',
        'AWS::Events EventBridge',
        'AWS::Lambda orders',
        'AWS::Lambda ship',
        'AWS::Lambda::Function orders',
        'AWS::Lambda::Function ship',
        'AWS::StepFunctions::StateMachine fulfil',
      ]);
      expect(all.find(({ name }) => name === 'fulfil')).not.toHaveProperty('in_progress');
      return all;
    },
    { timeout: 20_000, interval: 50 },
  );
  const find = (origin: string, name: string) =>
    documents.find((each) => each.origin === origin && each.name === name);
  const names = (document: Document | undefined) => document?.subsegments?.map(({ name }) => name);
  const stage = find('AWS::ApiGateway::Stage', 'shop/$default');
  const orders = find('AWS::Lambda', 'orders');
  const ordersFunction = find('AWS::Lambda::Function', 'orders');
  const fulfil = find('AWS::StepFunctions::StateMachine', 'fulfil');
  const shipped = find('AWS::Lambda', 'ship');

  expect(stage?.parent_id).toBe(parent);
  expect(orders?.parent_id).toBe(stage?.id);
  expect(ordersFunction?.parent_id).toBe(orders?.id);
  expect(names(ordersFunction)).toEqual(
    expect.arrayContaining(['Initialization', 'Invocation', '## order', 'Overhead']),
  );
  const step = ordersFunction?.subsegments?.find(({ name }) => name === '## order');
  expect(find('AWS::Events', 'EventBridge')).toMatchObject({
    parent_id: step?.subsegments?.[0]?.id,
    inferred: true,
  });
  expect(fulfil?.parent_id).toBe(ordersFunction?.id);
  expect(names(fulfil)).toEqual(['Ship', 'Done']);
  expect(shipped?.parent_id).toBe(fulfil?.subsegments?.[0]?.subsegments?.[0]?.id);

  const { Services = [] } = await xray.send(new GetTraceGraphCommand({ TraceIds: [trace] }));
  const byId = new Map(Services.map((each) => [each.ReferenceId, each]));
  const edges = Services.flatMap(({ Name, Type, Edges = [] }) =>
    Edges.map(({ ReferenceId }) => `${Type} ${Name} > ${byId.get(ReferenceId)?.Type}`),
  );
  expect(edges.sort()).toEqual([
    'AWS::ApiGateway::Stage shop/$default > AWS::Lambda',
    'AWS::Lambda orders > AWS::Lambda::Function',
    'AWS::Lambda ship > AWS::Lambda::Function',
    'AWS::Lambda::Function orders > AWS::Events',
    'AWS::Lambda::Function orders > AWS::StepFunctions::StateMachine',
    'AWS::StepFunctions::StateMachine fulfil > AWS::Lambda',
    'client shop/$default > AWS::ApiGateway::Stage',
  ]);
}, 30_000);
