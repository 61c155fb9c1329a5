import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ENV } from '../../contract/names';
import type { Effect } from '../../contract/operation';
import { version } from '../../package.json';
import type { StageSettings } from '../settings';
import type { ArtifactStore } from './artifact-store';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { POLICY_ENGINE, RegistryFunction } from './registry-function';

/** Props of {@link ApiFunctions}. */
export interface ApiFunctionsProps {
  readonly table: MetadataTable;
  readonly artifacts: ArtifactStore;
  readonly access: StageSettings['access'];
  /** Address that mails come from, where the registry sends any. */
  readonly mailFrom: string | undefined;
  readonly logs: LogProps;
}

/** How long an API waits for its function: just under the 30 s after which API Gateway gives up by itself. */
export const INTEGRATION_TIMEOUT = Duration.seconds(29);
/** The function ends first, so that its time-out is in its log and not only in the API's. */
const FUNCTION_TIMEOUT = Duration.seconds(28);

/**
 * The two functions behind the APIs. Which of them serves an operation follows from the operation's effect, and so does
 * what it may do: the role of the query function cannot write anything.
 */
export class ApiFunctions extends Construct {
  readonly byEffect: Readonly<Record<Effect, RegistryFunction>>;

  constructor(scope: Construct, id: string, props: ApiFunctionsProps) {
    super(scope, id);
    const query = new RegistryFunction(this, 'Query', {
      description: 'Answers operations that read the model registry',
      entry: 'lambdas/query.ts',
      files: POLICY_ENGINE,
      timeout: FUNCTION_TIMEOUT,
      logs: props.logs,
    });
    props.table.grantQuery(query);
    props.artifacts.grantQuery(query);

    const command = new RegistryFunction(this, 'Command', {
      description: 'Carries out operations that change the model registry',
      entry: 'lambdas/command.ts',
      files: POLICY_ENGINE,
      timeout: FUNCTION_TIMEOUT,
      logs: props.logs,
    });
    props.table.grantCommand(command);
    props.artifacts.grantCommand(command);

    if (props.mailFrom) command.setEnvironment(ENV.mailFrom, props.mailFrom);

    this.byEffect = { query, command };
    // When one of them fails, its API answers server errors, which are watched.
    for (const fn of Object.values(this.byEffect)) {
      fn.setEnvironment(ENV.version, version);
      fn.setEnvironment(ENV.administrators, props.access.administrators.join(' '));
      fn.setEnvironment(ENV.everyone, props.access.everyone);
    }
  }
}
