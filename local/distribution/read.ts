import { join } from 'node:path';
import { CONSOLE } from '../../contract/names';
import { isObject, type Json, type JsonObject, type Stack } from '../template';
import { type Rewrite, rewriteOf } from './rewrite';

/** Where a distribution finds what it is asked for. */
export type Origin =
  /** Files in a folder, and others with the content given. */
  | { readonly folder: string; readonly own: Readonly<Record<string, string>> }
  /** An HTTP API of the stack, by its logical id. */
  | { readonly api: string };

/** How requests for some paths are answered. */
export interface Behavior {
  readonly fits: (path: string) => boolean;
  readonly origin: Origin;
  readonly rewrite: Rewrite | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** A CloudFront distribution of the stack: the first behaviour that fits answers. */
export interface Distribution {
  readonly logicalId: string;
  readonly behaviors: readonly Behavior[];
}

/**
 * Reads the distributions of a stack whose origins are the console's files and HTTP APIs of the stack.
 * @param s3Url where the buckets are on this machine: policies that name them are made to name it
 * @throws Error naming what has no local form
 */
export function readDistributions(stack: Stack, s3Url: string): Distribution[] {
  return stack.logicalIds('AWS::CloudFront::Distribution').map((logicalId) => {
    const config = object(
      stack.resource(logicalId, ['DistributionConfig']).properties['DistributionConfig'],
      logicalId,
    );
    const origins = new Map(list(config['Origins']).map((origin) => [String(origin['Id']), originOf(stack, origin)]));
    const behavior = (declared: JsonObject, pattern: string): Behavior => {
      const origin = origins.get(String(declared['TargetOriginId']));
      if (!origin) throw new Error(`${logicalId}: no origin ${String(declared['TargetOriginId'])}`);
      return {
        fits: fitting(pattern),
        origin,
        rewrite: rewriteOf(stack, list(declared['FunctionAssociations'])),
        headers: headersOf(stack, declared['ResponseHeadersPolicyId'], s3Url),
      };
    };
    const others = list(config['CacheBehaviors']).map((each) => behavior(each, String(each['PathPattern'])));
    return { logicalId, behaviors: [...others, behavior(object(config['DefaultCacheBehavior'], logicalId), '*')] };
  });
}

function originOf(stack: Stack, origin: JsonObject): Origin {
  const domain = String(origin['DomainName']);
  const api = /^([^.]+)[.]execute-api[.]/.exec(domain)?.[1];
  if (api !== undefined) return { api };
  for (const site of stack.resources('Custom::SignetConsole')) {
    const { Bucket, Config, Code } = site.properties;
    const folder = stack.assembly.assets.get(String(Code));
    if (!domain.startsWith(`${String(Bucket)}.`) || folder === undefined) continue;
    return { folder: join(folder, CONSOLE.folder), own: { [CONSOLE.configFile]: String(Config) } };
  }
  throw new Error(`The origin ${domain} has no local form`);
}

/** Patterns of CloudFront: `*` is any text, `?` any character. */
function fitting(pattern: string): (path: string) => boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${escaped}$`, 's');
  return (path) => expression.test(path);
}

const SIMPLE: readonly [name: string, key: string, field: string][] = [
  ['content-security-policy', 'ContentSecurityPolicy', 'ContentSecurityPolicy'],
  ['x-frame-options', 'FrameOptions', 'FrameOption'],
  ['referrer-policy', 'ReferrerPolicy', 'ReferrerPolicy'],
];

/** Strict transport security is left out: there is no TLS here, and browsers would remember it for the host. */
function headersOf(stack: Stack, policyId: Json | undefined, s3Url: string): Record<string, string> {
  const policy = stack
    .resources('AWS::CloudFront::ResponseHeadersPolicy')
    .find(({ identity }) => identity.ref === policyId);
  if (!policy) return {};
  const config = object(policy.properties['ResponseHeadersPolicyConfig'], policy.logicalId);
  const security = isObject(config['SecurityHeadersConfig']) ? config['SecurityHeadersConfig'] : {};
  const headers: Record<string, string> = {};
  for (const [name, key, field] of SIMPLE) {
    const declared = security[key];
    if (isObject(declared))
      headers[name] = String(declared[field]).replaceAll(/https:\/\/[^\s/]+[.]s3[.][^\s/]+/g, s3Url);
  }
  if (isObject(security['ContentTypeOptions'])) headers['x-content-type-options'] = 'nosniff';
  return headers;
}

function object(value: Json | undefined, place: string): JsonObject {
  if (!isObject(value)) throw new Error(`${place}: an object is missing`);
  return value;
}

function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
