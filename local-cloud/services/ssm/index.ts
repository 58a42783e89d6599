import { openSecretsAtRest } from '../../core/secrets-at-rest.ts';
import type { CreateService } from '../../core/service.ts';
import { labelOperations } from './labels.ts';
import { managingOperations } from './managing.ts';
import { Parameters } from './parameters.ts';
import { putParameter } from './put-parameter.ts';
import { readingOperations } from './reading.ts';
import { parameterResource, readParameter } from './resources.ts';
import { counted, holdings } from './usage.ts';
import { parametersView } from './views.ts';
import { wantedOfParameters } from './wanted.ts';

/** AWS Systems Manager, as far as it is the Parameter Store: versions, labels, paths; secure values sealed on disk. */
export const createSsm: CreateService = async (cloud) => {
  const parameters = new Parameters(cloud, openSecretsAtRest(cloud.dataDirectory));
  await parameters.load();
  const operations = {
    PutParameter: putParameter(cloud, parameters),
    ...readingOperations(parameters),
    ...labelOperations(cloud, parameters),
    ...managingOperations(cloud, parameters),
  };
  return {
    signingNames: ['ssm'],
    resources: { aws_ssm_parameter: parameterResource(cloud, parameters) },
    dataSources: { aws_ssm_parameter: async (body) => readParameter(parameters, body) },
    operations: counted(cloud, parameters, operations),
    views: [parametersView(parameters)],
    wanted: (operation, input) =>
      wantedOfParameters(operation, input, `arn:aws:ssm:${cloud.region}:${cloud.accountId}:parameter`),
    holdings: async () => holdings(parameters),
  };
};
