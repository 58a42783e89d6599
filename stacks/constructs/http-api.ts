import {
  Apigatewayv2Api,
  Apigatewayv2Authorizer,
  Apigatewayv2Stage,
  CloudwatchLogGroup,
  Construct,
} from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';
import type { UserPool } from './user-pool.ts';

/** One line per request, in JSON. */
const accessLogFormat = JSON.stringify({
  time: '$context.requestTime',
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  user: '$context.authorizer.claims.sub',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.routeKey',
  status: '$context.status',
  latency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  responseLength: '$context.responseLength',
  error: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
});

/** The HTTP API, and the authorizer that lets the user pool's tokens pass. */
export class HttpApi extends Construct {
  readonly apiId: string;
  readonly endpoint: string;
  readonly authorizerId: string;

  constructor(scope: Construct, id: string, { users }: { users: UserPool }) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const name = stack.resourceName('api');
    const api = new Apigatewayv2Api(this, 'api', { name, protocolType: 'HTTP' });
    this.apiId = api.id;
    this.endpoint = api.apiEndpoint;

    this.authorizerId = new Apigatewayv2Authorizer(this, 'authorizer', {
      apiId: api.id,
      name: 'user-pool',
      authorizerType: 'JWT',
      identitySources: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: users.issuer, audience: [users.clientId] },
    }).id;

    const accessLog = new CloudwatchLogGroup(this, 'access-log', {
      name: `/aws/vendedlogs/apigateway/${name}`,
      retentionInDays: stack.settings.logRetentionDays,
    });
    new Apigatewayv2Stage(this, 'stage', {
      apiId: api.id,
      name: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLog.arn, format: accessLogFormat },
      defaultRouteSettings: {
        throttlingRateLimit: 1000,
        throttlingBurstLimit: 2000,
        detailedMetricsEnabled: true,
      },
    });
  }
}
