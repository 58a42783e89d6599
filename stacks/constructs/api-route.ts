import { Apigatewayv2Integration, Apigatewayv2Route, Construct, LambdaPermission } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';
import type { HttpApi } from './http-api.ts';
import type { PlatformFunction } from './platform-function.ts';

interface Props {
  api: HttpApi;
  /** `METHOD /path`, or `$default` for whatever no other route answers. */
  route: string;
  handler: PlatformFunction;
  /** Answers without a token. */
  open?: boolean;
}

/** A route of the API that a function answers, for signed-in callers unless it is open. */
export class ApiRoute extends Construct {
  constructor(scope: Construct, id: string, { api, route, handler, open = false }: Props) {
    super(scope, id);
    const integration = new Apigatewayv2Integration(this, 'integration', {
      apiId: api.apiId,
      integrationType: 'AWS_PROXY',
      integrationUri: handler.invokeArn,
      payloadFormatVersion: '2.0',
    });
    new Apigatewayv2Route(this, 'route', {
      apiId: api.apiId,
      routeKey: route,
      target: `integrations/${integration.id}`,
      ...(open
        ? { authorizationType: 'NONE' }
        : { authorizationType: 'JWT', authorizerId: api.authorizerId }),
    });
    new LambdaPermission(this, 'permission', {
      statementId: 'api',
      action: 'lambda:InvokeFunction',
      functionName: handler.name,
      principal: 'apigateway.amazonaws.com',
      sourceArn: SkafuStack.of(this).arn('execute-api', `${api.apiId}/*/${callersOf(route)}`),
    });
  }
}

/** How API Gateway names the route when it calls: `POST/alerts/*` for `POST /alerts/{alertId}`. */
function callersOf(route: string): string {
  return route.replace(' ', '').replace(/\{[^}]+\}/g, '*');
}
