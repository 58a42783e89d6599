import type { Cloud } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';
import type { AwsRequest, AwsResponse } from '../../../core/service.ts';
import type { AsynchronousInvocations } from '../asynchronous-invocations.ts';
import type { EventSourceMappings } from '../event-sources/event-source-mappings.ts';
import type { FunctionRegistry } from '../function-registry.ts';
import type { Invoker } from '../invoker.ts';
import type { MadeFunctions } from '../made-functions.ts';
import type { Permissions } from '../permissions.ts';
import type { FunctionTags } from '../tags.ts';

export interface ApiParts {
  cloud: Cloud;
  registry: FunctionRegistry;
  made: MadeFunctions;
  permissions: Permissions;
  tags: FunctionTags;
  invoker: Invoker;
  asynchronous: AsynchronousInvocations;
  mappings: EventSourceMappings;
}

/** One request on Lambda's API after it was routed. */
export interface ApiCall {
  request: AwsRequest;
  /** The function as its address names it, with the qualifier of the query. */
  target: string;
  /** Of the address: an alias, a statement, a mapping. */
  part: string;
  /** The body as JSON; empty where there is none. */
  input: Record<string, unknown>;
}

export type ApiOperation = (parts: ApiParts, call: ApiCall) => AwsResponse | Promise<AwsResponse>;

export function json(body: object, status = 200): AwsResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export const nothing: AwsResponse = { status: 204 };

/** One page of a list: `MaxItems` of the query, from where `Marker` points. */
export function pageOf<Item>(
  { query }: AwsRequest,
  all: readonly Item[],
  most = 10_000,
): { page: Item[]; NextMarker: string | null } {
  const limit = Number(query.get('MaxItems') ?? 50);
  const start = Number(query.get('Marker') ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw invalid(`MaxItems must be a whole number from 1 to ${most}.`);
  if (!Number.isInteger(start) || start < 0) throw invalid('The Marker is not one that was answered before.');
  const page = all.slice(start, start + limit);
  const next = start + page.length;
  return { page, NextMarker: next < all.length ? String(next) : null };
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

export function textOf(input: Record<string, unknown>, field: string): string | undefined {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`${field} must be a text.`);
  return value;
}

export function requiredText(input: Record<string, unknown>, field: string): string {
  const value = textOf(input, field);
  if (!value) throw invalid(`${field} is missing.`);
  return value;
}

export function numberOf(input: Record<string, unknown>, field: string): number | undefined {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw invalid(`${field} must be a number.`);
  return value;
}

export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
