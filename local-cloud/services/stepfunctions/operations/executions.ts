import { AwsError } from '../../../core/errors.ts';
import type { Operation } from '../../../core/service.ts';
import type { ExecutionRecord, StartOptions } from '../execution-record.ts';
import { detailsField, type HistoryEvent } from '../history.ts';
import type { Parts } from '../operations.ts';
import { redriveProblem } from '../redrive.ts';
import type { Named } from '../registry.ts';
import { page, requiredText, textOf } from '../values.ts';
import { describeMachine } from './machines.ts';

type Input = Record<string, unknown>;

/** Executions: begun, told of, stopped and begun again. */
export function executionOperations({ cloud, registry, executions }: Parts): Record<string, Operation> {
  const executionIn = async (input: Input): Promise<ExecutionRecord> => {
    const arn = requiredText(input, 'executionArn');
    if (arn.includes(':express:')) {
      throw new AwsError('InvalidArn', "Invalid Arn: 'Resource type not valid in this context: express'");
    }
    if (!/^arn:[\w-]+:states:[\w-]+:\d{12}:execution:[^:]+:[^:]+$/u.test(arn)) {
      throw new AwsError('InvalidArn', `Invalid Arn: '${arn}'`);
    }
    const record = await executions.find(arn);
    if (!record) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return record;
  };
  const namedIn = (input: Input) => registry.named(stateMachineArn(input));

  return {
    async StartExecution(input, request) {
      const named = namedIn(input);
      const options = startOptions(input, named, request.headers);
      const record = await executions.start(named.machine, textOf(input, 'input') ?? '{}', options);
      return { executionArn: record.arn, startDate: record.startedAt / 1000 };
    },
    async StartSyncExecution(input, request) {
      const named = namedIn(input);
      if (named.machine.type === 'STANDARD') throw wrongType();
      const options = startOptions(input, named, request.headers);
      const isShown = includesData(input);
      const ended = await executions.startSync(named.machine, textOf(input, 'input') ?? '{}', options);
      return describeSync(ended, isShown);
    },
    async StopExecution(input) {
      const error = limitedText(input, 'error', 256);
      const cause = limitedText(input, 'cause', 32_768);
      const record = await executionIn(input);
      const stopped = await executions.abort(record.arn, error, cause);
      return { stopDate: ((stopped ?? record).stoppedAt ?? cloud.clock.now()) / 1000 };
    },
    async RedriveExecution(input) {
      const { arn } = await executionIn(input);
      const { redrivenAt = cloud.clock.now() } = await executions.redrive(arn);
      return { redriveDate: redrivenAt / 1000 };
    },
    async DescribeExecution(input) {
      const isShown = includesData(input);
      return describeExecution(await executionIn(input), isShown, cloud.clock.now());
    },
    async ListExecutions(input) {
      if (textOf(input, 'mapRunArn') !== undefined) {
        throw new AwsError('ResourceNotFound', `Resource not found: '${textOf(input, 'mapRunArn')}'`);
      }
      const arn = stateMachineArn(input);
      const { machine, versionArn, aliasArn } = registry.named(arn);
      if (machine.type === 'EXPRESS') throw wrongType();
      const status = oneOf(input, 'statusFilter', statuses);
      const redrive = oneOf(input, 'redriveFilter', ['REDRIVEN', 'NOT_REDRIVEN']);
      const all = (await executions.list(machine.arn)).filter(
        (record) =>
          (status === undefined || record.status === status) &&
          (redrive === undefined || (redrive === 'REDRIVEN') === (record.redriveCount ?? 0) > 0) &&
          (arn === machine.arn ||
            record.aliasArn === arn ||
            (aliasArn === undefined && record.versionArn === versionArn)),
      );
      const { items, next } = page(all, input);
      return { executions: items.map(listed), ...next };
    },
    async GetExecutionHistory(input) {
      const isShown = input['includeExecutionData'] !== false;
      const { arn } = await executionIn(input);
      const events = await executions.history(arn);
      const { items, next } = page(
        input['reverseOrder'] === true ? [...events].reverse() : [...events],
        input,
      );
      return { events: items.map((event) => describeEvent(event, isShown)), ...next };
    },
    async DescribeStateMachineForExecution(input) {
      const record = await executionIn(input);
      const machine = registry.machineOf(record);
      if (!machine) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${record.arn}'`);
      const { creationDate: _, type: __, status: ___, ...shown } = describeMachine(machine);
      const updateDate = (machine.updatedAt ?? machine.createdAt) / 1000;
      return { ...shown, definition: record.definition ?? machine.text, updateDate };
    },
    async ListMapRuns(input) {
      await executionIn(input);
      return { mapRuns: [] };
    },
  };
}

const statuses = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];

function stateMachineArn(input: Input): string {
  const arn = requiredText(input, 'stateMachineArn');
  if (!/^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[^:]+(?::[^:]+)?$/u.test(arn)) {
    throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  }
  return arn;
}

function oneOf(input: Input, name: string, allowed: readonly string[]): string | undefined {
  const given = textOf(input, name);
  if (given === undefined || allowed.includes(given)) return given;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${given}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`,
  );
}

/** `includedData`: whether inputs and outputs are told, or the metadata alone. */
function includesData(input: Input): boolean {
  return oneOf(input, 'includedData', ['ALL_DATA', 'METADATA_ONLY']) !== 'METADATA_ONLY';
}

function limitedText(input: Input, name: string, most: number): string | undefined {
  const given = textOf(input, name);
  if (given === undefined || given.length <= most) return given;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  );
}

function startOptions(input: Input, named: Named, headers: Record<string, string>): StartOptions {
  const name = textOf(input, 'name');
  const traceHeader = textOf(input, 'traceHeader') ?? headers['x-amzn-trace-id'];
  const { versionArn, aliasArn } = named;
  return {
    ...(name === undefined ? {} : { name }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(versionArn === undefined ? {} : { versionArn }),
    ...(aliasArn === undefined ? {} : { aliasArn }),
  };
}

function wrongType(): AwsError {
  return new AwsError(
    'StateMachineTypeNotSupported',
    'This operation is not supported by this type of state machine',
  );
}

function listed(record: ExecutionRecord) {
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    name: record.name,
    status: record.status,
    startDate: record.startedAt / 1000,
    ...(record.stoppedAt === undefined ? {} : { stopDate: record.stoppedAt / 1000 }),
    redriveCount: record.redriveCount ?? 0,
    ...(record.redrivenAt === undefined ? {} : { redriveDate: record.redrivenAt / 1000 }),
    ...(record.versionArn === undefined ? {} : { stateMachineVersionArn: record.versionArn }),
    ...(record.aliasArn === undefined ? {} : { stateMachineAliasArn: record.aliasArn }),
  };
}

/** Input and output, or that they are left out. */
function dataOf({ input, output }: ExecutionRecord, isShown: boolean) {
  const details = { included: isShown };
  return {
    ...(isShown ? { input } : {}),
    inputDetails: details,
    ...(output === undefined ? {} : { ...(isShown ? { output } : {}), outputDetails: details }),
  };
}

function failureOf({ error, cause }: ExecutionRecord) {
  return {
    ...(error === undefined || error === '' ? {} : { error }),
    ...(cause === undefined || cause === '' ? {} : { cause }),
  };
}

function describeExecution(record: ExecutionRecord, isShown: boolean, now: number) {
  const problem = redriveProblem(record, now);
  return {
    ...listed(record),
    ...dataOf(record, isShown),
    ...(isShown ? failureOf(record) : {}),
    ...(record.traceHeader === undefined ? {} : { traceHeader: record.traceHeader }),
    redriveStatus: problem === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...(problem === undefined ? {} : { redriveStatusReason: problem }),
  };
}

function describeSync(record: ExecutionRecord, isShown: boolean) {
  const { redriveCount: _, ...shown } = listed(record);
  const milliseconds = (record.stoppedAt ?? 0) - record.startedAt;
  return {
    ...shown,
    ...dataOf(record, isShown),
    ...(isShown ? failureOf(record) : {}),
    ...(record.traceHeader === undefined ? {} : { traceHeader: record.traceHeader }),
    billingDetails: {
      billedMemoryUsedInMB: 64,
      billedDurationInMilliseconds: Math.max(100, Math.ceil(milliseconds / 100) * 100),
    },
  };
}

const dataFields = ['input', 'output', 'parameters', 'assignedVariables', 'cause', 'error'];

function describeEvent({ id, previousEventId, timestamp, type, details }: HistoryEvent, isShown: boolean) {
  const told = isShown
    ? details
    : Object.fromEntries(Object.entries(details).filter(([name]) => !dataFields.includes(name)));
  // AWS has the details of a failure even where there is nothing to tell.
  const isTold = Object.keys(told).length > 0 || /^Execution/u.test(type);
  const shown = isTold ? { [detailsField(type)]: told } : {};
  return { id, previousEventId, timestamp: timestamp / 1000, type, ...shown };
}
