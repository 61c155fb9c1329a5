const base = require('./jest.config.js');

/** Tests that run the examples with the programs that they are made for: `npm run test:examples`. */
module.exports = { ...base, roots: ['<rootDir>/test'], testMatch: ['**/*.examples.ts'], maxWorkers: 1 };
