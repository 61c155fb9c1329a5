// The SDK's notice of the Node versions of next year would stand between the results.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  setupFiles: ['<rootDir>/test/support/seed.ts'],
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // These are published as ES modules only; jest runs CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!@middy/|@seriousme/)'],
  testTimeout: 90_000,
  // jest leaves a core to itself; most tests wait for the engine.
  maxWorkers: 2,
};
