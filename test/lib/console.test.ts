import { runInNewContext } from 'node:vm';
import { Match } from 'aws-cdk-lib/assertions';
import { API_PATHS, REWRITE } from '../../lib/constructs/console-edge';
import { type Json, type Properties, resource, templateOf } from './synthesised';

const template = templateOf('prod');
const [distributionId, { Properties: distribution }] = resource(template, 'AWS::CloudFront::Distribution');
const config = distribution['DistributionConfig'] as Properties;
const page = config['DefaultCacheBehavior'] as Properties;
const paths = config['CacheBehaviors'] as Properties[];

test('the page comes from a private bucket, over TLS, compressed', () => {
  expect(page).toMatchObject({ ViewerProtocolPolicy: 'redirect-to-https', Compress: true });
  const [bucketId] = resource(template, 'AWS::S3::Bucket', 'ConsoleFiles');
  template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
    OriginAccessControlConfig: {
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    Bucket: { Ref: bucketId },
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 's3:GetObject',
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Effect: 'Allow',
        }),
      ]),
    },
  });
});

test("the people's API is under the same origin, and no answer of it is cached or replaced", () => {
  const [apiId] = resource(template, 'AWS::ApiGatewayV2::Api', 'PeopleApi');
  const origins = config['Origins'] as Properties[];
  expect(paths.map((behavior) => behavior['PathPattern'])).toEqual(API_PATHS);
  for (const behavior of paths) {
    const origin = origins.find(({ Id }) => Id === behavior['TargetOriginId']);
    expect(JSON.stringify(origin?.['DomainName'])).toContain(`"Ref":"${apiId}"`);
    expect(behavior['AllowedMethods']).toEqual(expect.arrayContaining(['DELETE', 'GET', 'PATCH', 'POST', 'PUT']));
    // The managed policy CachingDisabled.
    expect(behavior['CachePolicyId']).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
    expect(behavior['FunctionAssociations']).toBeUndefined();
  }
  expect(config['CustomErrorResponses']).toBeUndefined();
});

describe('headers', () => {
  const [policyId, { Properties: policy }] = resource(template, 'AWS::CloudFront::ResponseHeadersPolicy');
  const security = (policy['ResponseHeadersPolicyConfig'] as Properties)['SecurityHeadersConfig'] as Properties;
  const csp = JSON.stringify((security['ContentSecurityPolicy'] as Properties)['ContentSecurityPolicy']);

  test('are on every answer', () => {
    for (const behavior of [page, ...paths]) expect(behavior['ResponseHeadersPolicyId']).toEqual({ Ref: policyId });
  });

  test('allow no script and no style inside the page, nothing by default, and no frame around it', () => {
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("script-src 'self';");
    expect(csp).toContain("style-src 'self';");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).not.toMatch(/unsafe|\*|http:/);
  });

  test('allow calls to the artifacts and to the sign-in page alone', () => {
    const [artifactsId] = resource(template, 'AWS::S3::Bucket', 'Artifacts');
    const [domainId] = resource(template, 'AWS::Cognito::UserPoolDomain');
    expect(csp).toContain(`{"Fn::GetAtt":["${artifactsId}","RegionalDomainName"]}`);
    expect(csp).toContain(`{"Ref":"${domainId}"}`);
  });

  test('demand TLS, forbid guessing of types and tell other sites nothing', () => {
    expect(security).toMatchObject({
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, IncludeSubdomains: true, Override: true },
      ContentTypeOptions: { Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'same-origin', Override: true },
    });
  });
});

test.each([
  ['/', '/index.html'],
  ['/workspaces/default/models/churn.v2/versions/3', '/index.html'],
  ['/workspaces/default/models/x.js', '/index.html'],
  ['/assets/index-1a2b.js', '/assets/index-1a2b.js'],
  ['/config.json', '/config.json'],
])('the edge serves %s from %s', (uri, expected) => {
  const served: unknown = runInNewContext(`${REWRITE}; handler(event).uri`, { event: { request: { uri } } });
  expect(served).toBe(expected);
});

test('people come back to the console from the sign-in page', () => {
  const [, { Properties: client }] = resource(template, 'AWS::Cognito::UserPoolClient');
  const origin: Json = { 'Fn::GetAtt': [distributionId, 'DomainName'] };
  expect(client).toMatchObject({
    AllowedOAuthFlows: ['code'],
    CallbackURLs: [{ 'Fn::Join': ['', ['https://', origin, '/signed-in']] }],
    LogoutURLs: [{ 'Fn::Join': ['', ['https://', origin, '/']] }],
  });
  expect(client['GenerateSecret']).toBe(false);
});

test('the page is told where people sign in, and published again with every other code', () => {
  const [, { Properties: published }] = resource(template, 'Custom::SignetConsole');
  const [, { Properties: fn }] = resource(template, 'AWS::Lambda::Function', 'ConsolePublish');
  expect(published['Code']).toBe((fn['Code'] as Properties)['S3Key']);
  const told = JSON.stringify(published['Config']);
  for (const key of ['stage', 'signIn', 'authority', 'clientId', 'domain']) expect(told).toContain(key);
});
