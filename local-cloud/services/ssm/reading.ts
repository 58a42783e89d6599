import { AwsError } from '../../core/errors.ts';
import { flag, type Input, integer, requiredText, requiredTexts, text } from '../../core/input.ts';
import { pageOf } from '../../core/pages.ts';
import type { Operation } from '../../core/service.ts';
import { matcherOf } from './filters.ts';
import { bareName, checkPath, isWithin, readSelected } from './names.ts';
import { latestOf, type Parameter, type Parameters, type Version } from './parameters.ts';

const invalidToken = () => new AwsError('InvalidNextToken', 'The specified token is not valid.');

/** What reads values: `GetParameter` and its kin. */
export function readingOperations(parameters: Parameters): Record<string, Operation> {
  const shownValue = (parameter: Parameter, version: Version, input: Input) =>
    flag(input, 'WithDecryption') === true ? parameters.plainValue(parameter, version) : version.value;
  const describe = (parameter: Parameter, version: Version, input: Input, selector?: string) => ({
    ...{ Name: parameter.name, Type: version.type, Value: shownValue(parameter, version, input) },
    ...{ Version: version.version, Selector: selector === undefined ? undefined : `:${selector}` },
    ...{ LastModifiedDate: new Date(version.modifiedAt), ARN: parameter.arn, DataType: 'text' },
  });
  const find = (given: string, input: Input) => {
    const selected = readSelected(given);
    const { parameter, version } = parameters.selected(selected);
    return describe(parameter, version, input, selected.selector);
  };

  return {
    async GetParameter(input) {
      return { Parameter: find(requiredText(input, 'Name'), input) };
    },
    async GetParameters(input) {
      const found: object[] = [];
      const InvalidParameters: string[] = [];
      for (const name of new Set(requiredTexts(input, 'Names', 10))) {
        try {
          found.push(find(name, input));
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          InvalidParameters.push(name);
        }
      }
      return { Parameters: found, InvalidParameters };
    },
    async GetParametersByPath(input) {
      const path = bareName(requiredText(input, 'Path'));
      checkPath(path);
      const recursive = flag(input, 'Recursive') ?? false;
      const matches = matcherOf(input, ['Type', 'KeyId', 'Label']);
      const labels = labelsWanted(input);
      const found = parameters
        .all()
        .filter((parameter) => isWithin(parameter.name, path, recursive) && matches(parameter))
        .map((parameter) => ({ parameter, version: versionWith(parameter, labels) }));
      const size = integer(input, 'MaxResults', 1, 10) ?? 10;
      const token = text(input, 'NextToken');
      const { items, next } = pageOf(found, (each) => each.parameter.name, size, token, invalidToken);
      return {
        Parameters: items.map(({ parameter, version }) => describe(parameter, version, input)),
        NextToken: next,
      };
    },
    async GetParameterHistory(input) {
      const parameter = parameters.existing(requiredText(input, 'Name'));
      const size = integer(input, 'MaxResults', 1, 50) ?? 50;
      const keyOf = ({ version }: Version) => String(version).padStart(10, '0');
      const { items, next } = pageOf(parameter.versions, keyOf, size, text(input, 'NextToken'), invalidToken);
      return {
        Parameters: items.map((version) => ({
          ...describeVersion(parameter, version),
          Value: shownValue(parameter, version, input),
          Labels: version.labels,
        })),
        NextToken: next,
      };
    },
    async DescribeParameters(input) {
      if (flag(input, 'Shared') === true) return { Parameters: [] };
      const matches = matcherOf(input, ['Name', 'Type', 'KeyId', 'Path', 'Tier', 'DataType']);
      const size = integer(input, 'MaxResults', 1, 50) ?? 50;
      const found = parameters.all().filter(matches);
      const { items, next } = pageOf(found, ({ name }) => name, size, text(input, 'NextToken'), invalidToken);
      return {
        Parameters: items.map((parameter) => ({
          ...describeVersion(parameter, latestOf(parameter)),
          ARN: parameter.arn,
        })),
        NextToken: next,
      };
    },
  };
}

function labelsWanted(input: Input): string[] {
  const filters = Array.isArray(input['ParameterFilters']) ? (input['ParameterFilters'] as Input[]) : [];
  return filters.filter(({ Key }) => Key === 'Label').flatMap(({ Values }) => Values as string[]);
}

/** A filter by label answers the version that bears it. */
const versionWith = (parameter: Parameter, labels: readonly string[]): Version =>
  parameter.versions.find((version) => version.labels.some((label) => labels.includes(label))) ??
  latestOf(parameter);

function describeVersion({ name }: Parameter, version: Version) {
  return {
    ...{ Name: name, Type: version.type, KeyId: version.keyId, Version: version.version },
    LastModifiedDate: new Date(version.modifiedAt),
    LastModifiedUser: version.modifiedBy,
    ...{ Description: version.description, AllowedPattern: version.allowedPattern },
    ...{ Tier: version.tier, Policies: [], DataType: 'text' },
  };
}
