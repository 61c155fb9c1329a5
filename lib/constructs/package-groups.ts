import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DEFAULT_WORKSPACE } from '../../contract/names';
import type { PackageGroupSettings } from '../settings';
import type { RegistryFunction } from './registry-function';

/** A group by its ARN: that of another account, or the one of this name beside the stack. */
function arnOf(stack: Stack, group: string): string {
  return group.startsWith('arn:')
    ? group
    : stack.formatArn({ service: 'sagemaker', resource: 'model-package-group', resourceName: group });
}

/** The name of a group. */
export function groupName(group: string): string {
  return group.slice(group.lastIndexOf('/') + 1);
}

/** The groups as the functions are told of them, in the text of one variable. */
export function groupsText(stack: Stack, groups: readonly PackageGroupSettings[]): string {
  return stack.toJsonString(
    groups.map(({ group, workspace = DEFAULT_WORKSPACE, model, writesApproval }) => ({
      group: arnOf(stack, group),
      workspace,
      model,
      ...(writesApproval && { writesApproval }),
    })),
  );
}

/**
 * Gives a function rights on the packages of a group, or on the group, and on nothing else of SageMaker. Its ARNs have
 * names in lower case.
 */
export function allowPackages(
  fn: RegistryFunction,
  { group }: PackageGroupSettings,
  { packages, groups = [] }: { readonly packages: readonly string[]; readonly groups?: readonly string[] },
): void {
  const stack = Stack.of(fn);
  const { partition, region, account } = group.startsWith('arn:')
    ? Arn.split(group, ArnFormat.SLASH_RESOURCE_NAME)
    : { partition: undefined, region: undefined, account: undefined };
  const name = groupName(group).toLowerCase();
  const place = {
    service: 'sagemaker',
    ...(partition !== undefined && { partition }),
    ...(region !== undefined && { region }),
    ...(account !== undefined && { account }),
  };
  const versions = stack.formatArn({ ...place, resource: 'model-package', resourceName: `${name}/*` });
  const itself = stack.formatArn({ ...place, resource: 'model-package-group', resourceName: name });
  const tokens = `arn:${partition ?? '<AWS::Partition>'}:sagemaker:${region ?? '<AWS::Region>'}:${account ?? '<AWS::AccountId>'}`;
  fn.acknowledgeWildcard(`${tokens}:model-package/${name}/*`, 'Versions of the one group that the settings name.');
  fn.allow(new PolicyStatement({ actions: packages.map((action) => `sagemaker:${action}`), resources: [versions] }));
  if (groups.length === 0) return;
  fn.allow(new PolicyStatement({ actions: groups.map((action) => `sagemaker:${action}`), resources: [itself] }));
}
