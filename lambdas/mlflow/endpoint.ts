import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Effect, Method } from '../../contract/operation';
import type { OperationId } from '../../contract/operations';
import type { Ports } from '../../core/ports';
import type { Call, Target } from '../../core/use-cases';

/** A request to an endpoint of MLflow's protocol, with the world it is answered from. */
export interface MlflowRequest {
  readonly event: APIGatewayProxyEventV2;
  readonly call: Call;
  readonly ports: Ports;
  /** The key that seals page tokens. */
  readonly cursorSecret: () => Promise<string>;
  /** What the variables of the path hold. */
  readonly params: Readonly<Record<string, string>>;
}

/** An endpoint: where it is, and how it is answered. A plain object becomes the JSON of a 200. */
export interface Endpoint {
  readonly method: Method;
  /** Below `/api/2.0`; `{name}` is a variable, `{name+}` takes the rest. */
  readonly path: string;
  readonly effect: Effect;
  /** The operation of the native API that it corresponds to: what that needs of a caller, this needs too. */
  readonly as: OperationId;
  /** The model or the workspace that a request is about; the workspace of the request where absent. */
  readonly target?: (request: Pick<MlflowRequest, 'event' | 'params'>) => Omit<Target, 'workspace'> & Partial<Target>;
  readonly serve: (request: MlflowRequest) => Promise<object | { readonly raw: APIGatewayProxyStructuredResultV2 }>;
}
