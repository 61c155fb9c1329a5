import { Command } from 'commander';
import { version } from '../../package.json';
import { auditCommand } from './audit';

const program = new Command('signet')
  .description('The model registry on the command line')
  .version(version)
  .showHelpAfterError('(--help tells more)')
  .addCommand(auditCommand({ result: (text) => console.log(text), progress: (text) => console.error(text) }));

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
