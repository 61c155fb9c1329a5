const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/** Where `load-once.js` finds the loader of modules that all suites of a worker share. */
globalThis[Symbol.for('signet.tests.load')] = require;

const compileFunction = vm.compileFunction;
const ours = new WeakSet();
vm.compileFunction = (code, params, { parsingContext, ...options } = {}) =>
  compileFunction(code, params, ours.has(parsingContext) ? options : { ...options, parsingContext });

/**
 * Runs a suite among Node's own globals. jest's environment gives each suite globals of its own behind a proxy, where the same
 * code takes half as long again, and where what Node and the shared packages make is no instance of the suite's classes.
 * The project's modules are still evaluated anew in each suite, and what a suite changes of the globals, of the environment
 * variables and of the exit code is put back at its end.
 */
module.exports = class OneRealm extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    ours.add(this.context);
    this.globals = Object.getOwnPropertyDescriptors(globalThis);
    this.variables = { ...process.env };
    this.exitCode = process.exitCode;
    this.global = globalThis;
    this.moduleMocker = new this.moduleMocker.constructor(globalThis);
    this.fakeTimersModern = new this.fakeTimersModern.constructor({ config: config.projectConfig, global: globalThis });
  }

  async teardown() {
    await super.teardown();
    restore(globalThis, this.globals);
    restore(process.env, Object.getOwnPropertyDescriptors(this.variables));
    process.exitCode = this.exitCode;
  }
};

/** Gives an object the properties that it had, and no others. */
function restore(object, before) {
  for (const key of Reflect.ownKeys(object)) if (!Object.hasOwn(before, key)) Reflect.deleteProperty(object, key);
  Object.defineProperties(object, before);
}
