import { RegistryError } from '../domain/errors';
import { checkEvaluation, type Evaluation, type EvaluationFacts, evaluationDifference } from '../domain/evaluation';
import { type Key, put } from '../domain/records';
import { checkReady, type Version } from '../domain/version';
import type { Page, PageRequest, Ports, Row } from '../ports';
import type { Answer, UseCase } from './call';
import { aboutVersion, historyOf } from './change-version';
import { commandOnVersion, type OneVersion } from './command-on-version';
import { fileKey } from './files';
import { readOfVersion, readVersion } from './load';
import type { Loose } from './loose';

/** An evaluation as callers see it. */
export type EvaluationView = Evaluation & { readonly workspace: string; readonly model: string };

/** An evaluation in a list: fields that would make a page large are left out and named. */
export type EvaluationRow = EvaluationView & { readonly omitted?: readonly string[] };

type Place = Pick<Version, 'workspace' | 'modelId' | 'number'>;

function evaluationKey({ workspace, modelId, number: version }: Place, id: string): Key<'evaluation'> {
  return { kind: 'evaluation', workspace, modelId, version, id };
}

/** Evaluations do not change, so their id is their version. */
function answerOf(workspace: string, model: string, evaluation: Evaluation): Answer<EvaluationView> {
  return { body: { workspace, model, ...evaluation }, etag: `"${evaluation.id}"` };
}

async function checkReport(ports: Ports, version: Version, { report }: EvaluationFacts): Promise<void> {
  if (!report || !('path' in report)) return;
  if (await ports.store.get<'file'>(fileKey(version, report.path))) return;
  throw new RegistryError('artifact_not_found', `The version has no file ${report.path}.`, [
    { field: 'body.report.path', value: report.path, rule: 'a file of the version' },
  ]);
}

/** Records a test run of a READY version, a locked one too: it says something of the files and changes nothing of them. */
export const recordEvaluation: UseCase<{ params: OneVersion; body: Loose<EvaluationFacts> }, EvaluationView> =
  (ports) =>
  ({ params, body }, call) => {
    const facts = body as EvaluationFacts;
    checkEvaluation(facts, 'body');
    return commandOnVersion(ports, call, params, async (loaded) => {
      const { version, model } = loaded;
      checkReady(version);
      await checkReport(ports, version, facts);
      const history = historyOf(ports, call, loaded);
      const evaluation: Evaluation = {
        id: ports.newId(),
        version: version.number,
        ...facts,
        artifactDigest: version.artifacts?.digest as string,
        createdAt: history.at,
        createdBy: history.actor,
      };
      history.add(aboutVersion(version, { type: 'version.evaluated', ...evaluationDifference(evaluation) }));
      const { heads, writes } = history.close();
      const key = evaluationKey(version, evaluation.id);
      return {
        answer: answerOf(call.workspace, model.name, evaluation),
        change: { heads, writes: [put<'evaluation'>(key, evaluation), ...writes], absent: [key] },
      };
    });
  };

/** Lists the evaluations of a version, the newest first unless asked otherwise. */
export const listEvaluations: UseCase<{ params: OneVersion; page: PageRequest }, Page<EvaluationRow>> =
  (ports) =>
  async ({ params, page }, call) => {
    const { workspace, modelId, number } = await readVersion(ports, call, params.model, params.version);
    const range = { kind: 'evaluation', workspace, modelId, version: number } as const;
    const rows = await ports.store.query<'evaluation'>(range, page);
    const shown = (row: Row<'evaluation'>): EvaluationRow => ({ workspace, model: params.model, ...row });
    return { body: { ...rows, items: rows.items.map(shown) } };
  };

/** Shows an evaluation. */
export const getEvaluation: UseCase<{ params: OneVersion & { evaluation: string } }, EvaluationView> =
  (ports) =>
  async ({ params }, call) => {
    const { model, evaluation: id } = params;
    const { record } = await readOfVersion(ports, call, params, (place) => evaluationKey(place, id));
    if (record) return answerOf(call.workspace, model, record);
    throw new RegistryError('evaluation_not_found', `Evaluation ${id} does not exist.`, [
      { field: 'path.evaluation', value: id, rule: 'exists' },
    ]);
  };
