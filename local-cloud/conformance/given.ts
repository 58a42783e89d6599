import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { type Clients, clientsOf, type Given, roleName } from './case.ts';
import { appsyncApi, makeAppsyncApi } from './cases/appsync.ts';
import { httpApiTerraform, makeHttpApi } from './http-api.ts';

const bucket = 'conformance';
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: {
        Service: ['lambda.amazonaws.com', 'scheduler.amazonaws.com', 'states.amazonaws.com'],
        AWS: 'arn:aws:iam::000000000000:root',
      },
    },
  ],
});
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

/** What stands in the local cloud before the first case, as Terraform in `folder`; answers the folder of the stacks. */
export function writeGiven(folder: string): string {
  const stack = join(folder, 'stacks', 'conformance');
  mkdirSync(stack, { recursive: true });
  writeFileSync(
    join(stack, 'cdk.tf.json'),
    JSON.stringify({
      resource: {
        aws_s3_bucket: { conformance: { bucket } },
        aws_iam_role: { conformance: { name: roleName, assume_role_policy: trust } },
        aws_iam_role_policy: {
          conformance: { name: 'all', role: '${aws_iam_role.conformance.name}', policy: everything },
        },
        aws_appsync_graphql_api: { conformance: appsyncApi },
        ...httpApiTerraform(stack),
      },
      output: {
        apiId: { value: '${aws_apigatewayv2_api.conformance.id}' },
        graphqlApi: { value: '${aws_appsync_graphql_api.conformance.id}' },
      },
    }),
  );
  return join(folder, 'stacks');
}

/** What was made of it, with the Terraform outputs. */
export const givenHere = (outputs: Readonly<Record<string, unknown>> = {}): Given => ({
  bucket,
  role: `arn:aws:iam::000000000000:role/${roleName}`,
  apiId: String(outputs['apiId']),
  graphqlApi: String(outputs['graphqlApi']),
});

/**
 * Empties moto and gives it what the cases of this service need, as far as it can: it runs no second execution of a state
 * machine beside one that stands, and unless it is told to, none at all.
 */
export async function giveReference(endpoint: string, service: string): Promise<Clients> {
  await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
  const body = JSON.stringify({ stepfunctions: { execute_state_machine: true } });
  await fetch(`${endpoint}/moto-api/config`, { method: 'POST', body });
  const given = { bucket, role: `arn:aws:iam::123456789012:role/${roleName}`, apiId: '', graphqlApi: '' };
  const clients = clientsOf(endpoint, given);
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await clients.iam.send(new CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: trust }));
  if (service === 'API Gateway') return clientsOf(endpoint, { ...given, apiId: await makeHttpApi(clients) });
  if (service === 'AppSync')
    return clientsOf(endpoint, { ...given, graphqlApi: await makeAppsyncApi(clients) });
  return clients;
}
