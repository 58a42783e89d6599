// The process or the thread of one execution environment: is told which function it is, loads its module once, then answers one
// invocation after the other. Plain JavaScript, so that it starts without a TypeScript loader.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';

/** What Lambda lets a function answer, in bytes. */
const answerLimit = 6 * 1024 * 1024 + 100;

const inThread = parentPort !== null;
const channel = inThread ? parentPort : process;
const send = inThread ? sendFromThread : process.send.bind(process);
const exit = inThread ? process.exit.bind(process) : process.reallyExit.bind(process);
if (!inThread) {
  // A function has no such channel on AWS, and no business with this one.
  process.send = undefined;
  process.on('disconnect', () => exit(0));
  // The terminal sends it to everybody; the local cloud ends its functions itself.
  process.on('SIGINT', () => {});
}

function sendFromThread(message, sent) {
  parentPort.postMessage(message);
  sent?.();
}

let codeFolder = '';
let handlerSetting = '';
let jsonLogs = false;
let currentRequestId = '';

channel.once('message', (beginning) => void begin(beginning));

async function begin(beginning) {
  ({ codeFolder, handler: handlerSetting, jsonLogs } = beginning);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, beginning.environment);
  process.argv.splice(2);
  // The folder that one is in belongs to the whole process.
  if (!inThread) process.chdir(codeFolder);
  captureOutput();
  process.on('uncaughtException', (error) => crash('Uncaught Exception', describe(error), 129));
  process.on('unhandledRejection', (reason) => {
    const { trace } = describe(reason);
    const errorType = 'Runtime.UnhandledPromiseRejection';
    crash('Unhandled Promise Rejection', { errorType, errorMessage: String(reason), trace }, 128);
  });
  await loadHandler().then(
    (handler) => {
      channel.on('message', (invocation) => void answer(handler, invocation));
      send({ type: 'ready' });
    },
    (error) => send({ type: 'unloadable', error: describe(error) }),
  );
}

/** Ends the process, as the runtime does: what it goes on with after this may be in any state. */
function crash(title, error, code) {
  const line = `${new Date().toISOString()}\t${currentRequestId}\tERROR\t${title} \t${JSON.stringify(error)}\n`;
  process.stderr.write(line);
  send({ type: 'crashed', error }, () => exit(code));
}

async function loadHandler() {
  const dot = handlerSetting.lastIndexOf('.');
  const moduleName = handlerSetting.slice(0, dot);
  const exportName = handlerSetting.slice(dot + 1);
  const file = await findModule(moduleName);
  if (!file) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${moduleName}'`);
  const loaded = await import(pathToFileURL(file).href).catch((error) => {
    if (error instanceof SyntaxError) throw named('Runtime.UserCodeSyntaxError', String(error), error);
    if (error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'MODULE_NOT_FOUND') {
      throw named('Runtime.ImportModuleError', String(error), error);
    }
    throw error;
  });
  const handler = loaded[exportName] ?? loaded.default?.[exportName];
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${handlerSetting} is undefined or not exported`);
  }
  return handler;
}

async function findModule(moduleName) {
  for (const extension of ['.js', '.mjs', '.cjs']) {
    const file = join(codeFolder, moduleName + extension);
    const found = await access(file).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}

async function answer(handler, invocation) {
  currentRequestId = invocation.requestId;
  process.env._X_AMZN_TRACE_ID = invocation.traceHeader;
  try {
    const result = await call(handler, JSON.parse(invocation.payload), contextOf(invocation));
    finish({ type: 'result', payload: serialize(result) });
  } catch (error) {
    const description = describe(error);
    process.stderr.write(
      `${new Date().toISOString()}\t${currentRequestId}\tERROR\tInvoke Error \t${JSON.stringify(description)}\n`,
    );
    finish({ type: 'error', error: description });
  }
}

function finish(message) {
  send({ ...message, memoryUsed: memoryUsed() });
}

/** In bytes: of the process, or of the thread as far as it is told apart. */
function memoryUsed() {
  if (!inThread) return process.memoryUsage.rss();
  const { total_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

/** A handler with three parameters answers through its callback, any other through what it returns. */
function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    context.done = callback;
    context.succeed = resolve;
    context.fail = reject;
    const returned = handler(event, context, callback);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    else if (handler.length < 3) resolve(returned);
  });
}

function contextOf(invocation) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: invocation.invokedFunctionArn,
    awsRequestId: invocation.requestId,
    getRemainingTimeInMillis: () => Math.max(0, invocation.deadline - Date.now()),
  };
}

function serialize(result) {
  let text;
  try {
    text = JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    throw named('Runtime.MarshalError', `Unable to stringify response body as json: ${error.message}`, error);
  }
  if (Buffer.byteLength(text) > answerLimit) {
    const message = `Response payload size exceeded maximum allowed payload size (${answerLimit} bytes).`;
    throw Object.assign(named('Function.ResponseSizeTooLarge', message), { stack: '' });
  }
  return text;
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return {
    errorType: error.name,
    errorMessage: error.message,
    ...(error.stack ? { trace: error.stack.split('\n') } : {}),
  };
}

function named(name, message, cause) {
  const error = new Error(message, { cause });
  error.name = name;
  return error;
}

/** Console calls become one entry each, as in Lambda; whatever is written to the streams becomes one entry a line. */
function captureOutput() {
  const emit = (text) => send({ type: 'log', time: Date.now(), text });
  const write = (chunk, encoding, callback) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    for (const line of text.split('\n')) if (line !== '') emit(`${line}\n`);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) queueMicrotask(done);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', trace: 'TRACE', warn: 'WARN', error: 'ERROR' };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) => emit(`${consoleEntry(level, values)}\n`);
  }
}

function consoleEntry(level, values) {
  const timestamp = new Date().toISOString();
  if (!jsonLogs) return `${timestamp}\t${currentRequestId}\t${level}\t${format(...values)}`;
  const common = { timestamp, level, requestId: currentRequestId };
  const error = values.find((value) => value instanceof Error);
  if (error) {
    const { errorType, errorMessage, trace: stackTrace } = describe(error);
    return JSON.stringify({ ...common, message: format(...values), errorType, errorMessage, stackTrace });
  }
  return JSON.stringify({ ...common, message: values.length === 1 ? values[0] : format(...values) });
}
