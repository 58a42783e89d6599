import { notFound } from '../messages/problem.ts';
import { serveHttp } from '../runtime/serve-http.ts';

/** `$default`: everything under the API that no route answers, told like every other problem. */
export const handler = serveHttp(async (event) => {
  throw notFound(`The API has no route ${event.rawPath}.`);
});
