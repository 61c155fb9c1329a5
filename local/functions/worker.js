// Runs inside a worker thread in place of the Lambda runtime: loads one handler and answers invocations by message.
// Plain JavaScript, because a thread of this Node version cannot load TypeScript by itself.
const { parentPort, workerData } = require('node:worker_threads');
const { pathToFileURL } = require('node:url');

const { file, exportName, context } = workerData;
let handler;

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

parentPort.on('message', async ({ id, event, requestId, deadline }) => {
  try {
    handler ??= load();
    const run = await handler;
    const result = await run(JSON.parse(event), {
      ...context,
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    parentPort.postMessage({ id, result: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    console.error(error);
    parentPort.postMessage({ id, error: describe(error) });
  }
});
