import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { dynamodb } from '../runtime/clients.ts';
import { type HttpResult, json } from '../runtime/http.ts';
import { log } from '../runtime/log.ts';
import { setting } from '../runtime/settings.ts';

/** `GET /health`, for everybody: whether the platform can serve, found out by really reading the event store. */
export async function handler(): Promise<HttpResult> {
  const eventStore = await reads(setting('EVENT_STORE_TABLE'));
  const body = {
    status: eventStore ? 'healthy' : 'unhealthy',
    checks: { eventStore: eventStore ? 'healthy' : 'unhealthy' },
  };
  return json(eventStore ? 200 : 503, { ...body, time: new Date().toISOString() });
}

async function reads(table: string): Promise<boolean> {
  try {
    await (await dynamodb()).send(
      new GetItemCommand({ TableName: table, Key: { s: { S: 'health' }, c: { N: '0' } } }),
    );
    return true;
  } catch (error) {
    log.error('The event store does not answer', { reason: String(error) });
    return false;
  }
}
