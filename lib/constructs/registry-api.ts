import { Aws, Duration, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Effect } from '../../contract/operation';
import type { Route } from '../../contract/routes';
import { ALARM_PERIOD, type Alarms } from './alarms';
import { type ApiFunctions, INTEGRATION_TIMEOUT } from './api-functions';
import { encryptedLogGroup, type LogProps } from './log-group';

/** Props of {@link RegistryApi}. */
export interface RegistryApiProps {
  readonly description: string;
  readonly routes: readonly Route[];
  readonly functions: ApiFunctions;
  /** Who gets in. Open routes go without. */
  readonly authorizer: IHttpRouteAuthorizer;
  /** Origins whose pages may call the API. Empty: none. */
  readonly browserOrigins: readonly string[];
  readonly throttling: { readonly ratePerSecond: number; readonly burst: number };
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/** What an API reports, each over five minutes. */
export type ApiMetrics = Readonly<Record<'requests' | 'clientErrors' | 'serverErrors' | 'median' | 'slow', Metric>>;

/** What the access log says of each request. `principal` is a person's subject or the ARN of an AWS caller. */
export const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  routeKey: '$context.routeKey',
  status: '$context.status',
  latency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  subject: '$context.authorizer.claims.sub',
  principal: '$context.identity.userArn',
};

/** One entrance to the registry: an HTTP API whose routes lead to the functions of their effect. */
export class RegistryApi extends Construct {
  readonly url: string;
  readonly id: string;
  /** ARN of all its routes, for policies of callers. */
  readonly invokeArn: string;
  /** What it reports of its requests. */
  readonly metrics: ApiMetrics;

  constructor(scope: Construct, id: string, props: RegistryApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-${id}`,
      description: props.description,
      createDefaultStage: false,
      ...(props.browserOrigins.length > 0 ? { corsPreflight: cors(props.browserOrigins) } : {}),
    });
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: props.throttling.ratePerSecond, burstLimit: props.throttling.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(encryptedLogGroup(this, 'AccessLogs', props.logs)),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.url = `${api.apiEndpoint}/`;
    this.id = api.apiId;
    this.invokeArn = api.arnForExecuteApi();

    const integrations = {
      query: integration('Query', props.functions),
      command: integration('Command', props.functions),
    };
    for (const route of props.routes) {
      const routes = api.addRoutes({
        path: route.path,
        methods: [HttpMethod[route.method]],
        integration: integrations[route.effect],
        authorizer: route.open ? new HttpNoneAuthorizer() : props.authorizer,
      });
      if (route.open) {
        for (const open of routes) {
          Validations.of(open).acknowledge({
            id: 'AwsSolutions-APIG4',
            reason: `${route.method} ${route.path} is declared open in the contract: monitors call it or a link in a mail leads to it, and without a token that nobody guesses it tells nothing about the registry's content.`,
          });
        }
      }
    }
    this.metrics = metricsOf(api);
    props.alarms.watch(`${id}ServerErrors`, {
      meaning: `${props.description}: callers get server errors.`,
      runbook: 'api-server-errors',
      metric: this.metrics.serverErrors,
      above: 0,
    });
  }

  /** ARN of one of its routes, for the policy of who calls that one alone; `*` in the path stands for anything. */
  arnOf(method: string, path: string): string {
    return `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${this.id}/$default/${method}/${path}`;
  }
}

/** One integration, and one permission, for all routes of an API that lead to the function. */
function integration(id: 'Query' | 'Command', functions: ApiFunctions): HttpLambdaIntegration {
  const effect: Effect = id === 'Query' ? 'query' : 'command';
  return new HttpLambdaIntegration(id, functions.byEffect[effect].function, {
    timeout: INTEGRATION_TIMEOUT,
    scopePermissionToRoute: false,
  });
}

function metricsOf(api: HttpApi): ApiMetrics {
  const [sum, period] = [Stats.SUM, ALARM_PERIOD];
  return {
    requests: api.metricCount({ period, statistic: sum }),
    clientErrors: api.metricClientError({ period, statistic: sum }),
    serverErrors: api.metricServerError({ period, statistic: sum }),
    median: api.metricLatency({ period, statistic: Stats.p(50) }),
    slow: api.metricLatency({ period, statistic: Stats.p(99) }),
  };
}

function cors(origins: readonly string[]) {
  return {
    allowOrigins: [...origins],
    allowMethods: [CorsHttpMethod.ANY],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'],
    exposeHeaders: ['etag', 'link', 'location'],
    maxAge: Duration.hours(1),
  };
}
