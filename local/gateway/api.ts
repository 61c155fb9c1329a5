import { isObject, type Json, type Stack } from '../template';
import type { Cors } from './origin';
import type { Route } from './router';

type Authorization = 'NONE' | 'JWT' | 'AWS_IAM';

/** What a route leads to. */
export interface Target {
  readonly functionArn: string;
  readonly authorization: Authorization;
  /** Time that the gateway waits for the function. */
  readonly timeoutMs: number;
}

/** An HTTP API of the stack. */
export interface Api {
  readonly logicalId: string;
  readonly routes: readonly Route<Target>[];
  readonly stage: string;
  readonly cors: Cors | undefined;
}

/** API Gateway waits no longer than this for an integration. */
const MAXIMUM_TIMEOUT_MS = 30_000;

/**
 * Reads the HTTP APIs of a stack: those for people (JWT) first, then those for machines (IAM), then others.
 *
 * @throws Error naming the route when its authorisation or integration has no local form.
 */
export function readApis(stack: Stack): Api[] {
  const routes = stack.resources('AWS::ApiGatewayV2::Route');
  const integrations = new Map(
    stack.resources('AWS::ApiGatewayV2::Integration').map((each) => [each.identity.ref, each.properties]),
  );
  const stages = stack.logicalIds('AWS::ApiGatewayV2::Stage').map((id) => stack.resource(id, ['ApiId', 'StageName']));

  return stack
    .logicalIds('AWS::ApiGatewayV2::Api')
    .map((logicalId) => {
      const { properties, identity } = stack.resource(logicalId, ['CorsConfiguration', 'ProtocolType']);
      if (properties['ProtocolType'] !== 'HTTP') throw new Error(`${logicalId}: only HTTP APIs run locally`);
      const stage = stages.find((each) => each.properties['ApiId'] === identity.ref)?.properties['StageName'];
      const own = routes.filter((route) => route.properties['ApiId'] === identity.ref);
      return {
        logicalId,
        stage: String(stage ?? '$default'),
        cors: properties['CorsConfiguration'] as Cors | undefined,
        routes: own.map((route) => {
          const integration = integrations.get(String(route.properties['Target']).replace(/^integrations\//, ''));
          return {
            key: String(route.properties['RouteKey']),
            target: {
              functionArn: integratedFunction(route.logicalId, integration?.['IntegrationUri'], integration),
              authorization: authorization(route.logicalId, route.properties['AuthorizationType']),
              timeoutMs: Math.min(Number(integration?.['TimeoutInMillis'] ?? MAXIMUM_TIMEOUT_MS), MAXIMUM_TIMEOUT_MS),
            },
          };
        }),
      };
    })
    .sort((a, b) => audience(a) - audience(b));
}

function audience({ routes }: Api): number {
  if (routes.some(({ target }) => target.authorization === 'JWT')) return 0;
  return routes.some(({ target }) => target.authorization === 'AWS_IAM') ? 1 : 2;
}

function authorization(route: string, type: Json | undefined): Authorization {
  if (type === undefined || type === 'NONE') return 'NONE';
  if (type === 'JWT' || type === 'AWS_IAM') return type;
  throw new Error(`${route}: the local run has no ${String(type)} authorisation`);
}

function integratedFunction(route: string, uri: Json | undefined, integration: Json | undefined): string {
  const proxies = isObject(integration) && integration['IntegrationType'] === 'AWS_PROXY';
  // Both forms are accepted by API Gateway: the function's ARN, and an invocation path that contains it.
  const arn = String(uri).match(/arn:[^:]+:lambda:[^:]*:\d{12}:function:[^/]+/)?.[0];
  if (!proxies || !arn) throw new Error(`${route}: only routes to Lambda functions run locally`);
  return arn;
}
