import type { Cloud } from '../../core/cloud.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import { type Input, requiredText, requiredTexts, tagList, tagsOf } from '../../core/input.ts';
import type { Operation } from '../../core/service.ts';
import { announceChange } from './change-events.ts';
import { latestOf, type Parameter, type Parameters } from './parameters.ts';

const mostTags = 50;

/** Removes a parameter with all its versions, and says so on the default bus. */
export async function removeParameter(
  cloud: Cloud,
  parameters: Parameters,
  parameter: Parameter,
): Promise<void> {
  await parameters.remove(parameter);
  await announceChange(cloud, parameter, latestOf(parameter), 'Delete');
}

/** What deletes parameters, and their tags. */
export function managingOperations(cloud: Cloud, parameters: Parameters): Record<string, Operation> {
  function tagged(input: Input): Parameter {
    const type = requiredText(input, 'ResourceType');
    if (type !== 'Parameter') throw notSupported('ssm', `tags of the resource type ${type}`);
    const id = requiredText(input, 'ResourceId');
    const parameter = parameters.named(id);
    if (!parameter) {
      throw new AwsError(
        'InvalidResourceId',
        `The resource ID "${id}" is not valid. Verify the ID and try again.`,
      );
    }
    return parameter;
  }

  return {
    async DeleteParameter(input) {
      await removeParameter(cloud, parameters, parameters.existing(requiredText(input, 'Name')));
      return {};
    },
    async DeleteParameters(input) {
      const names = [...new Set(requiredTexts(input, 'Names', 10))];
      const found = names.flatMap((name) => {
        const parameter = parameters.named(name);
        return parameter ? [{ name, parameter }] : [];
      });
      for (const { parameter } of found) await removeParameter(cloud, parameters, parameter);
      const DeletedParameters = found.map(({ name }) => name);
      return {
        DeletedParameters,
        InvalidParameters: names.filter((name) => !DeletedParameters.includes(name)),
      };
    },
    async AddTagsToResource(input) {
      const parameter = tagged(input);
      const tags = { ...parameter.tags, ...tagsOf(input) };
      if (Object.keys(tags).length > mostTags)
        throw new AwsError('TooManyTagsError', `A parameter has at most ${mostTags} tags.`);
      await parameters.setTags(parameter, tags);
      return {};
    },
    async RemoveTagsFromResource(input) {
      const parameter = tagged(input);
      const gone = requiredTexts(input, 'TagKeys', 200);
      const left = Object.entries(parameter.tags).filter(([key]) => !gone.includes(key));
      await parameters.setTags(parameter, Object.fromEntries(left));
      return {};
    },
    async ListTagsForResource(input) {
      return { TagList: tagList(tagged(input).tags) };
    },
  };
}
