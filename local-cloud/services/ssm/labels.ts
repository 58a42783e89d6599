import type { Cloud } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';
import { constraint, type Input, integer, requiredText, requiredTexts } from '../../core/input.ts';
import type { Operation } from '../../core/service.ts';
import { announceChange } from './change-events.ts';
import { versionNotFound } from './names.ts';
import { latestOf, type Parameter, type Parameters, type Version } from './parameters.ts';

const mostLabels = 10;

/** Labels name a version by more than its number; each label stands at one version. */
export function labelOperations(cloud: Cloud, parameters: Parameters): Record<string, Operation> {
  return {
    async LabelParameterVersion(input) {
      const parameter = parameters.existing(requiredText(input, 'Name'));
      const version = versionOf(parameter, input) ?? latestOf(parameter);
      const labels = readLabels(input);
      const InvalidLabels = labels.filter((label) => !isLabel(label));
      const valid = [...new Set(labels.filter(isLabel))];
      const wanted = [...new Set([...version.labels, ...valid])];
      if (wanted.length > mostLabels) {
        throw new AwsError(
          'ParameterVersionLabelLimitExceeded',
          `A parameter version can have maximum ${mostLabels} labels. Move one or more labels to another version and try again.`,
        );
      }
      if (valid.length > 0) {
        const moved = parameter.versions
          .filter((each) => each !== version && each.labels.some((label) => valid.includes(label)))
          .map((each) => without(each, valid));
        await parameters.changeVersions(parameter, [...moved, { ...version, labels: wanted }]);
        await announceChange(cloud, parameter, version, 'LabelParameterVersion');
      }
      return { InvalidLabels, ParameterVersion: version.version };
    },
    async UnlabelParameterVersion(input) {
      const parameter = parameters.existing(requiredText(input, 'Name'));
      const version = versionOf(parameter, input);
      if (!version) throw constraint('ParameterVersion', 'null', 'not be null');
      const labels = readLabels(input);
      const RemovedLabels = labels.filter((label) => version.labels.includes(label));
      if (RemovedLabels.length > 0)
        await parameters.changeVersions(parameter, [without(version, RemovedLabels)]);
      return { RemovedLabels, InvalidLabels: labels.filter((label) => !RemovedLabels.includes(label)) };
    },
  };
}

function versionOf(parameter: Parameter, input: Input): Version | undefined {
  const number = integer(input, 'ParameterVersion', 0, Number.MAX_SAFE_INTEGER);
  if (number === undefined) return undefined;
  const found = parameter.versions.find(({ version }) => version === number);
  if (!found) throw versionNotFound(parameter.name, String(number), true);
  return found;
}

function readLabels(input: Input): string[] {
  const labels = requiredTexts(input, 'Labels', mostLabels);
  if (labels.some((label) => label.length < 1 || label.length > 100)) {
    throw constraint(
      'Labels',
      "'[…]'",
      'satisfy constraint: [Member must have length less than or equal to 100, Member must have length greater than or equal to 1]',
    );
  }
  return labels;
}

/** Letters, digits, dots, dashes and underscores; no digit first, and not the names that AWS keeps. */
const isLabel = (label: string) => /^(?!\d|aws|ssm)[\w.-]+$/iu.test(label);

const without = (version: Version, labels: readonly string[]): Version => ({
  ...version,
  labels: version.labels.filter((label) => !labels.includes(label)),
});
