import { invalid } from '../messages/problem.ts';
import { reportFailure } from '../runtime/failure.ts';
import { type HttpEvent, type HttpResult, json } from '../runtime/http.ts';
import { identify } from '../runtime/identity.ts';
import { serveHttp } from '../runtime/serve-http.ts';
import { createReportLimit } from './report-limit.ts';

/** What a browser may tell of a failure, and how long each may be. */
const longest = { name: 200, message: 1_000, stack: 8_000, page: 500 };
type Report = Partial<Record<keyof typeof longest, string>>;

const limit = createReportLimit();

/** `POST /failures`, for everybody who is signed in: what failed in the console goes to the error bus like all else. */
export const handler = serveHttp(async (event, correlationId) => {
  const { actor } = identify(event);
  limit(actor.id, Date.now());
  const { name, message, stack, page } = reportIn(event);
  const error = Object.assign(new Error(message ?? 'It said nothing.'), { name: name ?? 'Error', stack });
  await reportFailure(error, { correlationId, component: `console${placeOf(page)}` });
  return accepted();
});

const accepted = (): HttpResult => json(202, {});

/** Domain and page alone: what follows names one thing of many. */
function placeOf(page = ''): string {
  return /^(?:\/[a-z][a-z-]*){1,2}/.exec(page)?.[0] ?? '';
}

function reportIn({ body = '', isBase64Encoded }: HttpEvent): Report {
  const value = parsed(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  const errors = Object.entries(value).flatMap(([field, given]) => {
    const maximum = new Map(Object.entries(longest)).get(field);
    const pointer = `#/${field}`;
    if (maximum === undefined) return [{ pointer, detail: 'is not known' }];
    if (typeof given === 'string' && given.length <= maximum) return [];
    return [{ pointer, detail: `must be a text of at most ${maximum} characters` }];
  });
  if (errors.length > 0) throw invalid('Mend the fields that are named.', errors);
  return value;
}

function parsed(text: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below, like every other body that is none.
  }
  throw invalid('The body is not JSON.', [{ pointer: '#', detail: 'must be a JSON object' }]);
}
