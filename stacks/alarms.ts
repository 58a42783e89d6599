import { metricNamespace } from '#shared/runtime/metrics.ts';
import type { AlarmProps } from './constructs/alarm.ts';

/**
 * What calls somebody. Each alarm costs $0.10 a month and somebody's attention, so there is none for what another one
 * tells already: a function that fails shows as 5xx of the API, as a lag, or in a failure queue, by what it does.
 */

/** A read model shows what was true a while ago. */
export function lagOf(readModel: string): AlarmProps {
  return {
    means: `${readModel} shows what was true more than a minute ago; nothing is lost.`,
    act: 'Look at the failed executions of its state machine.',
    section: 'A read model is behind',
    namespace: metricNamespace,
    metricName: 'ReadModelLag',
    dimensions: { ReadModel: readModel },
    unit: 'Seconds',
    fine: { upTo: 60 },
    minutes: { beyond: 3, of: 5 },
  };
}

/** A read model cannot get past an event, whatever is tried. */
export function streamsHeld(): AlarmProps {
  return {
    means:
      'Streams are held: a read model fails on one of their events and shows them as they were before it.',
    act: 'Open Failures in the console.',
    section: 'Streams are held',
    namespace: metricNamespace,
    metricName: 'HeldStreams',
    unit: 'Count',
    fine: { upTo: 0 },
    minutes: { beyond: 3, of: 5 },
  };
}

/** What should be done in the world is done late. */
export function lagOfReactions(): AlarmProps {
  return {
    means: 'Reactors act on events that are more than a minute old: alarms and messages come late.',
    act: 'Look which reactor it is, and what keeps it.',
    section: 'Reactions are late',
    namespace: metricNamespace,
    metricName: 'ReactionLag',
    unit: 'Milliseconds',
    fine: { upTo: 60_000 },
    minutes: { beyond: 3, of: 5 },
  };
}

/** A process whose time has come does not move on. */
export function lagOfTimers(): AlarmProps {
  return {
    means: 'Processes that should have gone on minutes ago have not: escalations and retries come late.',
    act: 'Open Processes in the console, and the log of wake-processes.',
    section: 'Processes wake late',
    namespace: metricNamespace,
    metricName: 'ProcessTimerLag',
    unit: 'Milliseconds',
    fine: { upTo: 180_000 },
    minutes: { beyond: 3, of: 5 },
  };
}

/** Something was given up: a delivery, or what a reactor should have done. */
export function messagesIn(queue: string): AlarmProps {
  return {
    means: `${queue} holds what could not be delivered.`,
    act: 'Read a message: it names rule, target and error.',
    section: 'A failure queue is not empty',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: queue },
    fine: { upTo: 0 },
    minutes: { beyond: 1, of: 1 },
  };
}

/** Commits wait to become events. */
export function ageOfCommitsFor(relay: string): AlarmProps {
  return {
    means: 'Events wait in the event store for more than a minute before they reach the bus.',
    act: 'Look at the log of the relay: a commit that cannot be read is named there.',
    section: 'The relay is behind',
    namespace: 'AWS/Lambda',
    metricName: 'IteratorAge',
    dimensions: { FunctionName: relay },
    unit: 'Milliseconds',
    fine: { upTo: 60_000 },
    minutes: { beyond: 3, of: 5 },
  };
}

/** Catch-up runs, and fails. */
export function failuresOfCatchUp(functionName: string): AlarmProps {
  return {
    means: 'Catch-up fails, so read models that are behind stay behind and their lag is not measured.',
    act: 'Look at its log.',
    section: 'Catch-up fails or does not run',
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: { FunctionName: functionName },
    fine: { upTo: 0 },
    minutes: { beyond: 3, of: 5 },
  };
}

/** Catch-up is not even started. */
export function absenceOfCatchUp(functionName: string): AlarmProps {
  return {
    means: 'Catch-up has not run for minutes, so a lag is neither mended nor measured.',
    act: 'Look whether its schedule is enabled and whether functions are throttled.',
    section: 'Catch-up fails or does not run',
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: { FunctionName: functionName },
    statistic: 'Sum',
    fine: { from: 1 },
    minutes: { beyond: 4, of: 5 },
    missing: 'breaching',
  };
}

/** The event store is not sealed, or too slowly for its size. */
export function ageOfSeal(): AlarmProps {
  return {
    means:
      'A part of the event store has not been sealed for three hours, so commits cut off since would not show.',
    act: 'Look at the log of the function seal.',
    section: 'The event store is not sealed',
    namespace: metricNamespace,
    metricName: 'SealAge',
    unit: 'Seconds',
    fine: { upTo: 3 * 3600 },
    minutes: { beyond: 15, of: 15 },
    missing: 'breaching',
  };
}

/** The console or the API is not what visitors should meet; or nobody looked. */
export function failuresOfCanary(): AlarmProps {
  return {
    means: 'Visitors do not get the console or the API as they should, or the canary does not run.',
    act: "Read the canary's log: it names the check, what was wrong and what it saw.",
    section: 'The canary fails',
    namespace: metricNamespace,
    metricName: 'CanarySuccess',
    fine: { from: 1 },
    minutes: { beyond: 2, of: 3 },
    missing: 'breaching',
  };
}

/** The API answers 5xx more often than by chance. */
export function failuresOfApi(apiId: string): AlarmProps {
  return {
    means: 'More than one in twenty requests to the API fails on our side.',
    act: 'Look for the route in the access log, then for its function in the log of errors.',
    section: 'The API fails',
    namespace: 'AWS/ApiGateway',
    metricName: '5xx',
    dimensions: { ApiId: apiId },
    statistic: 'Average',
    fine: { upTo: 0.05 },
    minutes: { beyond: 3, of: 5 },
  };
}

/** Unexpected failures come more often than somebody reads them. */
export function rateOfErrors({ bus, rule }: { bus: string; rule: string }): AlarmProps {
  return {
    means: 'Functions and workflows report more than ten unexpected failures a minute.',
    act: 'Open Failures in the console: they stand there by their cause.',
    section: 'Many errors are reported',
    namespace: 'AWS/Events',
    metricName: 'MatchedEvents',
    dimensions: { EventBusName: bus, RuleName: rule },
    statistic: 'Sum',
    fine: { upTo: 10 },
    minutes: { beyond: 3, of: 5 },
  };
}

/** DynamoDB refuses reads or writes of the event store. Refusals of read models show as their lag. */
export function throttledRequests(kind: 'Read' | 'Write', table: string): AlarmProps {
  return {
    means: `DynamoDB throttles ${kind.toLowerCase()}s of ${table}, so commands are slow or fail.`,
    act: 'Look for one stream that takes most of the traffic.',
    section: 'The event store is throttled',
    namespace: 'AWS/DynamoDB',
    metricName: `${kind}ThrottleEvents`,
    dimensions: { TableName: table },
    statistic: 'Sum',
    fine: { upTo: 0 },
    minutes: { beyond: 3, of: 5 },
  };
}

/** The account has no execution environment left. The metric without a function's name counts all of the region. */
export function throttledFunctions(): AlarmProps {
  return {
    means: 'Lambda refuses to start functions, since the account runs as many at once as it may.',
    act: 'Look which function runs most, and ask AWS for more.',
    section: 'Functions are throttled',
    namespace: 'AWS/Lambda',
    metricName: 'Throttles',
    statistic: 'Sum',
    fine: { upTo: 0 },
    minutes: { beyond: 3, of: 5 },
  };
}
