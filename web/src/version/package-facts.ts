import type { Version } from './types';

type ModelPackage = NonNullable<Version['modelPackage']>;

const STATUS: Readonly<Record<ModelPackage['status'], string>> = {
  Pending: 'is to be made',
  InProgress: 'is being made',
  Completed: 'is there',
  Failed: 'could not be made',
  Deleting: 'is being deleted',
  Deleted: 'was deleted',
};

const APPROVALS: Readonly<Record<NonNullable<ModelPackage['approval']>, string>> = {
  PendingManualApproval: 'Pending',
  Approved: 'Approved',
  Rejected: 'Rejected',
};

/** What is known of the package of a version in SageMaker's registry, in words; its ARN is shown beside. */
export function packageFactsOf(version: Version): readonly (readonly [label: string, value: string | undefined])[] {
  if (!version.modelPackage) return [];
  const { origin, status, approval, approvalBy, approvalDescription, objection } = version.modelPackage;
  const by = approvalBy ? ` by ${approvalBy}` : '';
  const why = approvalDescription ? `: ${approvalDescription}` : '';
  return [
    [
      'Package',
      `${STATUS[status]}, ${origin === 'sagemaker' ? 'the version came from it' : 'it is made of the version'}`,
    ],
    ['Approval in SageMaker', approval && `${APPROVALS[approval]}${by}${why}`],
    ...(objection ? ([['Objection', objection]] as const) : []),
  ];
}
