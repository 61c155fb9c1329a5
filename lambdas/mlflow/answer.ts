import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Outline } from '../../contract/operation';
import { OUTLINES } from '../../contract/outlines';
import type { Ports } from '../../core/ports';
import { checkWorkspace, type Demand, guarded, type Target } from '../../core/use-cases';
import type { ApiOptions } from '../http/options';
import { principalOf } from '../http/principal';
import { artifacts } from './artifacts';
import type { Endpoint } from './endpoint';
import { MlflowError } from './error';
import { modelVersions } from './model-versions';
import { registeredModels } from './registered-models';
import { matchEndpoint } from './route';
import { searches } from './search';
import { server } from './server';
import { webhooks } from './webhooks';

/** Every endpoint of MLflow's protocol that Signet serves. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...server,
  ...registeredModels,
  ...modelVersions,
  ...searches,
  ...artifacts,
  ...webhooks,
];

/**
 * Answers a request of MLflow's protocol from the same use cases as the native API.
 * @throws MlflowError, or RegistryError where the endpoint has no words of its own
 */
export async function answerMlflow(
  event: APIGatewayProxyEventV2,
  {
    effect,
    ports: world,
    access: settings,
    cursorSecret,
  }: Pick<ApiOptions, 'effect' | 'ports' | 'access' | 'cursorSecret'>,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { requestId, http } = event.requestContext;
  const header = event.headers['x-mlflow-workspace'];
  const { endpoint, workspace, params } = matchEndpoint(ENDPOINTS, http.method, event.rawPath, header);
  if (endpoint.effect !== effect) throw new Error(`${http.method} ${endpoint.path} was sent to the wrong function`);
  const principal = principalOf(event);
  const operation: Outline = OUTLINES[endpoint.as];
  const { circumstances, ...about } = endpoint.target?.({ event, params }) ?? {};
  const target: Target = { workspace, ...about, circumstances: { operation: endpoint.as, ...circumstances } };
  const demand: Demand = { ...operation, effect, principal, settings, target };
  const answer = await guarded(world, demand, async (ports, access) => {
    await known(ports, workspace);
    return endpoint.serve({ event, call: { workspace, principal, access, requestId }, ports, cursorSecret, params });
  });
  if ('raw' in answer) return answer.raw as APIGatewayProxyStructuredResultV2;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'private, no-cache' },
    body: JSON.stringify(answer),
  };
}

async function known(ports: Ports, workspace: string): Promise<void> {
  try {
    await checkWorkspace(ports, workspace);
  } catch (error) {
    throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `Workspace '${workspace}' not found`, 404, { cause: error });
  }
}
