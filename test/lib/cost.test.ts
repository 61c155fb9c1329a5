import { billOf } from '../../scripts/bench/bill';
import { idleAmounts } from '../../scripts/bench/idle';
import { mailing, templateOf } from './synthesised';

test.each(['dev', 'prod'] as const)('idle, stage %s costs at most 3 USD a month, and nothing by the hour', (stage) => {
  const { usd, lines } = billOf(idleAmounts(templateOf(stage).toJSON()['Resources']));
  expect(lines).toContainEqual({ item: 'kmsKeyMonth', amount: 2, usd: 2 });
  expect(usd).toBeLessThanOrEqual(3);
  expect(usd).toBeGreaterThan(2);
});

test('with mails it costs what the docs say', () => {
  const { usd } = billOf(idleAmounts(templateOf('prod', mailing('prod')).toJSON()['Resources']));
  const without = billOf(idleAmounts(templateOf('prod').toJSON()['Resources']));
  expect(usd - without.usd).toBeCloseTo(0.3 + 0.2592, 4);
});

test('a resource that is paid by the hour, or is not known, is refused', () => {
  expect(() => idleAmounts({ Nat: { Type: 'AWS::EC2::NatGateway' } })).toThrow('Nat: what AWS::EC2::NatGateway costs');
  const table = { Type: 'AWS::DynamoDB::Table', Properties: { BillingMode: 'PROVISIONED' } };
  expect(() => idleAmounts({ Metadata: table })).toThrow('Metadata');
});
