import { Arn, ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ENV } from '../../contract/names';
import type { StageSettings } from '../settings';
import type { Alarms } from './alarms';
import type { EncryptionKey } from './encryption-key';
import type { RegistryBus } from './event-bus';
import { EventQueue } from './event-queue';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { allowPackages, groupName, groupsText } from './package-groups';
import { POLICY_ENGINE } from './registry-function';

/** Props of {@link PackagesIn}. */
export interface PackagesInProps {
  readonly settings: NonNullable<StageSettings['packages']>;
  readonly access: StageSettings['access'];
  readonly table: MetadataTable;
  readonly bus: RegistryBus;
  readonly key: EncryptionKey;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/**
 * Takes packages of SageMaker's registry in as versions. SageMaker's events about the groups of the settings go into a queue;
 * its function reads the package anew and brings the version up to it (docs/decisions/0013-model-packages.md).
 */
export class PackagesIn extends EventQueue {
  constructor(scope: Construct, id: string, props: PackagesInProps) {
    const { access, table, bus, key, logs, alarms } = props;
    const groups = props.settings.from;
    super(scope, id, {
      functionId: 'Record',
      description: 'Takes model packages of SageMaker in as versions of the model registry',
      entry: 'lambdas/record-packages.ts',
      files: POLICY_ENGINE,
      variable: ENV.packageQueue,
      // SageMaker describes a few packages a second, not hundreds.
      mostAtOnce: 2,
      key,
      logs,
    });
    table.grantVersions(this.fn);
    this.fn.setEnvironment(ENV.packageGroups, groupsText(Stack.of(this), groups));
    this.fn.setEnvironment(ENV.registryName, bus.bus.eventBusArn);
    this.fn.setEnvironment(ENV.administrators, access.administrators.join(' '));
    this.fn.setEnvironment(ENV.everyone, access.everyone);
    const distinct = [...new Map(groups.map((each) => [each.group, each])).values()];
    for (const each of distinct) allowPackages(this.fn, each, { packages: ['DescribeModelPackage'] });
    const keys = groups.flatMap(({ cardKey }) => (cardKey === undefined ? [] : [cardKey]));
    for (const each of new Set(keys)) this.fn.allow(decryptsCards(each));
    const names = [...new Set(distinct.map(({ group }) => groupName(group)))];
    this.receive('Packages', {
      description: 'Model packages of SageMaker that the model registry takes in',
      pattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Model Package State Change'],
        detail: { ModelPackageGroupName: names.map((name) => ({ 'equals-ignore-case': name })) },
      },
    });
    this.watch(alarms, 'Packages', {
      failures: {
        meaning: 'The function that takes model packages in fails: versions are recorded late.',
        runbook: 'package-failures',
      },
      late: {
        meaning: 'Events about model packages wait for more than 45 minutes: versions are recorded late.',
        runbook: 'packages-late',
        after: Duration.minutes(45),
      },
      keptAside: {
        meaning: 'Events about model packages could not be handled and were put aside: versions may be missing.',
        runbook: 'packages-kept-aside',
      },
    });
  }
}

/** The right to read model cards that a key encrypts: SageMaker decrypts them with the rights of who asks. */
function decryptsCards(key: string): PolicyStatement {
  const { region } = Arn.split(key, ArnFormat.SLASH_RESOURCE_NAME);
  return new PolicyStatement({
    actions: ['kms:Decrypt'],
    resources: [key],
    conditions: { StringEquals: { 'kms:ViaService': `sagemaker.${region}.${Aws.URL_SUFFIX}` } },
  });
}
