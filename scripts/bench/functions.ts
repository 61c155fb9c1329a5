import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { ENV } from '../../contract/names';

/** Callers that the functions know: one that may do everything, and one that may read. */
export const CALLERS = {
  administrator: 'arn:aws:sts::123456789012:assumed-role/Administrator/bench',
  reader: 'arn:aws:sts::123456789012:assumed-role/Reader/bench',
} as const;

/** Asks a function as API Gateway would. @throws Error for any answer but a good one */
export type Ask = (caller: string, method: string, path: string, body?: object) => Promise<void>;

/** The two functions behind the APIs in this process, told of an engine and its table as the stack would tell them. */
export async function functions(endpoint: string, table: string): Promise<Ask> {
  Object.assign(process.env, {
    [ENV.table]: table,
    [ENV.bucket]: 'none',
    [ENV.version]: '0',
    [ENV.administrators]: CALLERS.administrator,
    [ENV.everyone]: 'viewer',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIALOCALLOCALLOCAL0',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  const [query, command] = await Promise.all([import('../../lambdas/query'), import('../../lambdas/command')]);
  return async (caller, method, path, body) => {
    const { handler } = method === 'GET' ? query : command;
    const context = {} as Context;
    const answer = (await handler(eventOf(caller, method, path, body), context)) as APIGatewayProxyStructuredResultV2;
    if ((answer.statusCode ?? 500) >= 400) throw new Error(`${method} ${path}: ${answer.body}`);
  };
}

/** Does something without the line for each request, which Lambda collects elsewhere. */
export async function unlogged<T>(work: () => Promise<T>): Promise<T> {
  const { info } = console;
  console.info = () => {};
  try {
    return await work();
  } finally {
    console.info = info;
  }
}

function eventOf(caller: string, method: string, path: string, body?: object): APIGatewayProxyEventV2 {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: body ? { 'content-type': 'application/json' } : {},
    requestContext: {
      requestId: 'bench',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' },
      authorizer: { iam: { userArn: caller } },
    },
    ...(body && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
}
