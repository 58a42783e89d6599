import type { GraphQLError } from 'graphql';
import { AwsError } from '../../../core/errors.ts';
import { FieldError } from '../errors.ts';
import type { WrittenError } from './engine.ts';

/** An error of the execution as AppSync writes it. */
export function writeError(error: GraphQLError): WrittenError {
  const cause = error.originalError;
  const locations = error.locations?.map(({ line, column }) => ({ line, column, sourceName: null })) ?? null;
  const path = error.path ?? null;
  if (cause instanceof FieldError) return { path, ...partsOf(cause), locations, message: error.message };
  const errorType = cause instanceof AwsError ? cause.code : null;
  return { path, data: null, errorType, errorInfo: null, locations, message: error.message };
}

const partsOf = ({ data, errorType, errorInfo }: FieldError) => ({ data, errorType, errorInfo });

/** An error of a whole request that is answered all the same, with status 200. */
export function requestFailure(errorType: string | null, message: string): WrittenError {
  return { path: null, data: null, errorType, errorInfo: null, locations: null, message };
}

export function validationFailure(error: GraphQLError): WrittenError {
  const written = writeError(error);
  return { ...written, message: `Validation error: ${error.message}` };
}
