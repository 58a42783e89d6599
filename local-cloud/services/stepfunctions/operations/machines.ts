import { randomUUID } from 'node:crypto';
import { AwsError, notSupported } from '../../../core/errors.ts';
import type { Operation } from '../../../core/service.ts';
import { checkDefinition, diagnosticsOf, diagnosticsWithin } from '../definition-check.ts';
import { readLogging } from '../logging.ts';
import type { StateMachine } from '../machines.ts';
import type { Parts } from '../operations.ts';
import { machineArnOf } from '../registry.ts';
import { checkName, page, requiredText, textOf } from '../values.ts';
import { tagsOf } from './tags.ts';

type Input = Record<string, unknown>;

/** State machines and their versions. */
export function machineOperations({ cloud, state, registry, executions }: Parts): Record<string, Operation> {
  const machineIn = (input: Input): StateMachine => {
    const arn = requiredText(input, 'stateMachineArn');
    const machine = registry.machines.get(arn);
    if (machine) return machine;
    if (!/^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[^:]+(?::[^:]+)?$/u.test(arn)) {
      throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
    }
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  };
  const publish = async (machine: StateMachine, input: Input) =>
    input['publish'] === true
      ? registry.publish(machine, textOf(input, 'versionDescription') ?? '')
      : undefined;
  const refuseDescription = (input: Input) => {
    if (input['publish'] !== true && textOf(input, 'versionDescription') !== undefined) {
      throw new AwsError('ValidationException', 'Version description can only be set when publish is true');
    }
  };

  return {
    async CreateStateMachine(input) {
      refuseEncryption(input);
      refuseDescription(input);
      const name = checkName(requiredText(input, 'name'));
      const type = machineType(input) ?? 'STANDARD';
      const text = requiredText(input, 'definition');
      const roleArn = requiredText(input, 'roleArn');
      const definition = await checkDefinition(text, type, state);
      cloud.ports.access.requireTrust(roleArn, 'states.amazonaws.com');
      const machine: StateMachine = {
        arn: `arn:aws:states:${cloud.region}:${cloud.accountId}:stateMachine:${name}`,
        ...{ name, type, roleArn, text, definition },
        createdAt: Date.now(),
        logging: loggingIn(input) ?? readLogging({}),
        tracing: tracingIn(input) ?? false,
        tags: tagsOf(input['tags']),
      };
      const existing = registry.machines.get(machine.arn);
      if (existing) refuseOther(existing, machine);
      else await registry.keep('machine', machine);
      const version = await publish(existing ?? machine, input);
      return {
        stateMachineArn: machine.arn,
        creationDate: (existing ?? machine).createdAt / 1000,
        ...(version ? { stateMachineVersionArn: version.arn } : {}),
      };
    },
    async UpdateStateMachine(input) {
      refuseEncryption(input);
      refuseDescription(input);
      const before = machineIn(input);
      const text = textOf(input, 'definition') ?? before.text;
      const roleArn = textOf(input, 'roleArn') ?? before.roleArn;
      const logging = loggingIn(input);
      const tracing = tracingIn(input);
      if (
        !['definition', 'roleArn', 'loggingConfiguration', 'tracingConfiguration', 'publish'].some(
          (each) => input[each] !== undefined && input[each] !== null,
        )
      ) {
        throw new AwsError(
          'MissingRequiredParameter',
          'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
        );
      }
      const definition = await checkDefinition(text, before.type, state);
      cloud.ports.access.requireTrust(roleArn, 'states.amazonaws.com');
      const machine: StateMachine = {
        ...before,
        ...{ text, roleArn, definition },
        logging: logging ?? before.logging,
        tracing: tracing ?? before.tracing,
        updatedAt: Date.now(),
        revisionId: randomUUID(),
      };
      await registry.keep('machine', machine);
      const version = await publish(machine, input);
      return {
        updateDate: (machine.updatedAt ?? 0) / 1000,
        revisionId: machine.revisionId,
        ...(version ? { stateMachineVersionArn: version.arn } : {}),
      };
    },
    async DeleteStateMachine(input) {
      const arn = machineArnOf(requiredText(input, 'stateMachineArn'));
      // As on AWS, deleting what is not there is no error.
      if (!registry.machines.has(arn)) return {};
      for (const alias of registry.aliasesOf(arn)) await registry.remove('alias', alias.arn);
      for (const version of registry.versionsOf(arn)) await registry.remove('version', version.arn);
      await registry.remove('machine', arn);
      await executions.removeAll(arn);
      return {};
    },
    async ListStateMachines(input) {
      const all = [...registry.machines.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
      const { items, next } = page(all, input);
      return { stateMachines: items.map(listedMachine), ...next };
    },
    async DescribeStateMachine(input) {
      const arn = requiredText(input, 'stateMachineArn');
      const version =
        registry.versions.get(arn) ??
        registry.versions.get(registry.aliases.get(arn)?.routing[0]?.stateMachineVersionArn ?? '');
      if (!version) return describeMachine(machineIn(input));
      return {
        ...describeMachine(version.machine),
        stateMachineArn: version.arn,
        creationDate: version.createdAt / 1000,
        description: version.description,
      };
    },
    async PublishStateMachineVersion(input) {
      const machine = machineIn(input);
      const revision = textOf(input, 'revisionId');
      if (revision !== undefined && revision !== (machine.revisionId ?? 'INITIAL')) {
        throw new AwsError(
          'ConflictException',
          `Failed to publish the State Machine version for revision ${revision}. The current State Machine revision is ${machine.revisionId ?? 'INITIAL'}.`,
        );
      }
      const version = await registry.publish(machine, textOf(input, 'description') ?? '');
      return { stateMachineVersionArn: version.arn, creationDate: version.createdAt / 1000 };
    },
    async DeleteStateMachineVersion(input) {
      const arn = requiredText(input, 'stateMachineVersionArn');
      const users = registry
        .aliasesOf(machineArnOf(arn))
        .filter(({ routing }) =>
          routing.some(({ stateMachineVersionArn }) => stateMachineVersionArn === arn),
        );
      if (users.length > 0) {
        throw new AwsError(
          'ConflictException',
          `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${users.map(({ name }) => name).join(', ')}]`,
        );
      }
      if (!/:\d+$/u.test(arn)) throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`);
      await registry.remove('version', arn);
      return {};
    },
    async ListStateMachineVersions(input) {
      const { arn } = machineIn(input);
      const { items, next } = page(registry.versionsOf(arn), input);
      return {
        stateMachineVersions: items.map((version) => ({
          stateMachineVersionArn: version.arn,
          creationDate: version.createdAt / 1000,
        })),
        ...next,
      };
    },
    async ValidateStateMachineDefinition(input) {
      const text = textOf(input, 'definition') ?? requiredText(input, 'definition');
      const severity = textOf(input, 'severity') ?? 'ERROR';
      const type = machineType(input) ?? 'STANDARD';
      return diagnosticsWithin(await diagnosticsOf(text, type), severity, input['maxResults']);
    },
  };
}

function machineType(input: Input): StateMachine['type'] | undefined {
  const type = textOf(input, 'type');
  if (type === undefined || type === 'STANDARD' || type === 'EXPRESS') return type;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]`,
  );
}

/** Creating the same machine again is answered; another of that name is refused. */
function refuseOther(existing: StateMachine, wanted: StateMachine): void {
  const held = ({ text, type, roleArn, logging, tracing }: StateMachine) =>
    JSON.stringify([text, type, roleArn, logging, tracing]);
  if (held(existing) === held(wanted)) return;
  throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${existing.arn}'`);
}

function refuseEncryption(input: Input): void {
  const given = input['encryptionConfiguration'] as { type?: unknown } | undefined;
  if (given && given.type !== 'AWS_OWNED_KEY') {
    throw notSupported('states', 'encryptionConfiguration with a customer managed key');
  }
}

function loggingIn(input: Input): StateMachine['logging'] | undefined {
  const given = input['loggingConfiguration'] as Input | undefined;
  if (!given) return undefined;
  const destinations = Array.isArray(given['destinations']) ? (given['destinations'] as Input[]) : [];
  const group = destinations[0]?.['cloudWatchLogsLogGroup'] as Input | undefined;
  try {
    return readLogging({
      level: textOf(given, 'level'),
      include_execution_data: given['includeExecutionData'] === true,
      log_destination: group && textOf(group, 'logGroupArn'),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidLoggingConfiguration', `Invalid Logging Configuration: ${reason}`);
  }
}

function tracingIn(input: Input): boolean | undefined {
  const given = input['tracingConfiguration'] as Input | undefined;
  return given && given['enabled'] === true;
}

function listedMachine(machine: StateMachine) {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    type: machine.type,
    creationDate: machine.createdAt / 1000,
  };
}

export function describeMachine(machine: StateMachine) {
  const { level, includeExecutionData, destination } = machine.logging;
  return {
    ...listedMachine(machine),
    status: 'ACTIVE',
    definition: machine.text,
    roleArn: machine.roleArn,
    loggingConfiguration: {
      level,
      includeExecutionData,
      ...(destination === undefined
        ? {}
        : { destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: destination } }] }),
    },
    tracingConfiguration: { enabled: machine.tracing },
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    ...(machine.revisionId === undefined ? {} : { revisionId: machine.revisionId }),
  };
}
