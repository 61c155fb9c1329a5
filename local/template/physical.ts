/** The account and region that everything local claims to be in. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** What `Ref` and `Fn::GetAtt` answer for one resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Context {
  readonly awsEndpoint: string;
  readonly logicalId: string;
  /** Another property of the resource, resolved. */
  readonly property: (name: string) => string;
}

type Make = (name: string, context: Context) => Identity;

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** ARN of a version or alias of the function that a property names by name or by ARN. */
const qualified = (functionName: string, qualifier: string): string =>
  `${functionName.startsWith('arn:') ? functionName : arn('lambda', `function:${functionName}`)}:${qualifier}`;

const table: Make = (name) => ({
  ref: name,
  attributes: {
    Arn: arn('dynamodb', `table/${name}`),
    // The engine's own label changes with the data folder; a fixed one lets a mapping name its stream beforehand.
    StreamArn: arn('dynamodb', `table/${name}/stream/1970-01-01T00:00:00.000`),
    TableId: name,
  },
});

/** Property that gives a resource its name, and what its `Ref` and attributes look like on AWS, by resource type. */
const TYPES: Readonly<Record<string, { readonly nameProperty?: string; readonly make: Make }>> = {
  'AWS::DynamoDB::Table': { nameProperty: 'TableName', make: table },
  'AWS::DynamoDB::GlobalTable': { nameProperty: 'TableName', make: table },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    make: (name) => ({
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${REGION}.amazonaws.com`,
      },
    }),
  },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    make: (name) => ({ ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } }),
  },
  'AWS::Lambda::Version': {
    make: (_name, { property }) => ({ ref: qualified(property('FunctionName'), '1'), attributes: { Version: '1' } }),
  },
  'AWS::Lambda::Alias': {
    nameProperty: 'Name',
    make: (name, { property }) => ({ ref: qualified(property('FunctionName'), name), attributes: {} }),
  },
  'AWS::Lambda::EventSourceMapping': { make: (name) => ({ ref: name, attributes: { Id: name } }) },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    make: (name, { awsEndpoint }) => ({
      ref: `${awsEndpoint}/${ACCOUNT}/${name}`,
      attributes: {
        Arn: arn('sqs', name),
        QueueName: name,
        QueueUrl: `${awsEndpoint}/${ACCOUNT}/${name}`,
      },
    }),
  },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    make: (name) => ({ ref: arn('sns', name), attributes: { TopicArn: arn('sns', name), TopicName: name } }),
  },
  'AWS::Events::EventBus': {
    nameProperty: 'Name',
    make: (name) => ({ ref: name, attributes: { Arn: arn('events', `event-bus/${name}`), Name: name } }),
  },
  // Both end in an id that AWS makes up.
  'AWS::Events::Connection': {
    nameProperty: 'Name',
    make: (name) => ({
      ref: name,
      attributes: {
        Arn: arn('events', `connection/${name}/local`),
        SecretArn: arn('secretsmanager', `secret:events!connection/${name}/local`),
      },
    }),
  },
  'AWS::Events::ApiDestination': {
    nameProperty: 'Name',
    make: (name) => ({ ref: name, attributes: { Arn: arn('events', `api-destination/${name}/local`) } }),
  },
  'AWS::Events::Rule': {
    nameProperty: 'Name',
    make: (name) => ({ ref: name, attributes: { Arn: arn('events', `rule/${name}`) } }),
  },
  'AWS::Events::Archive': {
    nameProperty: 'ArchiveName',
    make: (name) => ({ ref: name, attributes: { Arn: arn('events', `archive/${name}`), ArchiveName: name } }),
  },
  'AWS::ApiGatewayV2::Api': {
    make: (_name, { logicalId }) => ({ ref: logicalId, attributes: { ApiId: logicalId } }),
  },
  'AWS::CloudFront::OriginAccessControl': { make: (name) => ({ ref: name, attributes: { Id: name } }) },
  'AWS::CloudFront::Function': {
    nameProperty: 'Name',
    make: (name) => ({ ref: name, attributes: { FunctionARN: `arn:aws:cloudfront::${ACCOUNT}:function/${name}` } }),
  },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    make: (name) => ({ ref: name, attributes: { Arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, RoleId: name } }),
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    make: (name) => ({ ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } }),
  },
  'AWS::KMS::Key': { make: (name) => ({ ref: name, attributes: { Arn: arn('kms', `key/${name}`), KeyId: name } }) },
  'AWS::Cognito::UserPool': {
    make: () => {
      const id = `${REGION}_local`;
      const provider = `cognito-idp.${REGION}.amazonaws.com/${id}`;
      return {
        ref: id,
        attributes: {
          Arn: arn('cognito-idp', `userpool/${id}`),
          UserPoolId: id,
          ProviderName: provider,
          ProviderURL: `https://${provider}`,
        },
      };
    },
  },
};

/** Name that the template gives a resource, if its type has a property for it. */
export function nameProperty(type: string): string | undefined {
  return TYPES[type]?.nameProperty;
}

/**
 * What `Ref` and `Fn::GetAtt` answer for a resource here, in the forms that the CloudFormation reference gives. A type
 * that is not listed has its name for `Ref` and no attributes.
 */
export function identify(type: string, name: string, context: Context): Identity {
  return TYPES[type]?.make(name, context) ?? { ref: name, attributes: {} };
}

/** A name as CloudFormation would make one up, but the same on every start. */
export function defaultName(type: string, stackName: string, logicalId: string): string {
  const name = `${stackName}-${logicalId}`;
  return type === 'AWS::S3::Bucket' ? name.toLowerCase().slice(0, 63) : name;
}
