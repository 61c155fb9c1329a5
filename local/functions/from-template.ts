import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ENV } from '../../contract/names';
import { DEFAULT_MACHINE } from '../gateway/principal';
import { isObject, type Resolved, type Stack } from '../template';
import type { FunctionSpec } from './function';

const PROPERTIES = ['Code', 'Handler', 'Environment', 'Timeout', 'MemorySize', 'Runtime', 'LoggingConfig'];

/**
 * What the stack says of a function: its asset, handler, environment, timeout and memory.
 *
 * @param sdk environment that points the AWS SDK at the local run; the stack's own variables win over it, the
 * variables that Lambda reserves do not.
 * @throws Error naming the function when its code is not an asset of the assembly.
 */
export function functionSpec(stack: Stack, logicalId: string, sdk: Readonly<Record<string, string>>): FunctionSpec {
  const resource = stack.resource(logicalId, PROPERTIES);
  const { properties, identity } = resource;
  const handler = String(properties['Handler'] ?? 'index.handler');
  const dot = handler.lastIndexOf('.');
  const folder = assetFolder(stack, resource);
  const base = join(folder, handler.slice(0, dot));
  const file = ['.js', '.mjs', '.cjs'].map((extension) => base + extension).find(existsSync);
  if (!file) throw new Error(`${logicalId}: the asset has no file for the handler ${handler}`);

  const variables = isObject(properties['Environment']) ? properties['Environment']['Variables'] : undefined;
  const logging = properties['LoggingConfig'];
  const timeoutSeconds = Number(properties['Timeout'] ?? 3);
  const memoryMb = Number(properties['MemorySize'] ?? 128);
  const name = identity.ref;
  return {
    name,
    arn: identity.attributes['Arn'] ?? name,
    file,
    exportName: handler.slice(dot + 1),
    timeoutSeconds,
    memoryMb,
    environment: {
      ...sdk,
      ...withLocalAdministrator(
        Object.fromEntries(Object.entries(isObject(variables) ? variables : {}).map(([k, v]) => [k, String(v)])),
      ),
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: 'local',
      AWS_LAMBDA_LOG_FORMAT: String((isObject(logging) && logging['LogFormat']) || 'Text'),
      AWS_EXECUTION_ENV: `AWS_Lambda_${String(properties['Runtime'] ?? 'nodejs')}`,
      LAMBDA_TASK_ROOT: folder,
      TZ: 'UTC',
      // Receivers of webhooks under development are on this machine.
      [ENV.webhookLoopback]: 'true',
      // The functions are deployed on a newer Node.js than the one that may run them here.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  };
}

/** Who calls the API for machines without saying who administers the registry too, as at the one for people. */
function withLocalAdministrator(variables: Record<string, string>): Record<string, string> {
  const named = variables[ENV.administrators];
  return named === undefined ? variables : { ...variables, [ENV.administrators]: `${named} ${DEFAULT_MACHINE}` };
}

function assetFolder(stack: Stack, { logicalId, properties }: Resolved): string {
  const code = properties['Code'];
  const key = isObject(code) ? code['S3Key'] : undefined;
  const folder = stack.assembly.assets.get(String(key));
  if (!folder) throw new Error(`${logicalId}: its code is not an asset of the assembly`);
  return folder;
}
