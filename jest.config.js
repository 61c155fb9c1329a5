// The SDK's notice of the Node versions of next year would stand between the results.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Packages of some size that many suites use: loaded once for all suites of a worker. The CDK keeps state among the globals. */
const SHARED = '@aws-sdk|@smithy|@cedar-policy|@noble|fast-check|ulid|yaml|zod';
/** Published as ES modules only; jest runs CommonJS. */
const ES_MODULES = '@middy|@seriousme';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/jest/environment.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  setupFiles: ['<rootDir>/test/support/seed.ts'],
  transform: {
    [`/node_modules/(${SHARED})/.+\\.c?js$`]: '<rootDir>/test/support/jest/load-once.js',
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${SHARED}|${ES_MODULES})/)`],
  testTimeout: 90_000,
  // jest leaves a core to itself; most tests wait for the engine.
  maxWorkers: 2,
};
