import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';

/** An event in the form in which rules match it and targets receive it. */
export interface Event {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** RFC 3339 with the precision of a second. */
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
  /** Of an event that a replay sends again. */
  'replay-name'?: string;
}

export interface NewEvent {
  source: string;
  detailType: string;
  detail: unknown;
  resources?: string[];
  time?: Date;
}

export function createEvent(cloud: Pick<Cloud, 'region' | 'accountId'>, given: NewEvent): Event {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': given.detailType,
    source: given.source,
    account: cloud.accountId,
    time: `${(given.time ?? new Date()).toISOString().slice(0, 19)}Z`,
    region: cloud.region,
    resources: given.resources ?? [],
    detail: given.detail,
  };
}
