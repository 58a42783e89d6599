import { isObjectType } from 'graphql';
import { block } from '../../core/blocks.ts';
import { AwsError } from '../../core/errors.ts';
import type { Attributes } from '../../core/service.ts';
import type { JavascriptRuntime } from './javascript/runtime.ts';
import type { DataSource, PipelineFunction, Resolver } from './model.ts';
import type { Registry } from './registry.ts';
import { refuseArguments, unsupported } from './unsupported.ts';

/** The arguments of `aws_appsync_datasource`. */
export function readDataSource(desired: Attributes, arn: string): DataSource {
  const name = String(desired['name']);
  if (!/^[_A-Za-z][_0-9A-Za-z]*$/u.test(name))
    throw new AwsError('BadRequestException', `A data source cannot be named ${name}.`);
  const common = {
    apiId: String(desired['api_id']),
    name,
    arn,
    description: typeof desired['description'] === 'string' ? desired['description'] : undefined,
  };
  if (desired['type'] === 'NONE') return { ...common, lambda: undefined };
  if (desired['type'] !== 'AWS_LAMBDA')
    throw unsupported(`a data source of the type "${String(desired['type'])}"`);
  const functionArn = block(desired['lambda_config'])?.['function_arn'];
  const roleArn = desired['service_role_arn'];
  if (typeof functionArn !== 'string' || typeof roleArn !== 'string')
    throw new AwsError('BadRequestException', `The data source ${name} needs a function and a service role.`);
  return { ...common, lambda: { functionArn, roleArn } };
}

/** The arguments of `aws_appsync_resolver`. */
export function readResolver(
  registry: Registry,
  javascript: JavascriptRuntime,
  desired: Attributes,
  arn: string,
): Resolver {
  refuseArguments(desired, ['request_template', 'response_template', 'caching_config', 'sync_config']);
  refuseBatches(desired);
  const [apiId, typeName, fieldName] = ['api_id', 'type', 'field'].map((name) => String(desired[name])) as [
    string,
    string,
    string,
  ];
  requireField(registry, apiId, typeName, fieldName);
  const code = readCode(javascript, desired);
  const common = { apiId, arn, typeName, fieldName, code };
  if ((desired['kind'] ?? 'UNIT') === 'UNIT') {
    const dataSource = String(desired['data_source'] ?? '');
    requireSource(registry, apiId, dataSource, code);
    return { ...common, dataSource, pipeline: undefined };
  }
  if (code === undefined) throw unsupported('a pipeline without APPSYNC_JS code');
  const functions = block(desired['pipeline_config'])?.['functions'];
  const pipeline = (Array.isArray(functions) ? functions : []).map(String);
  const lost = pipeline.find((id) => !registry.functions.has(`${apiId}-${id}`));
  if (lost !== undefined) throw new AwsError('NotFoundException', `No function found with id ${lost}.`, 404);
  return { ...common, dataSource: undefined, pipeline };
}

/** The arguments of `aws_appsync_function`. */
export function readFunction(
  registry: Registry,
  javascript: JavascriptRuntime,
  desired: Attributes,
  { id, arn }: Pick<PipelineFunction, 'id' | 'arn'>,
): PipelineFunction {
  refuseArguments(desired, ['request_mapping_template', 'response_mapping_template', 'sync_config']);
  refuseBatches(desired);
  const apiId = String(desired['api_id']);
  const dataSource = String(desired['data_source']);
  const code = readCode(javascript, desired);
  requireSource(registry, apiId, dataSource, code);
  return { id, apiId, arn, name: String(desired['name']), dataSource, code };
}

function refuseBatches(desired: Attributes): void {
  if (Number(desired['max_batch_size'] ?? 0) > 0) throw unsupported('the argument max_batch_size');
}

function readCode(javascript: JavascriptRuntime, desired: Attributes): string | undefined {
  const { code } = desired;
  if (typeof code !== 'string' || code === '') return undefined;
  const runtime = block(desired['runtime']);
  if (runtime?.['name'] !== 'APPSYNC_JS' || runtime['runtime_version'] !== '1.0.0')
    throw unsupported('code for another runtime than APPSYNC_JS 1.0.0');
  javascript.check(code);
  return code;
}

function requireField(registry: Registry, apiId: string, typeName: string, fieldName: string): void {
  const type = registry.apis.get(apiId)?.schema?.getType(typeName);
  if (isObjectType(type) && Object.hasOwn(type.getFields(), fieldName)) return;
  throw new AwsError('NotFoundException', `No field named ${fieldName} found on type ${typeName}`, 404);
}

function requireSource(registry: Registry, apiId: string, name: string, code: string | undefined): void {
  const source = registry.dataSource(apiId, name);
  if (!source) throw new AwsError('NotFoundException', `No data source found named ${name}`, 404);
  if (!source.lambda && code === undefined)
    throw new AwsError(
      'BadRequestException',
      `A resolver of the data source ${name}, which is NONE, needs code.`,
    );
}
