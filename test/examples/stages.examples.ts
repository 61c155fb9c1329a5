import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Synthesises an app as `cdk deploy -a … -c stage=…` does, without bundling functions. @returns names of its stacks */
function stacksOf(example: string, stage: string): string[] {
  const out = mkdtempSync(join(tmpdir(), 'signet-stages-'));
  const context = JSON.stringify({ stage, 'aws:cdk:bundling-stacks': [] });
  try {
    execFileSync(process.execPath, ['--import', 'tsx', `examples/${example}/app.ts`], {
      cwd: ROOT,
      env: { ...process.env, CDK_OUTDIR: out, CDK_CONTEXT_JSON: context },
      stdio: 'pipe',
    });
    const { artifacts } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as {
      artifacts: Record<string, { type: string }>;
    };
    return Object.keys(artifacts).filter((id) => artifacts[id]?.type === 'aws:cloudformation:stack');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

test.each(['github', 'jenkins', 'on-approval'])(
  'examples/%s changes the registry of the stage that is named',
  (example) => {
    expect(stacksOf(example, 'prod')).toEqual(['Signet-prod']);
  },
  300_000,
);
