import type { Target, TargetBody } from './types';

type SageMaker = NonNullable<TargetBody['sagemaker']>;
type Strategy = NonNullable<SageMaker['update']>['strategy'];
type Capacity = SageMaker['capacity'];

/** Capacity as it is written. */
export interface CapacityForm {
  readonly kind: 'instances' | 'serverless';
  readonly instanceType: string;
  readonly instanceCount: string;
  readonly memoryMb: string;
  readonly maxConcurrency: string;
}

/** A further variant as it is written. */
export interface VariantForm {
  readonly name: string;
  readonly stage: string;
  readonly traffic: 'shadow' | 'weighted';
  readonly weight: string;
  readonly instanceType: string;
  readonly instanceCount: string;
}

/** A target as it is written: numbers are texts until it is sent, and the registry says what is wrong with them. */
export interface TargetForm {
  readonly kind: 'sagemaker' | 'external';
  readonly system: string;
  readonly url: string;
  readonly name: string;
  readonly executionRoleArn: string;
  readonly capacity: CapacityForm;
  readonly weight: string;
  readonly strategy: Strategy;
  readonly stepPercent: string;
  readonly bakeSeconds: string;
  readonly alarms: string;
  readonly captureUri: string;
  readonly capturePercent: string;
  /** As it was set: the form keeps it or takes it out. */
  readonly monitoring: SageMaker['monitoring'];
  readonly isMonitored: boolean;
  readonly variants: readonly VariantForm[];
  readonly requiresApproval: boolean;
  readonly whenLocked: 'replace' | 'keep';
  readonly whenExpired: 'replace' | 'keep';
  readonly whenNothingQualifies: 'keep' | 'delete';
}

const CAPACITY: CapacityForm = {
  kind: 'instances',
  instanceType: 'ml.m5.large',
  instanceCount: '1',
  memoryMb: '2048',
  maxConcurrency: '10',
};

/** A further variant that nobody has described yet. */
export const NEW_VARIANT: VariantForm = {
  name: 'shadow',
  stage: 'Staging',
  traffic: 'shadow',
  weight: '1',
  instanceType: 'ml.m5.large',
  instanceCount: '1',
};

const NEW: TargetForm = {
  kind: 'external',
  system: '',
  url: '',
  name: '',
  executionRoleArn: '',
  capacity: CAPACITY,
  weight: '1',
  strategy: 'all_at_once',
  stepPercent: '10',
  bakeSeconds: '300',
  alarms: '',
  captureUri: '',
  capturePercent: '100',
  monitoring: undefined,
  isMonitored: false,
  variants: [],
  requiresApproval: true,
  whenLocked: 'replace',
  whenExpired: 'keep',
  whenNothingQualifies: 'keep',
};

/** What is written of a target that there is, or of a new one. */
export function formOf(target: Target | undefined): TargetForm {
  if (!target) return NEW;
  const { sagemaker, external } = target;
  const rules = rulesOf(target);
  if (!sagemaker) return { ...NEW, ...rules, system: external?.system ?? '', url: external?.url ?? '' };
  const { update, dataCapture, monitoring, variants } = sagemaker;
  return {
    ...NEW,
    ...rules,
    kind: 'sagemaker',
    executionRoleArn: sagemaker.executionRoleArn,
    capacity: capacityForm(sagemaker.capacity),
    weight: String(sagemaker.weight),
    strategy: update.strategy,
    stepPercent: String(update.stepPercent ?? NEW.stepPercent),
    bakeSeconds: String(update.bakeSeconds),
    alarms: update.alarms.join('\n'),
    captureUri: dataCapture?.s3Uri ?? '',
    capturePercent: String(dataCapture?.percent ?? NEW.capturePercent),
    monitoring,
    isMonitored: monitoring !== undefined,
    variants: variants.map(({ name, stage, traffic, weight, capacity }) => {
      const { instanceType, instanceCount } = capacityForm(capacity);
      return { name, stage, traffic, weight: String(weight), instanceType, instanceCount };
    }),
  };
}

function capacityForm({ instanceType, instanceCount, serverless }: Capacity): CapacityForm {
  if (serverless) {
    const { memoryMb, maxConcurrency } = serverless;
    return { ...CAPACITY, kind: 'serverless', memoryMb: String(memoryMb), maxConcurrency: String(maxConcurrency) };
  }
  return {
    ...CAPACITY,
    instanceType: instanceType ?? CAPACITY.instanceType,
    instanceCount: String(instanceCount ?? CAPACITY.instanceCount),
  };
}

/** What is sent of what is written. */
export function bodyOf(form: TargetForm): TargetBody {
  const { system, url } = form;
  const rules = rulesOf(form);
  if (form.kind === 'external') return { external: { system, ...(url !== '' && { url }) }, ...rules };
  return { sagemaker: sagemakerOf(form), ...rules };
}

type Rules = Pick<TargetForm, 'requiresApproval' | 'whenLocked' | 'whenExpired' | 'whenNothingQualifies'>;

function rulesOf({ requiresApproval, whenLocked, whenExpired, whenNothingQualifies }: Rules): Rules {
  return { requiresApproval, whenLocked, whenExpired, whenNothingQualifies };
}

function sagemakerOf(form: TargetForm): SageMaker {
  const { name, strategy, stepPercent, bakeSeconds, captureUri, capturePercent, monitoring, isMonitored } = form;
  return {
    ...(name !== '' && { name }),
    executionRoleArn: form.executionRoleArn,
    capacity: capacityOf(form.capacity),
    weight: Number(form.weight),
    update: {
      strategy,
      ...(strategy !== 'all_at_once' && { stepPercent: Number(stepPercent) }),
      bakeSeconds: Number(bakeSeconds),
      alarms: form.alarms
        .split('\n')
        .map((alarm) => alarm.trim())
        .filter(Boolean),
    },
    ...(captureUri !== '' && { dataCapture: { s3Uri: captureUri, percent: Number(capturePercent) } }),
    ...(isMonitored && { monitoring }),
    variants: form.variants.map(({ instanceType, instanceCount, weight, ...variant }) => ({
      ...variant,
      weight: Number(weight),
      capacity: { instanceType, instanceCount: Number(instanceCount) },
    })),
  };
}

function capacityOf({ kind, instanceType, instanceCount, memoryMb, maxConcurrency }: CapacityForm): Capacity {
  return kind === 'serverless'
    ? { serverless: { memoryMb: Number(memoryMb), maxConcurrency: Number(maxConcurrency) } }
    : { instanceType, instanceCount: Number(instanceCount) };
}
