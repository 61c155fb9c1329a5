import * as z from 'zod';
import { putTarget } from '../../contract/operations/deployments';
import { bodyOf, formOf } from '../../web/src/deployments/target-fields';
import { settingsOf } from '../../web/src/deployments/target-settings';
import type { Target } from '../../web/src/deployments/types';

const actor = { id: 'tom', kind: 'person', name: 'tom' } as const;
const at = '2026-11-01T00:00:00.000Z';

/** What a target has besides what was said of it. */
const BESIDES = {
  workspace: 'default',
  model: 'churn',
  stage: 'Production',
  generation: 1,
  removing: false,
  createdAt: at,
  createdBy: actor,
  updatedAt: at,
  updatedBy: actor,
};

/** Whatever may be said, nothing of it as a new form has it. */
const RULES = {
  requiresApproval: false,
  whenLocked: 'keep',
  whenExpired: 'replace',
  whenNothingQualifies: 'delete',
} as const;

const SAGEMAKER = {
  executionRoleArn: 'arn:aws:iam::123456789012:role/endpoints',
  capacity: { instanceType: 'ml.c5.large', instanceCount: 3 },
  weight: 2,
  update: { strategy: 'canary', stepPercent: 20, bakeSeconds: 60, alarms: ['errors', 'latency'] },
  dataCapture: { s3Uri: 's3://captures/churn', percent: 50 },
  monitoring: {
    image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/analyzer',
    outputS3Uri: 's3://monitoring/churn',
    every: 'day',
    instanceType: 'ml.m5.2xlarge',
    volumeGb: 30,
    onViolation: 'rollback',
    dataQuality: { baseline: 'baselines/data' },
    modelQuality: {
      baseline: 'baselines/answers',
      problemType: 'BinaryClassification',
      groundTruthS3Uri: 's3://truth/churn',
      inferenceAttribute: 'churns',
      probabilityAttribute: 'p',
      probabilityThreshold: 0.7,
    },
  },
  variants: [
    {
      name: 'candidate',
      stage: 'Staging',
      traffic: 'weighted',
      weight: 0.5,
      capacity: { instanceType: 'ml.c5.xlarge', instanceCount: 1 },
    },
  ],
} as const;

const EXTERNAL = { system: 'kubernetes', url: 'https://argo.example.com/churn' } as const;

const sagemaker = { ...RULES, sagemaker: SAGEMAKER };
const external = { ...RULES, external: EXTERNAL };

/** A target as the registry answers it after that was said. */
function targetOf({ sagemaker: endpoint, ...said }: typeof sagemaker | (typeof external & { sagemaker?: undefined })) {
  return {
    ...BESIDES,
    ...said,
    ...(endpoint && { sagemaker: { endpoint: 'churn', ...endpoint } }),
  } as unknown as Target;
}

/** Every field that an object schema has, also those within it: `sagemaker.update.alarms`. Lists count with their rows. */
function fieldsOf(schema: z.core.JSONSchema.JSONSchema, at = ''): string[] {
  if (schema.items) return fieldsOf(schema.items as z.core.JSONSchema.JSONSchema, at);
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return [path, ...fieldsOf(value as z.core.JSONSchema.JSONSchema, path)];
  });
}

function isSaid(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((each) => isSaid(each, [key, ...rest]));
  return typeof value === 'object' && value !== null && isSaid((value as Record<string, unknown>)[key], rest);
}

test('the example of this test says every field that the contract has', () => {
  // A name is said once, when the endpoint is made; instances and serverless capacity exclude each other.
  const left = /^sagemaker\.name$|\.serverless\b/;
  const fields = fieldsOf(z.toJSONSchema(putTarget.body(), { io: 'input', unrepresentable: 'any' }));
  expect(fields).toEqual(expect.arrayContaining(['whenExpired', 'sagemaker.monitoring.onViolation', 'external.url']));
  const whole = { ...sagemaker, ...external };
  expect(fields.filter((field) => !left.test(field) && !isSaid(whole, field.split('.')))).toEqual([]);
});

test.each([
  ['a SageMaker endpoint', sagemaker],
  ['a place of others', external],
])('the form of %s that nobody changed says the same again', (_, said) => {
  expect(bodyOf(formOf(targetOf(said)))).toEqual(said);
});

test('serverless capacity stays what it is', () => {
  const capacity = { serverless: { memoryMb: 4_096, maxConcurrency: 7 } };
  const target = {
    ...targetOf(sagemaker),
    sagemaker: { endpoint: 'churn', ...SAGEMAKER, capacity },
  } as unknown as Target;
  expect(bodyOf(formOf(target)).sagemaker?.capacity).toEqual(capacity);
});

test('monitoring goes only when it is taken out, and the settings tell of it', () => {
  const target = targetOf(sagemaker);
  expect(bodyOf({ ...formOf(target), isMonitored: false }).sagemaker).not.toHaveProperty('monitoring');
  expect(Object.fromEntries(settingsOf(target))).toMatchObject({
    Monitoring: 'data and answers, every day, rolled back on a violation; results in s3://monitoring/churn',
    'One whose approval expires': 'is replaced',
  });
});
