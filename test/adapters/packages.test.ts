import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerPackages } from '../../adapters/sagemaker/packages';

const ARN = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/churn/1';
const CARD = { ModelCardContent: '{"evaluation_details":[]}', ModelCardStatus: 'Draft' };

interface Input {
  readonly IncludedData?: string;
  readonly SortBy?: string;
  readonly SortOrder?: string;
}

/** A client that answers as SageMaker does to one who may use the card's key, or may not. */
function client(answer: (input: Input) => object): { readonly asked: Input[]; readonly sagemaker: SageMakerClient } {
  const asked: Input[] = [];
  const send = async ({ input }: { input: Input }) => {
    asked.push(input);
    return answer(input);
  };
  return { asked, sagemaker: { send } as unknown as SageMakerClient };
}

const described = { ModelPackageArn: ARN, ModelPackageStatus: 'Completed', CreationTime: new Date(0) };
const denied = (message: string) => {
  throw Object.assign(new Error(message), { name: 'AccessDeniedException' });
};
const withoutKey = ({ IncludedData }: Input) =>
  IncludedData === 'MetadataOnly'
    ? { ...described, ModelCard: { ...CARD, ModelCardContent: '{}' } }
    : denied('not authorized to perform: kms:Decrypt');

test('a card is read where it may be', async () => {
  const { asked, sagemaker } = client(() => ({ ...described, ModelCard: CARD }));
  const facts = await new SageMakerPackages(sagemaker, 'read').describe(ARN);
  expect(facts).toMatchObject({ arn: ARN, card: CARD.ModelCardContent });
  expect(facts).not.toHaveProperty('cardIsHidden');
  expect(asked.map(({ IncludedData }) => IncludedData)).toEqual(['AllData']);
});

test('without a right on the key of its card a package is described without the card, and says so', async () => {
  const { asked, sagemaker } = client(withoutKey);
  const facts = await new SageMakerPackages(sagemaker, 'read').describe(ARN);
  expect(facts).toMatchObject({ arn: ARN, status: 'Completed', cardIsHidden: true });
  expect(facts).not.toHaveProperty('card');
  expect(asked.map(({ IncludedData }) => IncludedData)).toEqual(['AllData', 'MetadataOnly']);
});

test('who needs no card never asks for one', async () => {
  const { asked, sagemaker } = client(withoutKey);
  await new SageMakerPackages(sagemaker, 'leave').describe(ARN);
  expect(asked.map(({ IncludedData }) => IncludedData)).toEqual(['MetadataOnly']);
});

test('a package that may not be described at all is an error, and no package without a card', async () => {
  const { sagemaker } = client(() => denied('not authorized to perform: sagemaker:DescribeModelPackage'));
  await expect(new SageMakerPackages(sagemaker, 'read').describe(ARN)).rejects.toThrow('DescribeModelPackage');
});

test('of several packages that bear the same the first one that was made is found', async () => {
  const properties = { 'signet:making': '01' };
  const { asked, sagemaker } = client((input) =>
    input.SortBy
      ? { ModelPackageSummaryList: [{ ModelPackageArn: ARN }, { ModelPackageArn: ARN.replace('/1', '/2') }] }
      : { ...described, CustomerMetadataProperties: properties },
  );
  expect(await new SageMakerPackages(sagemaker, 'leave').find('churn', properties, '2026-01-01T00:00:00Z')).toBe(ARN);
  expect(asked[0]).toMatchObject({ SortBy: 'CreationTime', SortOrder: 'Ascending' });
});
