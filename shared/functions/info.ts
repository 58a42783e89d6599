import { type HttpResult, json } from '../runtime/http.ts';
import { setting } from '../runtime/settings.ts';

/** `GET /info`, for everybody: what runs here. */
export async function handler(): Promise<HttpResult> {
  return json(200, {
    name: 'skafu',
    environment: setting('ENVIRONMENT'),
    region: setting('AWS_REGION'),
    apiVersion: 'v1',
    time: new Date().toISOString(),
  });
}
