import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { strToU8, zipSync } from 'fflate';
import type { Clients } from './case.ts';

/** Answers what it was asked; `/answers/…` what the address says. */
const answering = `export const handler = async (event) => {
  if (event.rawPath === '/plain') return { hello: 'there' };
  if (event.rawPath === '/broken') return { statusCode: 'none' };
  if (event.rawPath === '/made')
    return { statusCode: 201, headers: { 'x-made': 'yes' }, cookies: ['a=1', 'b=2'], body: 'bWFkZQ==', isBase64Encoded: true };
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) };
};`;

const name = 'conformance';
const cors = {
  allow_origins: ['http://localhost:5173'],
  allow_methods: ['GET', 'POST'],
  allow_headers: ['x-token'],
  expose_headers: ['x-made'],
  max_age: 60,
};
/** In the order of which no priority follows. */
const routeKeys = [
  '$default',
  'ANY /pets/{proxy+}',
  'GET /pets/{id}',
  'GET /pets/dog',
  'ANY /pets/dog',
  'GET /narrow',
];
/** An HTTP API that is served by a function, whose code is written to `folder`. */
export function httpApiTerraform(folder: string): Record<string, Record<string, object>> {
  writeFileSync(join(folder, 'answering.zip'), zipSync({ 'index.mjs': strToU8(answering) }));
  const api_id = '${aws_apigatewayv2_api.conformance.id}';
  const route = (route_key: string, more: object = {}) => ({
    ...{ api_id, route_key, target: 'integrations/${aws_apigatewayv2_integration.conformance.id}' },
    ...more,
  });
  return {
    aws_lambda_function: {
      conformance: {
        ...{
          function_name: name,
          filename: 'answering.zip',
          handler: 'index.handler',
          runtime: 'nodejs22.x',
        },
        ...{ role: '${aws_iam_role.conformance.arn}', timeout: 10 },
      },
    },
    aws_lambda_permission: {
      conformance: {
        ...{ function_name: name, action: 'lambda:InvokeFunction', principal: 'apigateway.amazonaws.com' },
        source_arn: '${aws_apigatewayv2_api.conformance.execution_arn}/*/*',
      },
    },
    aws_apigatewayv2_api: { conformance: { name, protocol_type: 'HTTP', cors_configuration: cors } },
    aws_apigatewayv2_integration: {
      conformance: {
        ...{ api_id, integration_type: 'AWS_PROXY', payload_format_version: '2.0' },
        integration_uri: '${aws_lambda_function.conformance.invoke_arn}',
      },
    },
    aws_cognito_user_pool: { conformance: { name } },
    aws_cognito_user_pool_client: {
      conformance: {
        ...{ name, user_pool_id: '${aws_cognito_user_pool.conformance.id}' },
        explicit_auth_flows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      },
    },
    aws_apigatewayv2_authorizer: {
      conformance: {
        ...{ api_id, name, authorizer_type: 'JWT', identity_sources: ['$request.header.Authorization'] },
        jwt_configuration: {
          audience: ['${aws_cognito_user_pool_client.conformance.id}'],
          issuer: 'https://${aws_cognito_user_pool.conformance.endpoint}',
        },
      },
    },
    aws_apigatewayv2_route: {
      ...Object.fromEntries(routeKeys.map((key, index) => [`route${index}`, route(key)])),
      members: route('GET /members', {
        ...{ authorization_type: 'JWT', authorizer_id: '${aws_apigatewayv2_authorizer.conformance.id}' },
      }),
    },
    aws_cloudwatch_log_group: { conformance: { name: '/conformance/http-api' } },
    aws_apigatewayv2_stage: {
      conformance: {
        ...{ api_id, name: '$default', auto_deploy: true },
        access_log_settings: {
          destination_arn: '${aws_cloudwatch_log_group.conformance.arn}',
          format: '$context.routeKey $context.status $context.requestId',
        },
        route_settings: {
          ...{ route_key: 'GET /narrow', throttling_rate_limit: 0.001, throttling_burst_limit: 2 },
        },
      },
    },
  };
}

/** The same at the reference, as far as its control plane goes; answers the id of the API. */
export async function makeHttpApi({ apigateway: client }: Clients): Promise<string> {
  const { ApiId } = await client.send(
    new CreateApiCommand({
      ...{ Name: name, ProtocolType: 'HTTP' },
      CorsConfiguration: {
        ...{ AllowOrigins: cors.allow_origins, AllowMethods: cors.allow_methods, MaxAge: cors.max_age },
        ...{ AllowHeaders: cors.allow_headers, ExposeHeaders: cors.expose_headers },
      },
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ...{ ApiId, IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' },
      IntegrationUri: 'arn:aws:lambda:us-east-1:123456789012:function:conformance',
    }),
  );
  for (const RouteKey of [...routeKeys, 'GET /members'])
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
  await client.send(
    new CreateAuthorizerCommand({
      ...{ ApiId, Name: name, AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'] },
      JwtConfiguration: {
        Audience: ['a'],
        Issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a',
      },
    }),
  );
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  return ApiId ?? '';
}
