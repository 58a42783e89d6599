import type { Cloud } from '../../core/cloud.ts';
import { urisOf } from './endpoint.ts';
import type { ApiKey, DataSource, GraphqlApi, PipelineFunction, Resolver, UserPool } from './model.ts';

/** The things of an API as the control plane answers them. */
export function describeApi(cloud: Cloud, api: GraphqlApi): object {
  const [defaultType, ...additional] = [api.authenticationType, ...api.additionalTypes];
  const pools = [...api.userPools];
  const provider = (authenticationType: string, isDefault: boolean) => {
    const pool = authenticationType === 'AMAZON_COGNITO_USER_POOLS' ? pools.shift() : undefined;
    return { authenticationType, ...(pool && { userPoolConfig: describePool(cloud, pool, isDefault) }) };
  };
  return {
    apiId: api.id,
    arn: api.arn,
    name: api.name,
    apiType: 'GRAPHQL',
    visibility: 'GLOBAL',
    owner: cloud.accountId,
    ...provider(defaultType as string, true),
    ...(additional.length > 0 && {
      additionalAuthenticationProviders: additional.map((type) => provider(type, false)),
    }),
    ...(api.log && {
      logConfig: {
        fieldLogLevel: api.log.level,
        cloudWatchLogsRoleArn: api.log.roleArn,
        excludeVerboseContent: !api.log.verbose,
      },
    }),
    uris: urisOf(cloud.endpointUrl, api.id),
    xrayEnabled: api.xray,
    introspectionConfig: api.introspection ? 'ENABLED' : 'DISABLED',
    queryDepthLimit: api.depthLimit,
    resolverCountLimit: api.resolverLimit,
    tags: api.tags,
  };
}

function describePool({ region }: Cloud, pool: UserPool, isDefault: boolean): object {
  return {
    userPoolId: pool.poolId,
    awsRegion: /cognito-idp\.([^.]+)\./u.exec(pool.issuer)?.[1] ?? region,
    ...(isDefault && { defaultAction: pool.defaultAction }),
    ...(pool.clientPattern !== undefined && { appIdClientRegex: pool.clientPattern }),
  };
}

export function describeDataSource({ name, arn, description, lambda }: DataSource): object {
  return {
    name,
    dataSourceArn: arn,
    type: lambda ? 'AWS_LAMBDA' : 'NONE',
    ...(description !== undefined && { description }),
    ...(lambda && {
      serviceRoleArn: lambda.roleArn,
      lambdaConfig: { lambdaFunctionArn: lambda.functionArn },
    }),
  };
}

const runtimeOf = (code: string | undefined) =>
  code === undefined ? {} : { code, runtime: { name: 'APPSYNC_JS', runtimeVersion: '1.0.0' } };

export function describeResolver({ typeName, fieldName, arn, code, dataSource, pipeline }: Resolver): object {
  return {
    typeName,
    fieldName,
    resolverArn: arn,
    kind: pipeline ? 'PIPELINE' : 'UNIT',
    ...(dataSource !== undefined && { dataSourceName: dataSource }),
    ...(pipeline && { pipelineConfig: { functions: pipeline } }),
    ...runtimeOf(code),
  };
}

export function describeFunction({ id, arn, name, dataSource, code }: PipelineFunction): object {
  return {
    functionId: id,
    functionArn: arn,
    name,
    dataSourceName: dataSource,
    functionVersion: '2018-05-29',
    ...runtimeOf(code),
  };
}

/** Times in seconds since 1970; AWS forgets a key 60 days after it has expired. */
export function describeKey({ key, description, expiresAt }: ApiKey): object {
  const expires = Math.floor(expiresAt / 1000);
  return {
    id: key,
    expires,
    deletes: expires + 60 * 24 * 3600,
    ...(description !== undefined && { description }),
  };
}
