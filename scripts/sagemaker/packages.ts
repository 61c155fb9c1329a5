import { CreateModelPackageGroupCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerPackages } from '../../adapters/sagemaker/packages';
import { type NewPackage, PackageRefusal } from '../../core/ports';

const GROUP = 'Churn-Models';
const REGISTRY = 'arn:aws:events:us-east-1:123456789012:event-bus/signet';

function wanted(version: number): NewPackage {
  return {
    group: GROUP,
    token: `version-${version}`,
    description: `churn ${version}`,
    containers: [
      {
        image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/server:1',
        environment: { THREADS: '2' },
        modelDataUrl: 's3://models/churn/model.tar.gz',
      },
    ],
    approval: 'Approved',
    properties: { 'signet:registry': REGISTRY, 'signet:version': `default/churn/${version}` },
  };
}

/**
 * Drives the adapter of model packages. moto knows no client token (the same one twice makes two packages there), keeps no
 * customer properties over an update that names none, and has no model cards and no life cycle.
 */
export async function drivePackages(
  client: SageMakerClient,
  check: (what: string, holds: boolean) => void,
): Promise<void> {
  const packages = new SageMakerPackages(client, 'read');
  const refusal = await packages.create(wanted(1)).catch((error: unknown) => error);
  check('a package in a group that is not there is refused for good', refusal instanceof PackageRefusal);
  await client.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: GROUP }));
  const since = new Date().toISOString();
  const [first, second] = [await packages.create(wanted(1)), await packages.create(wanted(2))];
  const made = await packages.describe(first);
  check('a package says what it was made of', made?.containers[0]?.modelData === 's3://models/churn/model.tar.gz');
  check('it says its status and approval', made?.status === 'Completed' && made.approval === 'Approved');
  check('it says of which version it was made', made?.properties['signet:version'] === 'default/churn/1');
  check('it says when it was made', (made?.createdAt ?? '') >= since.slice(0, 10));
  const found = await packages.find(GROUP, wanted(2).properties, since);
  check('one whose making was never told is found by its version', found === second);
  const none = await packages.find(GROUP, wanted(3).properties, since);
  check('one that was never made is not found', none === undefined);
  const change = { approval: 'Rejected', description: 'Rejected by rita: leaks', token: 'rejected' } as const;
  await packages.update(first, { ...change, properties: wanted(1).properties });
  await packages.update(first, { ...change, properties: wanted(1).properties });
  const rejected = await packages.describe(first);
  check('an approval can be taken back twice', rejected?.approval === 'Rejected');
  check('it says why', rejected?.approvalDescription === change.description);
  check('it says when it was changed', (rejected?.lastModified ?? '') >= (made?.createdAt ?? '~'));
  check('it still says of which version it was made', rejected?.properties['signet:version'] === 'default/churn/1');
  const gone = await packages.describe(first.replace(/1$/, '9'));
  check('a package that nobody made is not there', gone === undefined);
}
