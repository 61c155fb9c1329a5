import type { InputOf } from '../../../client/api';
import type { Evaluation } from './outcome';

export type EvaluationInput = InputOf<'recordEvaluation'>['body'];

/** An evaluation while it is written: every field is text. */
export interface Draft {
  readonly name: string;
  readonly outcome: Evaluation['outcome'];
  readonly metrics: readonly { readonly name: string; readonly value: string }[];
  readonly dataset: string;
  readonly datasetUri: string;
  readonly run: string;
  readonly runUrl: string;
  readonly report: string;
  readonly description: string;
}

export const NEW_DRAFT: Draft = {
  name: '',
  outcome: 'none',
  metrics: [],
  dataset: '',
  datasetUri: '',
  run: '',
  runUrl: '',
  report: '',
  description: '',
};

/** The evaluation that a draft means; the registry judges whether it can be. */
export function bodyOf(draft: Draft): EvaluationInput {
  const { name, outcome, dataset, datasetUri, run, runUrl, report, description } = draft;
  const metrics = draft.metrics.filter((metric) => metric.name !== '' || metric.value !== '');
  return {
    name,
    outcome,
    // An empty field is no 0: the registry is told that there is no number.
    metrics: Object.fromEntries(
      metrics.map((metric) => [metric.name, metric.value.trim() === '' ? Number.NaN : Number(metric.value)]),
    ),
    ...((dataset || datasetUri) && { dataset: { name: dataset, ...(datasetUri && { uri: datasetUri }) } }),
    ...((run || runUrl) && { run: { ...(run && { id: run }), ...(runUrl && { url: runUrl }) } }),
    ...(report && { report: isAddress(report) ? { uri: report } : { path: report } }),
    ...(description.trim() !== '' && { description }),
  };
}

/** `https://…` and `s3://…` are addresses; anything else is a path in the version. */
function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(text);
}
