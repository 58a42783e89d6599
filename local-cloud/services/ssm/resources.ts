import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import type { Attributes, ResourceHandler } from '../../core/service.ts';
import { removeParameter } from './managing.ts';
import { checkName, readSelected } from './names.ts';
import { latestOf, type Parameter, type Parameters, parameterTypes, type Version } from './parameters.ts';
import { put, type Wanted } from './put-parameter.ts';

/** `aws_ssm_parameter`. Its value is kept sealed with the parameter, and nowhere else. */
export function parameterResource(cloud: Cloud, parameters: Parameters): ResourceHandler {
  const terraform = `arn:aws:iam::${cloud.accountId}:root`;

  async function changed(wanted: Wanted, keepValue: boolean): Promise<Parameter> {
    const standing = parameters.named(wanted.name);
    if (standing && wanted.type !== latestOf(standing).type) {
      // Terraform replaces a parameter whose type changes.
      await removeParameter(cloud, parameters, standing);
    } else if (standing) {
      const value = keepValue ? parameters.plainValue(standing, latestOf(standing)) : wanted.value;
      if (!differs(parameters, standing, { ...wanted, value })) return standing;
      await put(cloud, parameters, { ...wanted, value, tags: {} }, terraform);
      return standing;
    }
    await put(cloud, parameters, wanted, terraform);
    return parameters.existing(wanted.name);
  }

  return {
    async apply({ desired, ignoreChanges = [] }, previous) {
      const wanted = readWanted(desired);
      checkName(wanted.name);
      const before = previous?.['name'];
      if (typeof before === 'string' && before !== wanted.name) {
        const old = parameters.named(before);
        if (old) await removeParameter(cloud, parameters, old);
      }
      const isIgnored = ['value', 'insecure_value', 'all'].some((name) => ignoreChanges.includes(name));
      const parameter = await changed(wanted, isIgnored);
      await parameters.setTags(parameter, wanted.tags);
      const { value: _, insecure_value: _open, value_wo: _written, ...shown } = desired;
      const { version, tier, keyId, type } = latestOf(parameter);
      return {
        ...{ ...shown, id: parameter.name, name: parameter.name, arn: parameter.arn, type, tier, version },
        ...{ data_type: 'text', key_id: keyId ?? '' },
      };
    },
    async remove(_address, previous) {
      const parameter = parameters.named(String(previous['name']));
      if (parameter) await removeParameter(cloud, parameters, parameter);
    },
  };
}

function readWanted(desired: Attributes): Wanted {
  if (desired['value_wo'] !== undefined) throw notSupported('aws_ssm_parameter', 'with value_wo');
  const dataType = desired['data_type'] ?? 'text';
  if (dataType !== 'text') throw notSupported('aws_ssm_parameter', `with the data type ${dataType}`);
  const type = parameterTypes.find((each) => each === desired['type']);
  const value = desired['value'] ?? desired['insecure_value'];
  if (!type || value === undefined)
    throw new AwsError('ValidationException', 'A parameter needs a name, a value and a type of the three.');
  const optional = (name: string) => (desired[name] === undefined ? undefined : String(desired[name]));
  const tier = optional('tier');
  if (tier !== undefined && tier !== 'Standard' && tier !== 'Advanced' && tier !== 'Intelligent-Tiering')
    throw new AwsError('ValidationException', `There is no tier ${tier}.`);
  const tags = Object.entries((desired['tags'] ?? {}) as Attributes);
  return {
    ...{ name: String(desired['name']), value: String(value), type, tier },
    description: optional('description'),
    allowedPattern: optional('allowed_pattern'),
    keyId: optional('key_id'),
    tags: Object.fromEntries(tags.map(([key, tag]) => [key, String(tag)])),
  };
}

function differs(parameters: Parameters, parameter: Parameter, wanted: Wanted): boolean {
  const latest: Version = latestOf(parameter);
  return (
    parameters.plainValue(parameter, latest) !== wanted.value ||
    (wanted.description ?? '') !== (latest.description ?? '') ||
    (wanted.allowedPattern ?? '') !== (latest.allowedPattern ?? '') ||
    (wanted.tier === 'Advanced' && latest.tier !== 'Advanced') ||
    (wanted.keyId !== undefined && wanted.keyId !== latest.keyId)
  );
}

/** What the data source `aws_ssm_parameter` tells. Throws `ParameterNotFound`. */
export function readParameter(parameters: Parameters, body: Attributes): Attributes {
  const selected = readSelected(String(body['name']));
  const { parameter, version } = parameters.selected(selected);
  const isSealed = version.type === 'SecureString' && body['with_decryption'] === false;
  const value = isSealed ? version.value : parameters.plainValue(parameter, version);
  return {
    ...{ id: body['name'], name: body['name'], arn: parameter.arn, type: version.type, value },
    ...{ insecure_value: version.type === 'SecureString' ? '' : value, version: version.version },
  };
}
