// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is the syntax of Fn::Sub.
import { Stack, type Template } from '../../../local/template';

const template = {
  Parameters: { Size: { Type: 'Number', Default: 3 }, Given: { Type: 'String' } },
  Mappings: { Sizes: { small: { memory: 128 } } },
  Conditions: {
    Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Both: { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] }] },
  },
  Resources: {
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: { 'Fn::Sub': '${AWS::StackName}-things' } } },
    Bucket: { Type: 'AWS::S3::Bucket' },
    Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'worker' } },
    Live: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Fn' } } },
    Hidden: { Type: 'AWS::SQS::Queue', Condition: 'No' },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
    Odd: { Type: 'AWS::Odd::Thing' },
  },
} as unknown as Template;

const stack = () =>
  new Stack(
    { stackName: 'Test', template, assets: new Map() },
    { awsEndpoint: 'http://127.0.0.1:1', attributes: new Map([['Odd', { Url: 'http://x' }]]) },
  );

test.each([
  [{ Ref: 'Table' }, 'Test-things'],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:aws:dynamodb:us-east-1:000000000000:table/Test-things'],
  [{ 'Fn::GetAtt': 'Table.StreamArn' }, expect.stringContaining(':table/Test-things/stream/')],
  [{ Ref: 'Bucket' }, 'test-bucket'],
  [{ Ref: 'Live' }, 'arn:aws:lambda:us-east-1:000000000000:function:worker:live'],
  [{ Ref: 'Queue' }, 'http://127.0.0.1:1/000000000000/jobs'],
  [{ 'Fn::GetAtt': ['Odd', 'Url'] }, 'http://x'],
  [{ Ref: 'Size' }, 3],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] }, 'a-000000000000'],
  [{ 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Table', 'Arn'] }] }] }, 'aws'],
  [
    { 'Fn::Sub': ['${!raw} ${x} ${Queue.Arn}', { x: { Ref: 'Size' } }] },
    '${raw} 3 arn:aws:sqs:us-east-1:000000000000:jobs',
  ],
  [{ 'Fn::If': ['Both', 'b', { Ref: 'Nowhere' }] }, 'b'],
  [{ 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
  [{ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
  [{ 'Fn::Base64': 'hi' }, 'aGk='],
])('%j resolves', (value, expected) => {
  expect(stack().resolve(value, 'x')).toEqual(expected);
});

test.each([
  [{ Ref: 'Nowhere' }, 'no resource Nowhere'],
  [{ Ref: 'Given' }, 'parameter Given has no default'],
  [{ 'Fn::GetAtt': ['Odd', 'Arn'] }, 'AWS::Odd::Thing Odd has no attribute Arn'],
  [{ 'Fn::ImportValue': 'x' }, 'Fn::ImportValue'],
  [{ 'Fn::Select': [4, ['a']] }, 'no element 4'],
])('%j is an error that names what is missing', (value, message) => {
  expect(() => stack().resolve({ Env: value }, 'Fn.Properties')).toThrow(message);
  expect(() => stack().resolve({ Env: value }, 'Fn.Properties')).toThrow('Fn.Properties.Env');
});

test('a resource whose condition does not hold is not there', () => {
  expect(stack().logicalIds('AWS::SQS::Queue')).toEqual(['Queue']);
});
