import { handOf } from '../../core/domain/principal';

const sts = (role: string, session: string, account = '123456789012') =>
  `arn:aws:sts::${account}:assumed-role/${role}/${session}`;

test('sessions of a role are one hand, whoever named them, and those of another role or account another', () => {
  expect(handOf(sts('Trainer', 'job-7'))).toBe('arn:aws:iam::123456789012:role/Trainer');
  expect(handOf(sts('Trainer', 'job-8'))).toBe(handOf(sts('Trainer', 'job-7')));
  expect(handOf(sts('Reviewer', 'job-7'))).not.toBe(handOf(sts('Trainer', 'job-7')));
  expect(handOf(sts('Trainer', 'job-7', '210987654321'))).not.toBe(handOf(sts('Trainer', 'job-7')));
});

test('people who signed in at IAM Identity Center are a hand each', () => {
  const role = 'AWSReservedSSO_Reviewers_0123456789abcdef';
  expect(handOf(sts(role, 'ada@example.com'))).not.toBe(handOf(sts(role, 'bob@example.com')));
});

test('a person of IAM Identity Center is one hand, with whichever role and in whichever account', () => {
  const ada = sts('AWSReservedSSO_Reviewers_0123456789abcdef', 'ada@example.com');
  expect(handOf(sts('AWSReservedSSO_Scientists_fedcba9876543210', 'ada@example.com'))).toBe(handOf(ada));
  expect(handOf(sts('AWSReservedSSO_Reviewers_0123456789abcdef', 'ada@example.com', '210987654321'))).toBe(handOf(ada));
});

test.each(['ada', 'arn:aws:iam::123456789012:user/ada', '', 'arn:aws:sts::123456789012:federated-user/ada'])(
  '%j is its own hand',
  (id) => expect(handOf(id)).toBe(id),
);
