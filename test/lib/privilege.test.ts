import { ENV, INDEXES, TABLE } from '../../contract/names';
import { DEPLOYER } from '../support/deployments';
import {
  list,
  mailing,
  type Properties,
  resource,
  resources,
  type Statement,
  statementsOf,
  templateOf,
} from './synthesised';

const template = templateOf('prod', mailing('prod'));

const EVERYWHERE = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const READS = [
  'dynamodb:BatchGetItem',
  'dynamodb:GetItem',
  'dynamodb:Query',
  'kms:Decrypt',
  'kms:DescribeKey',
  's3:GetObject',
  's3:GetObjectVersion',
  's3:ListBucket',
  's3:ListMultipartUploadParts',
];
const WRITES = [
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:PutObject',
];
const PUBLISHES = [
  'dynamodb:DescribeStream',
  'dynamodb:GetItem',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'events:PutEvents',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  's3:ListBucket',
  's3:PutObject',
];

const DELIVERS = [
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
  'sqs:SendMessage',
];

const SEALS = [
  'dynamodb:DescribeStream',
  'dynamodb:GetItem',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:PutItem',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GetPublicKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:Sign',
  's3:GetObject',
  's3:ListBucket',
  's3:PutObject',
];

const POSTS = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

const EXPIRES = [
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

const DEPLOYS = [
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  's3:GetObject',
  's3:ListBucket',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
  'sqs:SendMessage',
];

const ROLES: [prefix: string, actions: string[]][] = [
  ['FunctionsQuery', READS],
  ['FunctionsCommand', [...READS, ...WRITES]],
  ['PublisherPublish', PUBLISHES],
  ['WebhooksDeliver', DELIVERS],
  ['MailsSend', [...DELIVERS, 'dynamodb:DeleteItem', 'ses:SendEmail']],
  ['DeploymentsDeploy', DEPLOYS],
  ['AuditSeal', SEALS],
  ['RequestExpiryExpire', EXPIRES],
  ['ConsolePublish', ['s3:PutObject']],
  ['SearchPost', POSTS],
];
const allStatements: Statement[] = ROLES.flatMap(([prefix]) => statementsOf(template, prefix));

test.each(ROLES)('the role of %s may do what its meaning needs and nothing else', (prefix, actions) => {
  const granted = new Set(statementsOf(template, prefix).flatMap((statement) => statement.actions));
  expect([...granted].sort()).toEqual([...EVERYWHERE, ...actions].sort());
});

test('these are all policies of the stack', () => {
  // The role of documents has one too: operations.test.ts looks at it.
  expect(resources(template, 'AWS::IAM::Policy')).toHaveLength(ROLES.length + 1);
  for (const [, { Properties: role }] of resources(template, 'AWS::IAM::Role')) {
    expect(role['ManagedPolicyArns']).toBeUndefined();
    expect(role['Policies']).toBeUndefined();
  }
});

test('no statement has a wildcard for its action, or forbids', () => {
  for (const { actions, effect } of allStatements) {
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(effect).toBe('Allow');
  }
});

test('only tracing is allowed on every resource, because it defines none', () => {
  for (const { actions, resources: targets } of allStatements) {
    if (targets.includes('*')) {
      expect(actions.filter((action) => !action.startsWith('xray:'))).toEqual([]);
    }
  }
});

test('only objects of a bucket are named by a wildcard', () => {
  for (const { actions, resources: targets } of allStatements) {
    const wild = targets.filter((target) => target !== '*' && JSON.stringify(target).includes('*'));
    if (wild.length > 0) {
      expect(actions.filter((action) => !action.startsWith('s3:'))).toEqual([]);
      expect(wild.every((target) => /"\/(_mlflow\/|_deploy\/)?\*"\]\]\}$/.test(JSON.stringify(target)))).toBe(true);
    }
  }
});

const SIGNS = ['kms:GetPublicKey', 'kms:Sign'];

test('the key is used through the service whose data a role may use', () => {
  for (const { actions, condition } of allStatements) {
    if (actions.some((action) => action.startsWith('kms:') && !SIGNS.includes(action))) {
      expect(JSON.stringify(condition)).toMatch(/"kms:ViaService":.*"(dynamodb|s3|sqs)\./);
    }
  }
});

test('the query role writes no item to the table it reads, and writes go to no index', () => {
  const [tableId] = resource(template, 'AWS::DynamoDB::Table');
  const writes = statementsOf(template, 'FunctionsCommand').filter(({ actions }) =>
    actions.includes('dynamodb:PutItem'),
  );
  expect(writes.map(({ resources: targets }) => targets)).toEqual([[{ 'Fn::GetAtt': [tableId, 'Arn'] }]]);
});

test('the function of webhooks writes deliveries and nothing else', () => {
  const writes = statementsOf(template, 'WebhooksDeliver').filter(({ actions }) =>
    actions.includes('dynamodb:PutItem'),
  );
  expect(writes.map(({ actions, condition }) => ({ actions, condition }))).toEqual([
    {
      actions: ['dynamodb:PutItem'],
      condition: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${TABLE.deliveryPartition}*`] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ]);
});

test('one function signs digests, with their own key, and moves on nothing but their head', () => {
  const [keyId] = resource(template, 'AWS::KMS::Key', 'AuditKey');
  const signs = ROLES.flatMap(([prefix]) =>
    statementsOf(template, prefix)
      .filter(({ actions }) => actions.includes('kms:Sign'))
      .map(({ actions, resources: targets }) => ({ prefix, actions, targets })),
  );
  expect(signs).toEqual([{ prefix: 'AuditSeal', actions: SIGNS, targets: [{ 'Fn::GetAtt': [keyId, 'Arn'] }] }]);
  const [write, ...more] = statementsOf(template, 'AuditSeal').filter(({ actions }) =>
    actions.includes('dynamodb:PutItem'),
  );
  expect(more).toEqual([]);
  expect(write).toMatchObject({
    actions: ['dynamodb:PutItem'],
    condition: {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [TABLE.digestPartition] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });
});

test('nobody but the function that seals writes digests, and nobody can free them before their time', () => {
  const [bucketId] = resource(template, 'AWS::S3::Bucket', 'AuditDigests');
  const touching = ROLES.flatMap(([prefix]) =>
    statementsOf(template, prefix)
      .filter(({ resources: targets }) => JSON.stringify(targets).includes(bucketId))
      .flatMap(({ actions }) => actions.map((action) => `${prefix} ${action}`)),
  );
  expect(touching.sort()).toEqual([
    'AuditSeal s3:GetObject',
    'AuditSeal s3:ListBucket',
    'AuditSeal s3:PutObject',
    'FunctionsQuery s3:GetObject',
  ]);
});

test('the function of mails writes mails and what is known of addresses that refuse them, and nothing else', () => {
  const writes = statementsOf(template, 'MailsSend').filter(({ actions }) => actions.includes('dynamodb:PutItem'));
  expect(writes.map(({ actions, condition }) => ({ actions, condition }))).toEqual([
    {
      actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
      condition: {
        'ForAllValues:StringLike': {
          'dynamodb:LeadingKeys': [`${TABLE.mailPartition}*`, `${TABLE.suspensionPartition}*`],
        },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ]);
});

test('the function of search writes postings and notes of what is to be posted, and nothing else', () => {
  const writes = statementsOf(template, 'SearchPost').filter(({ actions }) => actions.includes('dynamodb:PutItem'));
  expect(writes.map(({ condition }) => condition)).toEqual([
    {
      'ForAllValues:StringLike': {
        'dynamodb:LeadingKeys': [`${TABLE.postingPartition}*`, `${TABLE.deskPartition}*`],
      },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  ]);
});

test('mails are sent from the one address, by its identity and through the one configuration set', () => {
  const [setId] = resource(template, 'AWS::SES::ConfigurationSet');
  const sends = allStatements.filter(({ actions }) => actions.some((action) => action.startsWith('ses:')));
  expect(sends).toMatchObject([
    {
      actions: ['ses:SendEmail'],
      condition: { StringEquals: { 'ses:FromAddress': 'signet@mail.example.com' } },
    },
  ]);
  const [set, identity, ...more] = sends[0]?.resources.map((each) => JSON.stringify(each)) ?? [];
  expect(identity).toContain(':identity/mail.example.com"');
  expect(set).toContain(`:configuration-set/",{"Ref":"${setId}"}`);
  expect(more).toEqual([]);
});

test('the function that marks requests writes to models and to what is open, and finds it by one index', () => {
  const [tableId] = resource(template, 'AWS::DynamoDB::Table');
  const statements = statementsOf(template, 'RequestExpiryExpire').filter(({ actions }) =>
    actions.some((action) => action.startsWith('dynamodb:')),
  );
  const tableArn = { 'Fn::GetAtt': [tableId, 'Arn'] };
  expect(
    statements.map(({ actions, resources: targets, condition }) => ({
      actions: [...actions].sort(),
      targets,
      condition,
    })),
  ).toEqual([
    { actions: ['dynamodb:GetItem'], targets: [tableArn], condition: undefined },
    {
      actions: ['dynamodb:Query'],
      targets: [{ 'Fn::Join': ['', [tableArn, `/index/${INDEXES.lists.name}`]] }],
      condition: undefined,
    },
    {
      actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
      targets: [tableArn],
      condition: {
        'ForAllValues:StringLike': {
          'dynamodb:LeadingKeys': [`${TABLE.modelPartition}*`, `${TABLE.pendingPartition}*`],
        },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ]);
});

test('the function that deploys writes to models, turns and endpoints, and asks of workspaces only that nothing changed', () => {
  const statements = statementsOf(template, 'DeploymentsDeploy').filter(({ condition }) => condition !== undefined);
  const said = statements.map(({ actions, condition }) => ({
    actions,
    keys: ((condition as Properties)['ForAllValues:StringLike'] as Properties | undefined)?.['dynamodb:LeadingKeys'],
  }));
  expect(said).toEqual(
    expect.arrayContaining([
      { actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem'], keys: DEPLOYER.writes.map((each) => `${each}*`) },
      { actions: ['dynamodb:ConditionCheckItem'], keys: DEPLOYER.checks.map((each) => `${each}*`) },
    ]),
  );
});

test('no function of any stage may send webhooks to itself', () => {
  for (const stage of ['dev', 'prod'] as const) {
    expect(JSON.stringify(templateOf(stage).toJSON())).not.toContain(ENV.webhookLoopback);
  }
});

test('a role is assumed by Lambda alone, but for that of documents', () => {
  const roles = resources(template, 'AWS::IAM::Role').filter(([id]) => !id.startsWith('AutomationRole'));
  for (const [, { Properties: role }] of roles) {
    const [statement, ...more] = list((role['AssumeRolePolicyDocument'] as Properties)['Statement']);
    expect(more).toEqual([]);
    expect((statement as Properties)['Principal']).toEqual({ Service: 'lambda.amazonaws.com' });
  }
});

test.each([
  ['FunctionsQuery', [ENV.administrators, ENV.bucket, ENV.digestBucket, ENV.everyone, ENV.table, ENV.version]],
  [
    'FunctionsCommand',
    [ENV.administrators, ENV.bucket, ENV.endpointPrefix, ENV.everyone, ENV.mailFrom, ENV.table, ENV.version],
  ],
  ['DeploymentsDeploy', [ENV.bucket, ENV.deployQueue, ENV.table]],
  ['PublisherPublish', [ENV.bus, ENV.table]],
  ['WebhooksDeliver', [ENV.table, ENV.webhookQueue]],
  [
    'MailsSend',
    [
      ENV.administrators,
      ENV.apiUrl,
      ENV.consoleUrl,
      ENV.everyone,
      ENV.mailAsideQueue,
      ENV.mailConfigurationSet,
      ENV.mailFrom,
      ENV.mailQueue,
      ENV.table,
    ],
  ],
  ['AuditSeal', [ENV.digestBucket, ENV.digestKey, ENV.table]],
  ['RequestExpiryExpire', [ENV.table]],
])('%s knows the resources that it may use, and no others', (prefix, names) => {
  const [, { Properties: fn }] = resource(template, 'AWS::Lambda::Function', prefix);
  const variables = (fn['Environment'] as { Variables: Properties }).Variables;
  const own = Object.keys(variables).filter((name) => name.startsWith('SIGNET_'));
  expect(own.sort()).toEqual([...names].sort());
});

test('every function logs for a bounded time, traces, and runs on arm64', () => {
  const functions = resources(template, 'AWS::Lambda::Function');
  expect(functions).toHaveLength(ROLES.length);
  for (const [, { Properties: fn, Metadata }] of functions) {
    expect(fn).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
    });
    expect(Metadata?.['signet:entry']).toMatch(/^lambdas\/[a-z-]+\.ts$/);
    const { LogGroup } = fn['LoggingConfig'] as { LogGroup: { Ref: string } };
    const logGroup = new Map(resources(template, 'AWS::Logs::LogGroup')).get(LogGroup.Ref);
    expect(logGroup?.Properties).toMatchObject({ RetentionInDays: 365, KmsKeyId: expect.anything() });
  }
});

test('objects are deleted nowhere but among the files of the artifact protocol', () => {
  const deletes = allStatements.filter(({ actions }) => actions.some((action) => action.startsWith('s3:Delete')));
  expect(deletes.flatMap(({ resources: targets }) => targets.map((target) => JSON.stringify(target)))).toEqual([
    expect.stringContaining('/_mlflow/*'),
  ]);
});
