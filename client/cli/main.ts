import { Command } from 'commander';
import { version } from '../../package.json';
import { ApiError } from '../api';
import { auditCommand } from './audit';
import { reportCommand } from './deployed';
import { downloadCommand } from './download';
import { registerCommand } from './register';

const output = { result: (text: string) => console.log(text), progress: (text: string) => console.error(text) };

// npm runs scripts in the project's folder; files are named as they are where it was called.
if (process.env['npm_lifecycle_event'] === 'signet') process.chdir(process.env['INIT_CWD'] ?? '.');

const program = new Command('signet')
  .description('The model registry on the command line')
  .version(version)
  .showHelpAfterError('(--help tells more)')
  .addCommand(registerCommand(output))
  .addCommand(downloadCommand(output))
  .addCommand(reportCommand(output))
  .addCommand(auditCommand(output));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof ApiError) {
    for (const { field, value, rule } of error.violations)
      console.error(`  ${field}: ${JSON.stringify(value)}: ${rule}`);
    console.error(`  (${error.code}${error.requestId ? `, request ${error.requestId}` : ''})`);
  }
  process.exitCode = 2;
});
