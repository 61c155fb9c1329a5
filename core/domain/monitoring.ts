import { invalid } from './errors';

/** What a monitor compares: requests and answers with those of the training, or answers with what turned out to be true. */
export const MONITOR_KINDS = ['data_quality', 'model_quality'] as const;
export type MonitorKind = (typeof MONITOR_KINDS)[number];

export const MONITOR_EVERY = ['hour', 'day'] as const;
export const PROBLEM_TYPES = ['BinaryClassification', 'MulticlassClassification', 'Regression'] as const;
export const ON_VIOLATION = ['tell', 'rollback'] as const;
export const MONITOR_STATES = ['creating', 'scheduled', 'failed'] as const;

/** A comparison with the baseline that a version carries. */
interface Compared {
  /** Folder among the version's files that holds `statistics.json` and `constraints.json`. */
  readonly baseline: string;
}

/** A comparison of answers with what turned out to be true. */
export interface ModelQuality extends Compared {
  readonly problemType: (typeof PROBLEM_TYPES)[number];
  /** Where what turned out to be true is put, by the hour. */
  readonly groundTruthS3Uri: string;
  /** Where in an answer the prediction is, or its probability. */
  readonly inferenceAttribute?: string;
  readonly probabilityAttribute?: string;
  readonly probabilityThreshold?: number;
}

/** What watches the requests and answers of an endpoint, by the host's own monitor. */
export interface Monitoring {
  /** Image of the analyser, which the host has in each region. */
  readonly image: string;
  readonly outputS3Uri: string;
  readonly every: (typeof MONITOR_EVERY)[number];
  readonly instanceType: string;
  readonly volumeGb: number;
  readonly onViolation: (typeof ON_VIOLATION)[number];
  readonly dataQuality?: Compared;
  readonly modelQuality?: ModelQuality;
}

/** A monitor of a deployment, by the name that its job and its schedule have at the host. */
export interface MonitorName {
  readonly kind: MonitorKind;
  readonly name: string;
}

/** A monitor that a target has at its host, or is about to have. */
export interface Monitor extends MonitorName {
  /** Whose requests it watches. */
  readonly deployment: string;
  readonly version: number;
  readonly artifactDigest: string;
  readonly state: (typeof MONITOR_STATES)[number];
  readonly reason?: string;
  /** When the last execution was due whose violations were told. */
  readonly violatedAt?: string;
}

/**
 * Checks what the shape of monitoring alone does not show.
 * @param captures whether the endpoint keeps requests and answers
 * @throws RegistryError invalid_input
 */
export function checkMonitoring(monitoring: Monitoring, captures: boolean, field: string): void {
  const { image, outputS3Uri, instanceType, dataQuality, modelQuality } = monitoring;
  if (!captures) throw invalid(field, null, 'only with dataCapture: it watches what is captured');
  if (!dataQuality && !modelQuality) throw invalid(field, null, 'dataQuality, modelQuality or both');
  if (/\s/.test(image)) throw invalid(`${field}.image`, image, 'an image without white space');
  if (!/^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceType)) {
    throw invalid(`${field}.instanceType`, instanceType, 'an instance type such as ml.m5.xlarge');
  }
  checkS3Uri(outputS3Uri, `${field}.outputS3Uri`);
  if (dataQuality) checkFolder(dataQuality.baseline, `${field}.dataQuality.baseline`);
  if (!modelQuality) return;
  const at = `${field}.modelQuality`;
  checkFolder(modelQuality.baseline, `${at}.baseline`);
  checkS3Uri(modelQuality.groundTruthS3Uri, `${at}.groundTruthS3Uri`);
  if (modelQuality.inferenceAttribute === undefined && modelQuality.probabilityAttribute === undefined) {
    throw invalid(`${at}.inferenceAttribute`, null, 'given, or probabilityAttribute, or both');
  }
}

/**
 * Checks the URI of a bucket and a folder in it.
 * @throws RegistryError invalid_input
 */
export function checkS3Uri(uri: string, field: string): void {
  if (!/^s3:\/\/[a-z0-9.-]{3,63}(\/\S*)?$/.test(uri)) throw invalid(field, uri, 's3://, a bucket and a folder');
}

function checkFolder(folder: string, field: string): void {
  if (!folder.startsWith('/') && !folder.endsWith('/') && !folder.split('/').includes('..')) return;
  throw invalid(field, folder, "a folder of the version's files, without '/' at its ends");
}
