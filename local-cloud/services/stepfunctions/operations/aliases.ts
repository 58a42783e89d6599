import { AwsError } from '../../../core/errors.ts';
import type { Operation } from '../../../core/service.ts';
import type { MachineAlias } from '../machines.ts';
import type { Parts } from '../operations.ts';
import { machineArnOf, type Registry } from '../registry.ts';
import { checkName, page, requiredText, textOf } from '../values.ts';

type Input = Record<string, unknown>;

/** Aliases: names for versions that executions are started by. */
export function aliasOperations({ registry }: Parts): Record<string, Operation> {
  const aliasIn = (input: Input): MachineAlias => {
    const arn = requiredText(input, 'stateMachineAliasArn');
    const alias = registry.aliases.get(arn);
    if (alias) return alias;
    throw new AwsError('ResourceNotFound', 'Request references a resource that does not exist.');
  };
  return {
    async CreateStateMachineAlias(input) {
      const name = aliasName(requiredText(input, 'name'));
      const routing = routingOf(input['routingConfiguration'], registry);
      const alias = aliasOf(name, textOf(input, 'description') ?? '', routing);
      const existing = registry.aliases.get(alias.arn);
      const held = ({ description, routing: routes }: MachineAlias) => JSON.stringify([description, routes]);
      if (existing && held(existing) !== held(alias)) {
        throw new AwsError(
          'ConflictException',
          'Failed to create alias because an alias with the same name and a different routing configuration already exists.',
        );
      }
      if (!existing) await registry.keep('alias', alias);
      return { stateMachineAliasArn: alias.arn, creationDate: (existing ?? alias).createdAt / 1000 };
    },
    async UpdateStateMachineAlias(input) {
      const before = aliasIn(input);
      const given = input['routingConfiguration'];
      const description = textOf(input, 'description');
      if (given === undefined && description === undefined) {
        throw new AwsError(
          'ValidationException',
          'Either the routing configuration or the description must be specified.',
        );
      }
      const routing = given === undefined ? before.routing : routingOf(given, registry);
      if (routing.some((each) => machineArnOf(each.stateMachineVersionArn) !== machineArnOf(before.arn))) {
        throw new AwsError('ValidationException', 'The versions must be of the state machine of the alias.');
      }
      const alias = {
        ...before,
        routing,
        description: description ?? before.description,
        updatedAt: Date.now(),
      };
      await registry.keep('alias', alias);
      return { updateDate: alias.updatedAt / 1000 };
    },
    async DeleteStateMachineAlias(input) {
      await registry.remove('alias', aliasIn(input).arn);
      return {};
    },
    async DescribeStateMachineAlias(input) {
      const { arn, name, description, routing, createdAt, updatedAt } = aliasIn(input);
      return {
        stateMachineAliasArn: arn,
        name,
        description,
        routingConfiguration: routing,
        creationDate: createdAt / 1000,
        updateDate: updatedAt / 1000,
      };
    },
    async ListStateMachineAliases(input) {
      const arn = requiredText(input, 'stateMachineArn');
      if (!registry.machines.has(machineArnOf(arn))) {
        throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
      }
      const isVersion = registry.versions.has(arn);
      const all = registry
        .aliasesOf(machineArnOf(arn))
        .filter(({ routing }) => !isVersion || routing.some((each) => each.stateMachineVersionArn === arn));
      const { items, next } = page(all, input);
      return {
        stateMachineAliases: items.map((alias) => ({
          stateMachineAliasArn: alias.arn,
          creationDate: alias.createdAt / 1000,
        })),
        ...next,
      };
    },
  };
}

export function aliasOf(name: string, description: string, routing: MachineAlias['routing']): MachineAlias {
  const now = Date.now();
  const machineArn = machineArnOf(routing[0]?.stateMachineVersionArn ?? '');
  return { arn: `${machineArn}:${name}`, name, description, routing, createdAt: now, updatedAt: now };
}

/** A name that is no number, which a version's is. Throws `InvalidName`. */
function aliasName(name: string): string {
  if (/^\d+$/u.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  return checkName(name);
}

/** One version, or two of one machine whose weights are 100 together. Throws `ValidationException` or `ResourceNotFound`. */
export function routingOf(given: unknown, registry: Registry): MachineAlias['routing'] {
  const routing = (Array.isArray(given) ? (given as unknown[]) : []).map((each) => {
    const { stateMachineVersionArn: arn, weight } = (each ?? {}) as Input;
    if (typeof arn !== 'string' || typeof weight !== 'number' || weight < 0 || weight > 100) {
      throw new AwsError(
        'ValidationException',
        'Each route needs a stateMachineVersionArn and a weight from 0 to 100.',
      );
    }
    return { stateMachineVersionArn: arn, weight };
  });
  const [first, second] = routing;
  if (!first || routing.length > 2) {
    throw new AwsError('ValidationException', 'The routing configuration must have one or two versions.');
  }
  if (routing.reduce((sum, { weight }) => sum + weight, 0) !== 100) {
    throw new AwsError('ValidationException', 'Sum of routing configuration weights must equal 100.');
  }
  if (second?.stateMachineVersionArn === first.stateMachineVersionArn) {
    throw new AwsError('ValidationException', 'The versions of the routing configuration must differ.');
  }
  if (second && machineArnOf(second.stateMachineVersionArn) !== machineArnOf(first.stateMachineVersionArn)) {
    throw new AwsError('ValidationException', 'The versions must be of one state machine.');
  }
  if (routing.some(({ stateMachineVersionArn }) => !registry.versions.has(stateMachineVersionArn))) {
    throw new AwsError('ResourceNotFound', 'Request references a resource that does not exist.');
  }
  return routing;
}
