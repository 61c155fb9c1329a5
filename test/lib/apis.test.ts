import type { Operation } from '../../contract/operation';
import { OPERATIONS } from '../../contract/operations';
import { routesFor } from '../../contract/routes';
import { type Properties, resource, resources, templateOf } from './synthesised';

/** An operation that reads and whose method implies that it writes. */
const search: Operation = {
  id: 'searchSomething',
  method: 'POST',
  path: '/v1/something:search',
  effect: 'query',
  needs: 'read',
  tag: 'Test',
  summary: 'Reads by POST',
  status: 200,
  errors: [],
};
const operations: Operation[] = [...Object.values(OPERATIONS), search];
const template = templateOf('dev', { operations });
const APIS = ['PeopleApi', 'MachinesApi'] as const;

interface Served {
  readonly routeKey: string;
  readonly authorization: string;
  readonly authorizer: unknown;
  /** Logical id of the function. */
  readonly function: string;
}

function refOf(value: unknown): string {
  return (value as { Ref: string }).Ref;
}

/** Routes of an API as deployed, with the function that each leads to. */
function routesOf(api: string): Map<string, Served> {
  const [apiId] = resource(template, 'AWS::ApiGatewayV2::Api', api);
  const integrations = new Map(resources(template, 'AWS::ApiGatewayV2::Integration'));
  const served = resources(template, 'AWS::ApiGatewayV2::Route')
    .filter(([, { Properties: route }]) => refOf(route['ApiId']) === apiId)
    .map(([, { Properties: route }]) => {
      const [, integrationId] = ((route['Target'] as Properties)['Fn::Join'] as [string, [string, { Ref: string }]])[1];
      const integration = integrations.get(integrationId.Ref)?.Properties;
      const uri = integration?.['IntegrationUri'] as { 'Fn::GetAtt': [string, string] };
      return {
        routeKey: route['RouteKey'] as string,
        authorization: route['AuthorizationType'] as string,
        authorizer: route['AuthorizerId'],
        function: uri['Fn::GetAtt'][0],
      };
    });
  return new Map(served.map((route) => [route.routeKey, route]));
}

/** The route that API Gateway picks: the one that fits best, here the full path before the greedy one of the method. */
function pick(routes: Map<string, Served>, method: string, path: string): Served | undefined {
  return routes.get(`${method} ${path}`) ?? routes.get(`${method} /{proxy+}`);
}

describe.each(APIS)('%s', (api) => {
  const routes = routesOf(api);

  test('has the routes that the contract derives, and no others', () => {
    const expected = routesFor(operations).map(({ method, path }) => `${method} ${path}`);
    expect([...routes.keys()].sort()).toEqual(expected.sort());
  });

  test.each(operations.map((operation) => [operation.id, operation] as const))(
    'serves %s by the function of its effect',
    (_id, { method, path, effect, open }) => {
      const paths = open ? [path] : [path, `/w/{workspace}${path}`];
      for (const each of paths) {
        const route = pick(routes, method, each);
        expect(route?.function).toMatch(effect === 'query' ? /^FunctionsQuery/ : /^FunctionsCommand/);
        expect(route?.authorization).toBe(open ? 'NONE' : api === 'PeopleApi' ? 'JWT' : 'AWS_IAM');
      }
    },
  );

  test('a query by POST has a route of its own to the query function', () => {
    expect(routes.get('POST /v1/something:search')?.function).toMatch(/^FunctionsQuery/);
    expect(routes.get('POST /w/{workspace}/v1/something:search')?.function).toMatch(/^FunctionsQuery/);
  });

  test('asks for authorisation everywhere but where the contract declares a route open', () => {
    const open = [...routes.values()].filter(({ authorization }) => authorization === 'NONE');
    const declared = operations.filter((each) => each.open).map(({ method, path }) => `${method} ${path}`);
    expect(open.map(({ routeKey }) => routeKey).sort()).toEqual(declared.sort());
  });

  test('throttles, deploys by itself and logs who asked for what', () => {
    const [, { Properties: stage }] = resource(template, 'AWS::ApiGatewayV2::Stage', api);
    expect(stage).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
    const { Format } = stage['AccessLogSettings'] as { Format: string };
    expect(Object.keys(JSON.parse(Format))).toEqual(
      expect.arrayContaining([
        'requestId',
        'ip',
        'method',
        'routeKey',
        'status',
        'latency',
        'integrationError',
        'principal',
      ]),
    );
  });

  test('invokes each function by one permission, whatever the number of routes', () => {
    const [apiId] = resource(template, 'AWS::ApiGatewayV2::Api', api);
    const permissions = resources(template, 'AWS::Lambda::Permission').filter(([, { Properties: permission }]) =>
      JSON.stringify(permission['SourceArn']).includes(`"${apiId}"`),
    );
    expect(permissions).toHaveLength(2);
  });
});

test('integrations wait 29 seconds and longer than their function runs', () => {
  for (const [, { Properties: integration }] of resources(template, 'AWS::ApiGatewayV2::Integration')) {
    expect(integration).toMatchObject({ TimeoutInMillis: 29_000, PayloadFormatVersion: '2.0' });
  }
  for (const id of ['FunctionsQuery', 'FunctionsCommand']) {
    expect(resource(template, 'AWS::Lambda::Function', id)[1].Properties['Timeout']).toBeLessThan(29);
  }
});

test('people are known by tokens that the user pool issued to the console', () => {
  const [poolId] = resource(template, 'AWS::Cognito::UserPool');
  const [clientId] = resource(template, 'AWS::Cognito::UserPoolClient');
  const [, { Properties: authorizer }] = resource(template, 'AWS::ApiGatewayV2::Authorizer');
  expect(authorizer).toMatchObject({
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Audience: [{ Ref: clientId }] },
  });
  expect(JSON.stringify((authorizer['JwtConfiguration'] as Properties)['Issuer'])).toContain(poolId);
});

test('only pages of the stage may call the API of people', () => {
  const cors = (api: string) => resource(template, 'AWS::ApiGatewayV2::Api', api)[1].Properties['CorsConfiguration'];
  expect(cors('PeopleApi')).toMatchObject({ AllowOrigins: ['http://localhost:5173'] });
  expect(cors('MachinesApi')).toBeUndefined();
});

test('nobody signs up by themselves, and the console has no secret to lose', () => {
  template.hasResourceProperties('AWS::Cognito::UserPool', {
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    Policies: { PasswordPolicy: { MinimumLength: 12 } },
    EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
  });
  template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
    GenerateSecret: false,
    AllowedOAuthFlows: ['code'],
    PreventUserExistenceErrors: 'ENABLED',
  });
});

test('production demands a second factor', () => {
  templateOf('prod').hasResourceProperties('AWS::Cognito::UserPool', {
    MfaConfiguration: 'ON',
    DeletionProtection: 'ACTIVE',
  });
});
