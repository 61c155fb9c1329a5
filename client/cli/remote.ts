import { Command, Option } from 'commander';

/** What the commands print to: results to one, what happens to the other. */
export interface Output {
  readonly result: (text: string) => void;
  readonly progress: (text: string) => void;
}

/** The option that names a workspace. */
export function workspace(): Option {
  return new Option('-w, --workspace <name>', 'the workspace').default('default').env('SIGNET_WORKSPACE');
}

/** A command that calls a registry, with the options that say which one and as whom. */
export function remote(name: string): Command {
  return new Command(name)
    .addOption(new Option('--url <url>', 'where the registry is').default('http://127.0.0.1:8420').env('SIGNET_URL'))
    .addOption(new Option('--token <token>', 'bearer token of a person').env('SIGNET_TOKEN'))
    .addOption(
      new Option('--aws-region <region>', 'sign with the AWS credentials of the environment, for this region').env(
        'SIGNET_AWS_REGION',
      ),
    )
    .addOption(workspace());
}
