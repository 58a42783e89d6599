import { request } from 'node:http';
import {
  GetApiCommand,
  GetApisCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetIntegrationCommand,
  GetIntegrationsCommand,
  GetRouteCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetStagesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { expect, vi } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const service = 'API Gateway';
const guide = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/';
const served = '(the reference serves no HTTP API)';

interface Answer {
  status: number | undefined;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Asks the API at its own host, as `<method> <path>`. */
function ask(
  { endpoint, apiId }: Clients,
  line: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  const [method = 'GET', path = '/'] = line.split(' ');
  const host = `${apiId}.execute-api.us-east-1.amazonaws.com`;
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, endpoint), { method, headers: { ...headers, host } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The event that the function got. */
const eventOf = ({ body }: Answer) => JSON.parse(body) as Record<string, unknown>;

export const apiGatewayCases: Case[] = [
  {
    service,
    name: 'an API is told with its address and its CORS settings',
    operations: ['GetApi', 'GetApis'],
    async run({ apigateway, apiId: ApiId }) {
      const told = {
        ...{ ApiId, Name: 'conformance', ProtocolType: 'HTTP' },
        ApiEndpoint: expect.stringMatching(/^https:\/\/.*\.execute-api\.us-east-1\.amazonaws\.com$/u),
        RouteSelectionExpression: '$request.method $request.path',
        CorsConfiguration: expect.objectContaining({ AllowOrigins: ['http://localhost:5173'], MaxAge: 60 }),
      };
      expect(await apigateway.send(new GetApiCommand({ ApiId }))).toMatchObject(told);
      const { Items } = await apigateway.send(new GetApisCommand({}));
      expect(Items).toContainEqual(expect.objectContaining(told));
    },
  },
  {
    service,
    name: 'each route names the integration that serves it',
    operations: ['GetRoutes', 'GetRoute', 'GetIntegrations', 'GetIntegration'],
    async run({ apigateway, apiId: ApiId }) {
      const { Items: routes = [] } = await apigateway.send(new GetRoutesCommand({ ApiId }));
      const route = routes.find(({ RouteKey }) => RouteKey === 'GET /pets/{id}');
      const { RouteId } = route ?? {};
      expect(await apigateway.send(new GetRouteCommand({ ApiId, RouteId }))).toMatchObject({
        ...{ RouteKey: 'GET /pets/{id}', AuthorizationType: 'NONE', Target: route?.Target },
      });
      const { Items: integrations = [] } = await apigateway.send(new GetIntegrationsCommand({ ApiId }));
      const IntegrationId = route?.Target?.replace('integrations/', '');
      expect(integrations).toContainEqual(expect.objectContaining({ IntegrationId }));
      const integration = await apigateway.send(new GetIntegrationCommand({ ApiId, IntegrationId }));
      expect(integration).toMatchObject({
        ...{ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' },
        IntegrationUri: expect.stringContaining(':function:conformance'),
      });
    },
  },
  {
    service,
    name: 'a stage is told, and what is not there is refused by name',
    operations: ['GetStages', 'GetStage', 'GetApi'],
    async run({ apigateway, apiId: ApiId }) {
      const stage = await apigateway.send(new GetStageCommand({ ApiId, StageName: '$default' }));
      expect(stage.StageName).toBe('$default');
      const { Items } = await apigateway.send(new GetStagesCommand({ ApiId }));
      expect(Items).toMatchObject([{ StageName: '$default' }]);
      expect(await refusalOf(apigateway.send(new GetApiCommand({ ApiId: 'nobody' })))).toBe(
        'NotFoundException',
      );
      const other = apigateway.send(new GetStageCommand({ ApiId, StageName: 'other' }));
      expect(await refusalOf(other)).toBe('NotFoundException');
    },
  },
  {
    service,
    name: 'an authorizer is told with its issuer and where it looks for the token',
    operations: ['GetAuthorizers', 'GetAuthorizer'],
    async run({ apigateway, apiId: ApiId }) {
      const { Items: [first] = [] } = await apigateway.send(new GetAuthorizersCommand({ ApiId }));
      const { AuthorizerId } = first ?? {};
      expect(await apigateway.send(new GetAuthorizerCommand({ ApiId, AuthorizerId }))).toMatchObject({
        ...{ Name: 'conformance', AuthorizerType: 'JWT' },
        IdentitySource: [expect.stringMatching(/^\$request\.header\.authorization$/iu)],
        JwtConfiguration: { Issuer: expect.stringMatching(/^https:\/\/cognito-idp\./u) },
      });
    },
  },
  {
    service,
    name: 'the most specific route serves a request',
    operations: ['execute-api'],
    settled: `${guide}http-api-develop-routes.html ${served}`,
    async run(clients) {
      const routes: [line: string, key: string][] = [
        ['GET /pets/dog', 'GET /pets/dog'],
        ['POST /pets/dog', 'ANY /pets/dog'],
        ['GET /pets/cat', 'GET /pets/{id}'],
        ['POST /pets/cat', 'ANY /pets/{proxy+}'],
        ['GET /pets/cat/1', 'ANY /pets/{proxy+}'],
        ['GET /elsewhere', '$default'],
      ];
      for (const [line, key] of routes) expect(eventOf(await ask(clients, line))['routeKey']).toBe(key);
    },
  },
  {
    service,
    name: 'a function gets the request in payload format 2.0',
    operations: ['execute-api'],
    settled: `${guide}http-api-develop-integrations-lambda.html ${served}`,
    async run(clients) {
      const headers = { cookie: 'a=1; b=2', 'x-list': 'one', 'content-type': 'application/octet-stream' };
      const event = eventOf(await ask(clients, 'POST /pets/dog%20s/1?b=2&a=1&a=3', headers, 'body'));
      expect(event).toMatchObject({
        ...{ version: '2.0', routeKey: 'ANY /pets/{proxy+}', rawQueryString: 'b=2&a=1&a=3' },
        ...{ cookies: ['a=1', 'b=2'], queryStringParameters: { a: '1,3', b: '2' } },
        ...{ pathParameters: { proxy: 'dog s/1' }, isBase64Encoded: true },
        body: Buffer.from('body').toString('base64'),
        requestContext: { stage: '$default', http: { method: 'POST', protocol: 'HTTP/1.1' } },
      });
      expect(event['headers']).toMatchObject({ 'x-list': 'one' });
      expect(event['headers']).not.toHaveProperty('cookie');
    },
  },
  {
    service,
    name: 'what a function returns without a status is the body of a 200, and what cannot be an answer a 500',
    operations: ['execute-api'],
    settled: `${guide}http-api-develop-integrations-lambda.html ${served}`,
    async run(clients) {
      const plain = await ask(clients, 'GET /plain');
      expect(plain).toMatchObject({ status: 200, body: '{"hello":"there"}' });
      expect(plain.headers['content-type']).toBe('application/json');
      const made = await ask(clients, 'GET /made');
      expect(made).toMatchObject({ status: 201, body: 'made' });
      expect(made.headers).toMatchObject({ 'x-made': 'yes', 'set-cookie': expect.anything() });
      expect(await ask(clients, 'GET /broken')).toMatchObject({
        ...{ status: 500, body: '{"message":"Internal Server Error"}' },
      });
    },
  },
  {
    service,
    name: 'a JWT authorizer refuses a request without a token, and one with a token that it cannot trust',
    operations: ['execute-api'],
    settled: `${guide}http-api-jwt-authorizer.html ${served}`,
    async run(clients) {
      const bare = await ask(clients, 'GET /members');
      expect(bare).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
      expect(bare.headers['www-authenticate']).toBe('Bearer');
      const forged = await ask(clients, 'GET /members', { authorization: 'Bearer a.b.c' });
      expect(forged.status).toBe(401);
      expect(forged.headers['www-authenticate']).toContain('error="invalid_token"');
    },
  },
  {
    service,
    name: 'a preflight is answered by the CORS settings, without the function',
    operations: ['execute-api'],
    settled: `${guide}http-api-cors.html ${served}`,
    async run(clients) {
      const headers = { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' };
      const preflight = await ask(clients, 'OPTIONS /pets/dog', headers);
      expect(preflight.status).toBe(204);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': 'http://localhost:5173',
        'access-control-allow-methods': expect.stringMatching(/POST/u),
        'access-control-max-age': '60',
      });
      const foreign = await ask(clients, 'GET /plain', { origin: 'http://localhost:5174' });
      expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
    },
  },
  {
    service,
    name: 'a route beyond its throttle answers 429',
    operations: ['execute-api'],
    settled: `${guide}http-api-throttling.html ${served}`,
    async run(clients) {
      const statuses: (number | undefined)[] = [];
      for (let call = 0; call < 4; call += 1) statuses.push((await ask(clients, 'GET /narrow')).status);
      expect(statuses).toEqual([200, 200, 429, 429]);
      expect((await ask(clients, 'GET /narrow')).body).toBe('{"message":"Too Many Requests"}');
    },
  },
  {
    service,
    name: 'each request is a line of the access log',
    operations: ['execute-api'],
    settled: `${guide}http-api-logging.html ${served}`,
    async run(clients) {
      const { headers } = await ask(clients, 'GET /plain');
      const requestId = headers['apigw-requestid'];
      expect(requestId).toBeDefined();
      const find = async () => {
        const logGroupName = '/conformance/http-api';
        const { events = [] } = await clients.logs.send(new FilterLogEventsCommand({ logGroupName }));
        return events.map(({ message }) => message?.trim());
      };
      await vi.waitFor(async () => expect(await find()).toContain(`$default 200 ${requestId}`), {
        ...{ timeout: 10_000, interval: 100 },
      });
    },
  },
];
