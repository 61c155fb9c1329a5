// Runs ONNX models in a thread of their own: what a model does to its memory, it does not do to the local run.
// Plain JavaScript, because a thread of this Node version cannot load TypeScript by itself.
const { parentPort } = require('node:worker_threads');
const ort = require('onnxruntime-web');

// Threads within the thread would need shared memory and gain nothing for a request at a time.
ort.env.wasm.numThreads = 1;

const sessions = new Map();

const calls = {
  async load({ key, model, beside }) {
    const options = { executionProviders: ['wasm'], logSeverityLevel: 3, externalData: beside };
    sessions.set(key, await ort.InferenceSession.create(model, options));
  },
  async run({ key, inputs, outputs }) {
    const feeds = {};
    for (const { name, type, data, shape } of inputs) feeds[name] = new ort.Tensor(type, data, shape);
    const results = await sessions.get(key).run(feeds, outputs);
    return Object.entries(results).map(([name, { type, data, dims }]) => ({ name, type, data, shape: [...dims] }));
  },
  async release({ key }) {
    const session = sessions.get(key);
    sessions.delete(key);
    await session?.release();
  },
};

// The runtime does one thing at a time.
let last = Promise.resolve();

parentPort.on('message', ({ id, call, ...input }) => {
  last = last
    .then(() => calls[call](input))
    .then((result) => parentPort.postMessage({ id, result }))
    .catch((error) => parentPort.postMessage({ id, error: error.message }));
});
