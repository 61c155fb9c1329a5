const base = require('./jest.config.js');

/** Tests that drive a browser against the local run: `npm run test:web`. */
module.exports = {
  ...base,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.web.ts'],
  maxWorkers: 1,
  testTimeout: 180_000,
};
