import { block, blocks } from '../../../core/blocks.ts';
import { AwsError, notSupported } from '../../../core/errors.ts';
import type { Attributes } from '../../../core/service.ts';
import { compilePattern, type EventMatcher } from '../../eventbridge/pattern.ts';

/** An `aws_lambda_event_source_mapping`, its defaults those of AWS. */
export interface Mapping {
  uuid: string;
  kind: 'stream' | 'queue';
  eventSourceArn: string;
  functionArn: string;
  enabled: boolean;
  batchSize: number;
  /** Milliseconds. */
  batchWindow: number;
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Event patterns of which one must match; empty lets every record through. */
  filters: EventMatcher[];
  reportsItemFailures: boolean;
  bisects: boolean;
  /** -1 is without end. */
  maximumRetryAttempts: number;
  /** -1 is without end. */
  maximumRecordAgeSeconds: number;
  onFailureArn: string | undefined;
  /** Batches of a queue that may run at once. */
  maximumConcurrency: number;
}

const defaultQueueConcurrency = 5;

/** Reads a mapping; throws `AwsError` for event sources and settings the local cloud cannot serve. */
export function readMapping(uuid: string, functionArn: string, desired: Attributes): Mapping {
  const eventSourceArn = String(desired['event_source_arn'] ?? '');
  const kind = kindOf(eventSourceArn);
  const startingPosition = desired['starting_position'];
  if (kind === 'stream' && startingPosition !== 'LATEST' && startingPosition !== 'TRIM_HORIZON') {
    throw new AwsError(
      'InvalidParameterValueException',
      `Starting position ${startingPosition} is not valid.`,
    );
  }
  if (Number(desired['tumbling_window_in_seconds'] ?? 0) > 0) {
    throw notSupported('Lambda', `tumbling windows over ${eventSourceArn}`);
  }
  const onFailure = block(block(desired['destination_config'])?.['on_failure'])?.['destination_arn'];
  const responseTypes = desired['function_response_types'];
  return {
    uuid,
    kind,
    eventSourceArn,
    functionArn,
    enabled: desired['enabled'] !== false,
    batchSize: Number(desired['batch_size'] ?? (kind === 'stream' ? 100 : 10)),
    batchWindow: Number(desired['maximum_batching_window_in_seconds'] ?? 0) * 1000,
    startingPosition: startingPosition === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
    filters: readFilters(desired['filter_criteria']),
    reportsItemFailures: Array.isArray(responseTypes) && responseTypes.includes('ReportBatchItemFailures'),
    bisects: desired['bisect_batch_on_function_error'] === true,
    maximumRetryAttempts: Number(desired['maximum_retry_attempts'] ?? -1),
    maximumRecordAgeSeconds: Number(desired['maximum_record_age_in_seconds'] ?? -1),
    onFailureArn: typeof onFailure === 'string' ? onFailure : undefined,
    maximumConcurrency: Number(
      block(desired['scaling_config'])?.['maximum_concurrency'] ?? defaultQueueConcurrency,
    ),
  };
}

function kindOf(eventSourceArn: string): Mapping['kind'] {
  if (/^arn:aws:dynamodb:.*\/stream\//.test(eventSourceArn)) return 'stream';
  if (eventSourceArn.startsWith('arn:aws:sqs:')) return 'queue';
  throw notSupported('Lambda', `event source ${eventSourceArn}`);
}

function readFilters(criteria: unknown): EventMatcher[] {
  return blocks(block(criteria)?.['filter']).map(({ pattern }) => compilePattern(String(pattern)));
}

/** Whether a record passes the mapping's filters. */
export function passesFilters(mapping: Mapping, record: unknown): boolean {
  return mapping.filters.length === 0 || mapping.filters.some((matches) => matches(record));
}
