import { setTimeout as pause } from 'node:timers/promises';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { monotonicFactory } from 'ulid';
import { CedarPolicyEngine } from '../adapters/cedar/engine';
import { SageMakerPackages } from '../adapters/sagemaker/packages';
import { ENV } from '../contract/names';
import { handlePackageMessage, type PackageGroup, type PackageMessage } from '../core/use-cases';
import { accessSettings } from './access-settings';
import { required } from './environment';
import { tablePorts } from './ports';
import { queueHandler } from './queue-handler';

const requestHandler = { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

const handle = handlePackageMessage({
  ...tablePorts(),
  newId: monotonicFactory(),
  pause: (milliseconds) => pause(milliseconds),
  policies: new CedarPolicyEngine(),
  packages: new SageMakerPackages(new SageMakerClient({ maxAttempts: 3, requestHandler }), 'read'),
  groups: JSON.parse(required(ENV.packageGroups)) as PackageGroup[],
  access: accessSettings(),
  registry: required(ENV.registryName),
});

/** Takes model packages of SageMaker in as versions; one that fails is handed out again, without the others. */
export const handler = queueHandler((body) => handle(JSON.parse(body) as PackageMessage));
