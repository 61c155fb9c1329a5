import { Duration, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { ENV, EVENT_SOURCE } from '../../contract/names';
import type { StageSettings } from '../settings';
import type { Alarms } from './alarms';
import type { ArtifactStore } from './artifact-store';
import type { EncryptionKey } from './encryption-key';
import type { RegistryBus } from './event-bus';
import { EventQueue } from './event-queue';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { allowPackages, groupsText } from './package-groups';

/** Props of {@link PackagesOut}. */
export interface PackagesOutProps {
  readonly settings: NonNullable<StageSettings['packages']>;
  readonly table: MetadataTable;
  readonly artifacts: ArtifactStore;
  readonly bus: RegistryBus;
  readonly key: EncryptionKey;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/** Changes after which a package in SageMaker may have to say something else. */
const MIRRORED_EVENTS = ['version.approval_changed', 'version.deleted', 'model.deleted'];

/**
 * Makes packages in SageMaker's registry of approved versions. Changes of approvals go into a queue; its
 * function compares what SageMaker says with what it should, and so does a tick with approvals that are over
 * (docs/decisions/0013-model-packages.md).
 */
export class PackagesOut extends EventQueue {
  constructor(scope: Construct, id: string, props: PackagesOutProps) {
    const { settings, table, artifacts, bus, key, logs, alarms } = props;
    super(scope, id, {
      functionId: 'Mirror',
      description: 'Makes model packages in SageMaker of versions of the model registry',
      entry: 'lambdas/mirror-packages.ts',
      variable: ENV.mirrorQueue,
      // What a package needs is packed before: one version at a time has all of the function's time.
      batchSize: 1,
      timeout: Duration.minutes(15),
      // An approval that is withdrawn must not wait for 90 minutes because one call failed.
      choosesRetry: true,
      mostAtOnce: 5,
      key,
      logs,
    });
    const { from, to } = settings;
    const written = from.filter(({ writesApproval }) => writesApproval);
    table.grantVersions(this.fn, 'lists');
    artifacts.grantArchives(this.fn, 'make');
    const stack = Stack.of(this);
    this.fn.setEnvironment(ENV.mirrorGroups, groupsText(stack, to));
    this.fn.setEnvironment(ENV.packageGroups, groupsText(stack, written));
    this.fn.setEnvironment(ENV.registryName, bus.bus.eventBusArn);
    const making = ['CreateModelPackage', 'ListModelPackages'];
    for (const each of to) {
      allowPackages(this.fn, each, {
        packages: ['DescribeModelPackage', 'UpdateModelPackage', ...making],
        groups: making,
      });
    }
    for (const each of written) {
      allowPackages(this.fn, each, { packages: ['DescribeModelPackage', 'UpdateModelPackage'] });
    }
    this.receive('Changes', {
      description: 'Changes of versions that SageMaker may have to be told of',
      bus: bus.bus,
      // Of all models: one that was renamed has another name than the settings, and packages that show its approvals.
      pattern: {
        source: [EVENT_SOURCE],
        detailType: MIRRORED_EVENTS,
      },
    });
    this.receive('Tick', {
      description: 'Looks for approvals that are over, which no event tells of',
      schedule: Schedule.rate(Duration.hours(1)),
    });
    this.watch(alarms, 'Mirrors', {
      failures: {
        meaning: 'The function that makes model packages fails: SageMaker shows old approvals.',
        runbook: 'mirror-failures',
      },
      late: {
        meaning: 'Changes that SageMaker is to be told of wait for more than two hours: it shows old approvals.',
        runbook: 'mirrors-late',
        after: Duration.hours(2),
      },
      keptAside: {
        meaning: 'Changes that SageMaker is to be told of were put aside: it shows old approvals.',
        runbook: 'mirrors-kept-aside',
      },
    });
  }
}
