/** The arrows between the folders; `npm run arrows` checks them. */
const folder = (name) => `^${name}/`;
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: {
    path: '^(bin|lib|lambdas|contract|core|adapters|local|client|web|scripts|examples|test)/',
    pathNot: [from, ...allowed],
  },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'], viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^aws-lambda$' } },
    {
      name: 'core-imports-nothing',
      comment: 'The registry itself needs no package and no module of Node.',
      severity: 'error',
      from: { path: folder('core') },
      to: { pathNot: folder('core') },
    },
    {
      name: 'domain-knows-no-use-case',
      severity: 'error',
      from: { path: '^core/domain/' },
      to: { pathNot: '^core/domain/' },
    },
    {
      name: 'contract-takes-constants-of-the-domain',
      comment: 'Types and constants of the domain, so that each is said once; never a rule or a use case.',
      severity: 'error',
      from: { path: folder('contract') },
      to: {
        path: '^core/',
        pathNot: [
          '^core/domain/(access|assessment-terms|audit|deployment|digest|limits|monitoring|event|reading|errors|json|request-terms|webhook-events|subscription-topics|target)[.]ts$',
        ],
      },
    },
    only('contract-of-core', folder('contract'), [folder('core')]),
    only('adapters-of-core-and-contract', folder('adapters'), [folder('core'), folder('contract')]),
    only('lambdas-of-adapters', folder('lambdas'), [folder('adapters'), folder('contract'), folder('core')]),
    only('lib-of-contract', folder('lib'), [folder('contract')]),
    only('bin-of-lib', folder('bin'), [folder('lib')]),
    only('local-of-lambdas', folder('local'), [folder('lambdas'), folder('adapters'), folder('contract')]),
    only('audit-of-core', '^client/audit/', [folder('contract'), folder('core')]),
    only('cli-of-client', '^client/cli/', ['^client/(api|audit|upload|download)/', folder('contract'), folder('core')]),
    only('client-of-contract', '^client/api/', [folder('contract'), folder('core')]),
    only('upload-of-client', '^client/(up|down)load/', ['^client/(api|transfer)/']),
    only('transfer-of-nothing', '^client/transfer/', []),
    {
      name: 'lib-imports-no-aws-client',
      severity: 'error',
      from: { path: folder('lib') },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'only-development-uses-development-packages',
      severity: 'error',
      from: { path: '^(lambdas|adapters|contract|core)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(cdk[.]out|node_modules/.+/node_modules)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
