import type { HttpResponse, Invocation } from '../../core/cloud.ts';
import type { Attributes } from '../../core/service.ts';
import { type TestCloud, testResource } from '../../core/testing.ts';
import { createApiGateway } from './index.ts';

/** An HTTP API whose one function is given by the test. */
export interface TestApi {
  id: string;
  /** Events the function got, in order. */
  events: Attributes[];
  /** Events its authorizer got. */
  asked: Attributes[];
  request(
    line: string,
    options?: { headers?: Record<string, string>; body?: string | Buffer },
  ): Promise<HttpResponse>;
}

export async function createTestApi(
  cloud: TestCloud,
  settings: {
    routes: { key: string; authorized?: boolean | 'CUSTOM'; scopes?: string[] }[];
    /** A Lambda authorizer, in the place of the one for tokens. */
    lambdaAuthorizer?: Attributes;
    answer?: (event: Attributes) => Promise<Invocation> | Invocation;
    /** What the Lambda authorizer answers. */
    authorize?: (event: Attributes) => unknown;
    issuer?: string;
    audience?: string;
    stage?: Attributes;
    api?: Attributes;
    timeoutMilliseconds?: number;
  },
): Promise<TestApi> {
  const service = await createApiGateway(cloud);
  const events: Attributes[] = [];
  const asked: Attributes[] = [];
  cloud.ports.functions = {
    async invoke(arn, payload) {
      if (arn.endsWith(':authorize')) {
        asked.push(payload as Attributes);
        return { payload: settings.authorize?.(payload as Attributes), requestId: 'r' };
      }
      events.push(payload as Attributes);
      const standard: Invocation = { payload: { statusCode: 200, body: 'ok' }, requestId: 'r' };
      return settings.answer ? settings.answer(payload as Attributes) : standard;
    },
    enqueue: async () => undefined,
  };
  const apply = async (type: string, name: string, desired: Attributes): Promise<string> => {
    const handler = service.resources[type];
    if (!handler) throw new Error(`no handler for ${type}`);
    return String((await handler.apply(testResource(type, name, desired), undefined))['id']);
  };
  const id = await apply('aws_apigatewayv2_api', 'api', {
    name: 'api',
    protocol_type: 'HTTP',
    ...settings.api,
  });
  const authorizerId = settings.lambdaAuthorizer
    ? await apply('aws_apigatewayv2_authorizer', 'asked', {
        api_id: id,
        name: 'asked',
        authorizer_type: 'REQUEST',
        authorizer_payload_format_version: '2.0',
        authorizer_uri: 'arn:aws:lambda:us-east-1:000000000000:function:authorize',
        ...settings.lambdaAuthorizer,
      })
    : settings.issuer &&
      (await apply('aws_apigatewayv2_authorizer', 'users', {
        api_id: id,
        name: 'users',
        authorizer_type: 'JWT',
        identity_sources: ['$request.header.Authorization'],
        jwt_configuration: { issuer: settings.issuer, audience: [settings.audience] },
      }));
  const integrationId = await apply('aws_apigatewayv2_integration', 'function', {
    api_id: id,
    integration_type: 'AWS_PROXY',
    integration_uri: 'arn:aws:lambda:us-east-1:000000000000:function:answer',
    payload_format_version: '2.0',
    timeout_milliseconds: settings.timeoutMilliseconds ?? 30_000,
  });
  for (const { key, authorized, scopes } of settings.routes) {
    await apply('aws_apigatewayv2_route', key, {
      api_id: id,
      route_key: key,
      target: `integrations/${integrationId}`,
      ...(authorized && {
        authorization_type: authorized === 'CUSTOM' ? authorized : 'JWT',
        authorizer_id: authorizerId,
      }),
      ...(scopes && { authorization_scopes: scopes }),
    });
  }
  await apply('aws_apigatewayv2_stage', 'default', { api_id: id, name: '$default', ...settings.stage });
  return {
    id,
    events,
    asked,
    request(line, { headers = {}, body = '' } = {}) {
      const [method = 'GET', url = '/'] = line.split(' ');
      return cloud.ports.httpApis.handle(id, {
        method,
        url,
        headers,
        body: Buffer.from(body),
        sourceIp: '127.0.0.1',
      });
    },
  };
}
