import { packageFactsOf } from '../../web/src/version/package-facts';
import type { Version } from '../../web/src/version/types';

const factsOf = (modelPackage?: Version['modelPackage']) =>
  Object.fromEntries(packageFactsOf({ modelPackage } as Version));

test('a version that SageMaker has no package of tells nothing of one', () => {
  expect(factsOf()).toEqual({});
});

test('a package from SageMaker tells who decided there, and why', () => {
  expect(
    factsOf({
      arn: 'arn:aws:sagemaker:eu-central-1:123456789012:model-package/churn/3',
      origin: 'sagemaker',
      status: 'Completed',
      approval: 'Rejected',
      approvalBy: 'arn:aws:iam::123456789012:role/reviewer',
      approvalDescription: 'recall too low',
    }),
  ).toEqual({
    Package: 'is there, the version came from it',
    'Approval in SageMaker': 'Rejected by arn:aws:iam::123456789012:role/reviewer: recall too low',
  });
});

test('what SageMaker did not take tells why', () => {
  expect(factsOf({ origin: 'signet', status: 'Failed', objection: 'The version has no image.' })).toEqual({
    Package: 'could not be made, it is made of the version',
    'Approval in SageMaker': undefined,
    Objection: 'The version has no image.',
  });
});
