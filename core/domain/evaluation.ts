import { checkUri } from './artifact';
import type { EvaluationOutcome } from './assessment-terms';
import { invalid } from './errors';
import { type Difference, differenceBetween } from './event';
import { LIMITS } from './limits';
import { checkKey } from './names';
import type { Actor } from './principal';
import { checkEntitySize, type DatasetReference, type SourceRun } from './version';

/** Where the report of an evaluation is: a file of the version, or an address. */
export type EvaluationReport = { readonly path: string } | { readonly uri: string };

/** What is said of a test run of a version. */
export interface EvaluationFacts {
  readonly name: string;
  readonly outcome: EvaluationOutcome;
  /** Markdown. */
  readonly description?: string;
  readonly dataset?: DatasetReference;
  readonly metrics: Readonly<Record<string, number>>;
  /** The job that ran it. */
  readonly run?: SourceRun;
  readonly report?: EvaluationReport;
}

/** A test run of a version. It is evidence, so nothing of it changes and nobody removes it. */
export interface Evaluation extends EvaluationFacts {
  readonly id: string;
  readonly version: number;
  /** Digest of the files that were tested. */
  readonly artifactDigest: string;
  readonly createdAt: string;
  readonly createdBy: Actor;
}

/**
 * Checks what is said of an evaluation, as far as its shape does not show it.
 * @throws RegistryError invalid_input, limit_exceeded
 */
export function checkEvaluation(facts: EvaluationFacts, field: string): void {
  if (facts.name.trim() === '') throw invalid(`${field}.name`, facts.name, 'not only blanks');
  const entries = Object.keys(facts.metrics).length;
  if (entries > LIMITS.metrics) throw invalid(`${field}.metrics`, entries, `at most ${LIMITS.metrics} entries`);
  for (const key of Object.keys(facts.metrics)) checkKey(key, `${field}.metrics.${key}`);
  if (facts.dataset?.uri !== undefined) checkUri(facts.dataset.uri, `${field}.dataset.uri`);
  if (facts.run?.url !== undefined) checkUri(facts.run.url, `${field}.run.url`);
  if (facts.report && 'uri' in facts.report) checkUri(facts.report.uri, `${field}.report.uri`);
  checkEntitySize(facts, field);
}

/** What the event of an evaluation tells: everything that is said of it. */
export function evaluationDifference(evaluation: Evaluation): Difference {
  const fields = ['id', 'name', 'outcome', 'description', 'dataset', 'metrics', 'run', 'report'];
  return differenceBetween({}, evaluation, fields, ['metrics']);
}
