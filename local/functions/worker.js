// Runs inside a worker thread in place of the Lambda runtime: loads one handler and answers invocations by message.
// Plain JavaScript, because a thread of this Node version cannot load TypeScript by itself.
const { AsyncLocalStorage } = require('node:async_hooks');
const { parentPort, workerData } = require('node:worker_threads');
const { pathToFileURL } = require('node:url');
const { format } = require('node:util');

const { file, exportName, context } = workerData;
let handler;

const current = new AsyncLocalStorage();

// With the log format JSON the Lambda runtime turns each console call into one JSON object on one line.
function logAsJson(level, values) {
  const [first] = values;
  const text = first instanceof Error ? describe(first) : values.length === 1 ? first : format(...values);
  const line = { timestamp: new Date().toISOString(), level, requestId: current.getStore(), message: text };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

if (process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON') {
  const levels = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };
  for (const [name, level] of Object.entries(levels)) console[name] = (...values) => logAsJson(level, values);
}

async function load() {
  const module = await import(pathToFileURL(file).href);
  const found = module[exportName] ?? module.default?.[exportName];
  if (typeof found !== 'function') {
    const error = new Error(`${file} has no function named ${exportName}`);
    error.name = 'Runtime.HandlerNotFound';
    throw error;
  }
  return found;
}

function describe(error) {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

async function answer({ id, event, requestId, deadline }) {
  try {
    handler ??= load();
    const run = await handler;
    const invocation = {
      ...context,
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    };
    const result = await current.run(requestId, async () => run(JSON.parse(event), invocation));
    parentPort.postMessage({ id, result: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    current.run(requestId, () => console.error(error));
    parentPort.postMessage({ id, error: describe(error) });
  }
}

parentPort.on('message', (message) => void answer(message));
