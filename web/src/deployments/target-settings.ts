import type { Target } from './types';

type SageMaker = NonNullable<Target['sagemaker']>;
type Monitoring = NonNullable<SageMaker['monitoring']>;

const STRATEGIES: Readonly<Record<SageMaker['update']['strategy'], string>> = {
  all_at_once: 'all at once',
  canary: 'canary',
  linear: 'linear',
};

/** What somebody said of a target, in words. */
export function settingsOf(target: Target): readonly (readonly [label: string, value: string | undefined])[] {
  const { sagemaker, external, requiresApproval, whenLocked, whenExpired, whenNothingQualifies } = target;
  return [
    ['Versions', requiresApproval ? 'approved ones only' : 'approved or not'],
    ['A locked version', whenLocked === 'replace' ? 'is replaced' : 'goes on'],
    ['One whose approval expires', whenExpired === 'replace' ? 'is replaced' : 'goes on, with a notice'],
    ['Without a version', whenNothingQualifies === 'keep' ? 'what serves goes on' : 'it is taken down'],
    ...(external ? ([['System', external.system]] as const) : []),
    ...(sagemaker ? sagemakerSettings(sagemaker) : []),
  ];
}

function sagemakerSettings(sagemaker: SageMaker): readonly (readonly [string, string | undefined])[] {
  const { executionRoleArn, update, dataCapture, monitoring, variants } = sagemaker;
  const { strategy, stepPercent, bakeSeconds, alarms } = update;
  return [
    ['Execution role', executionRoleArn],
    ['Capacity', capacityOf(sagemaker.capacity)],
    ['Goes over', `${STRATEGIES[strategy]}${stepPercent === undefined ? '' : `, ${stepPercent} %`}`],
    ['Watched for', `${bakeSeconds} s`],
    ['Alarms', alarms.join(', ') || undefined],
    ['Data capture', dataCapture && `${dataCapture.percent} % to ${dataCapture.s3Uri}`],
    ['Monitoring', monitoring && monitoringOf(monitoring)],
    ...variants.map(
      ({ name, stage, traffic, weight, capacity }) =>
        [`Variant ${name}`, `${stage}, ${traffic}, weight ${weight}, ${capacityOf(capacity)}`] as const,
    ),
  ];
}

function monitoringOf({ dataQuality, modelQuality, every, onViolation, outputS3Uri }: Monitoring): string {
  const watched = [dataQuality && 'data', modelQuality && 'answers'].filter(Boolean).join(' and ');
  const then = onViolation === 'rollback' ? 'rolled back on a violation' : 'violations are told';
  return `${watched}, every ${every}, ${then}; results in ${outputS3Uri}`;
}

function capacityOf({ instanceType, instanceCount, serverless }: SageMaker['capacity']): string {
  if (serverless) return `serverless, ${serverless.memoryMb} MB, ${serverless.maxConcurrency} at once`;
  return `${instanceCount} × ${instanceType}`;
}
