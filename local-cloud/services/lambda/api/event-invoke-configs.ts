import { AwsError } from '../../../core/errors.ts';
import { type AsynchronousSettings, defaultAsynchronousSettings } from '../asynchronous-settings.ts';
import { latest } from '../configuration.ts';
import type { FunctionRegistry, Target } from '../function-registry.ts';
import { type ApiOperation, invalid, json, nothing, numberOf, objectOf, pageOf, textOf } from './call.ts';

type Input = Record<string, unknown>;

/** How asynchronous invocations are retried and where they end, by qualifier. */
export const eventInvokeConfigOperations: Record<string, ApiOperation> = {
  async PutFunctionEventInvokeConfig({ registry }, { target, input }) {
    const named = registry.get(target);
    return json(await put(registry, named, read(input, defaultAsynchronousSettings)));
  },

  async UpdateFunctionEventInvokeConfig({ registry }, { target, input }) {
    const named = registry.get(target);
    return json(await put(registry, named, read(input, settingsOf(named))));
  },

  GetFunctionEventInvokeConfig({ registry }, { target }) {
    const named = registry.get(target);
    return json(describe(named, settingsOf(named)));
  },

  async DeleteFunctionEventInvokeConfig({ registry }, { target }) {
    const named = registry.get(target);
    settingsOf(named);
    await registry.keepAsynchronous(named, undefined);
    return nothing;
  },

  ListFunctionEventInvokeConfigs({ registry }, { request, target }) {
    const { deployed } = registry.get(target);
    const all = [...deployed.asynchronous].map(([qualifier, settings]) =>
      describe({ deployed, qualifier }, settings),
    );
    const { page, NextMarker } = pageOf(request, all);
    return json({ FunctionEventInvokeConfigs: page, NextMarker });
  },
};

async function put(
  registry: FunctionRegistry,
  named: Target,
  settings: AsynchronousSettings,
): Promise<object> {
  await registry.keepAsynchronous(named, settings);
  return describe(named, settings);
}

function settingsOf({ deployed, qualifier = latest }: Target): AsynchronousSettings {
  const settings = deployed.asynchronous.get(qualifier);
  if (settings) return settings;
  const arn = `${deployed.configuration.arn}:${qualifier}`;
  throw new AwsError(
    'ResourceNotFoundException',
    `The function ${arn} doesn't have an EventInvokeConfig`,
    404,
  );
}

function read(input: Input, standing: AsynchronousSettings): AsynchronousSettings {
  const attempts = numberOf(input, 'MaximumRetryAttempts') ?? standing.maximumRetryAttempts;
  const age = numberOf(input, 'MaximumEventAgeInSeconds') ?? standing.maximumEventAgeSeconds;
  if (!Number.isInteger(attempts) || attempts < 0 || attempts > 2)
    throw invalid('MaximumRetryAttempts must be a whole number from 0 to 2.');
  if (!Number.isInteger(age) || age < 60 || age > 21_600)
    throw invalid('MaximumEventAgeInSeconds must be a whole number from 60 to 21600.');
  const given = input['DestinationConfig'];
  const destination = (name: string) => textOf(objectOf(objectOf(given)[name]), 'Destination') || undefined;
  return {
    maximumRetryAttempts: attempts,
    maximumEventAgeSeconds: age,
    onSuccessArn: given === undefined ? standing.onSuccessArn : destination('OnSuccess'),
    onFailureArn: given === undefined ? standing.onFailureArn : destination('OnFailure'),
  };
}

function describe({ deployed, qualifier = latest }: Target, settings: AsynchronousSettings): object {
  const { onSuccessArn, onFailureArn } = settings;
  return {
    FunctionArn: `${deployed.configuration.arn}:${qualifier}`,
    LastModified: Date.now() / 1000,
    MaximumRetryAttempts: settings.maximumRetryAttempts,
    MaximumEventAgeInSeconds: settings.maximumEventAgeSeconds,
    DestinationConfig: {
      OnSuccess: onSuccessArn ? { Destination: onSuccessArn } : {},
      OnFailure: onFailureArn ? { Destination: onFailureArn } : {},
    },
  };
}
