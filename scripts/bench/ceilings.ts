/**
 * The most kilobytes of code that each function may load when it starts. Every kilobyte costs some 50 µs of a cold start, so raise one
 * knowingly: `npm run bench -- --only imports` shows what the bytes are, and an `import()` keeps what few requests need out.
 */
export const CEILINGS: Readonly<Record<string, number>> = {
  'lambdas/command.ts': 620,
  'lambdas/deliver-webhooks.ts': 490,
  'lambdas/deploy.ts': 850,
  'lambdas/expire-requests.ts': 410,
  'lambdas/mirror-packages.ts': 800,
  'lambdas/pack.ts': 800,
  'lambdas/post-search.ts': 430,
  'lambdas/publish-console.ts': 520,
  'lambdas/publish-events.ts': 400,
  'lambdas/query.ts': 590,
  'lambdas/record-packages.ts': 510,
  'lambdas/seal-audit.ts': 680,
  'lambdas/send-mails.ts': 610,
};
