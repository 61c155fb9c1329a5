/**
 * A transform of the modules of packages: a suite gets what Node has loaded, once for all suites of a worker, instead of
 * evaluating the package again. See `environment.js`.
 */
module.exports = {
  process: (_source, file) => ({
    code: `module.exports = globalThis[Symbol.for('signet.tests.load')](${JSON.stringify(file)});`,
  }),
};
