import { log } from '../runtime/log.ts';
import { recordMetric } from '../runtime/metrics.ts';
import { setting } from '../runtime/settings.ts';

/** An answer, read to its end. */
interface Answer {
  /** Where the redirects led. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What is wrong with an answer, each as a sentence; none when it is as it should be. */
type Judge = (answer: Answer) => string[];

/** A person has given up by then. */
const patienceMilliseconds = 5_000;

/**
 * Does each minute what a browser does when somebody opens the console: the page, a script that it names, its
 * configuration, and the API behind `/api/`, all through the front door. Begins at the bare domain name, so that the way
 * to its encrypted address is walked as well. Answers the checks that failed.
 */
export async function handler(): Promise<{ failed: string[] }> {
  const entrance = `http://${setting('FRONT_DOOR')}/`;
  const console = await check('console', entrance, consolePage);
  const origin = new URL(console.answer?.url ?? entrance).origin;
  const script = console.answer ? scriptOf(console.answer) : '';
  const checks = [
    console,
    await check('asset', `${origin}${script}`, hashedAsset),
    await check('config', `${origin}/config.json`, configuration),
    await check('health', `${origin}/api/v1/health`, healthy),
    await check('info', `${origin}/api/v1/info`, information),
  ];
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
  recordMetric('CanarySuccess', failed.length === 0 ? 1 : 0, 'Count', {});
  return { failed };
}

/** Asks and judges. What cannot be reached has failed, too; the log tells why a check failed. */
async function check(
  name: string,
  url: string,
  judge: Judge,
): Promise<{ name: string; passed: boolean; answer?: Answer }> {
  const started = performance.now();
  try {
    const response = await fetch(url, {
      // A connection kept from a minute ago was cut meanwhile, and the cut would look like a failure.
      headers: { connection: 'close', 'user-agent': 'skafu-canary' },
      signal: AbortSignal.timeout(patienceMilliseconds),
    });
    const { status, headers } = response;
    const answer = { url: response.url, status, headers, text: await response.text() };
    recordMetric('CanaryLatency', performance.now() - started, 'Milliseconds', { Check: name });
    const wrong = judge(answer);
    const seen = { status, headers: Object.fromEntries(headers), body: answer.text.slice(0, 500) };
    if (wrong.length > 0) log.error('A check failed', { check: name, url, wrong, seen });
    return { name, passed: wrong.length === 0, answer };
  } catch (error) {
    // What fetch throws is an error; of a connection that failed, its cause tells more.
    const { cause = error } = error as Error;
    log.error('A check failed', { check: name, url, wrong: [`There is no answer: ${String(cause)}`] });
    return { name, passed: false };
  }
}

const consolePage: Judge = (answer) => [
  ...unlessStatus(answer, 200),
  ...unlessHeader(answer, 'content-type', /^text\/html/),
  ...unlessHeader(answer, 'cache-control', /^no-cache$/),
  ...unlessHeader(answer, 'content-security-policy', /frame-ancestors 'none'/),
  ...unlessHeader(answer, 'strict-transport-security', /max-age=[1-9]/),
  ...(scriptOf(answer) ? [] : ['The page names no script.']),
];

const hashedAsset: Judge = (answer) => [
  ...unlessStatus(answer, 200),
  ...unlessHeader(answer, 'content-type', /javascript/),
  ...unlessHeader(answer, 'cache-control', /immutable/),
  ...unlessHeader(answer, 'x-content-type-options', /^nosniff$/),
];

const configuration: Judge = (answer) => [
  ...unlessStatus(answer, 200),
  ...unlessField(answer, 'userPoolId', /./),
  ...unlessField(answer, 'userPoolClientId', /./),
];

const healthy: Judge = (answer) => [
  ...unlessStatus(answer, 200),
  ...unlessHeader(answer, 'cache-control', /no-store/),
  ...unlessField(answer, 'status', /^healthy$/),
];

const information: Judge = (answer) => [
  ...unlessStatus(answer, 200),
  ...unlessHeader(answer, 'x-content-type-options', /^nosniff$/),
  ...unlessField(answer, 'name', /^skafu$/),
];

function scriptOf({ text }: Answer): string {
  return /<script[^>]+src="(\/assets\/[^"]+\.js)"/.exec(text)?.[1] ?? '';
}

function unlessStatus({ status }: Answer, wanted: number): string[] {
  return status === wanted ? [] : [`The status is ${status}, not ${wanted}.`];
}

function unlessHeader({ headers }: Answer, name: string, form: RegExp): string[] {
  const value = headers.get(name);
  return value !== null && form.test(value) ? [] : [`The header ${name} is ${value ?? 'missing'}.`];
}

function unlessField({ text }: Answer, name: string, form: RegExp): string[] {
  const value = fieldOf(text, name);
  return typeof value === 'string' && form.test(value) ? [] : [`The field ${name} is ${String(value)}.`];
}

function fieldOf(text: string, name: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null ? Reflect.get(document, name) : undefined;
  } catch {
    // The caller tells what the field is not; the log shows the text.
    return undefined;
  }
}
