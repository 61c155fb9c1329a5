import { type Command, Option } from 'commander';
import { REPORTED_STATES } from '../../core/domain/deployment';
import { ApiError } from '../api';
import { type Connection, connect } from './connection';
import { type Output, remote } from './remote';

interface ReportOptions extends Connection {
  readonly reason?: string;
}

type State = (typeof REPORTED_STATES)[number];

/** Nobody waits to hear that something is gone whose model is gone too, or in whose place something else was asked for. */
const MOOT: readonly string[] = ['model_not_found', 'deployment_over'];

/** `signet report …` */
export function reportCommand({ result, progress }: Output): Command {
  return remote('report')
    .description(
      'tell what became of a deployment that somebody else carries out; the same report twice changes nothing',
    )
    .argument('<model>', 'the model')
    .argument('<deployment>', 'id of the deployment, from its event')
    .argument('<state>', REPORTED_STATES.join(', '))
    .addOption(new Option('--reason <text>', 'why, or where to read more'))
    .action(async (model: string, deployment: string, state: State, options: ReportOptions) => {
      const { reason } = options;
      const body = { state, ...(reason !== undefined && { reason }) };
      try {
        const reported = await connect(options).reportDeployment({ params: { model, deployment }, body });
        result(JSON.stringify(reported, null, 2));
      } catch (error) {
        if (state !== 'deleted' || !(error instanceof ApiError) || !MOOT.includes(error.code)) throw error;
        progress(`${error.message} Nobody waits for it to be deleted.`);
      }
    });
}
