import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { RegistryError } from '../../core/domain/errors';
import type { Principal } from '../../core/domain/principal';

/** What API Gateway's authorisers leave in the request context. Nothing else tells who calls. */
interface Authorizer {
  readonly iam?: { readonly userArn?: string | null } | null;
  readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> } | null;
}

/**
 * The caller as API Gateway's authoriser established it.
 * @throws RegistryError unauthenticated when no authoriser did
 */
export function principalOf(event: APIGatewayProxyEventV2): Principal {
  const { authorizer } = event.requestContext as { authorizer?: Authorizer };
  const arn = authorizer?.iam?.userArn;
  if (arn) return machine(arn);
  const claims = authorizer?.jwt?.claims;
  if (typeof claims?.['sub'] === 'string' && claims['sub'] !== '') return person(claims['sub'], claims);
  throw new RegistryError('unauthenticated', 'No authoriser told who calls.');
}

/** `arn:aws:sts::123456789012:assumed-role/Trainer/job-7` is read as `Trainer/job-7`. */
function machine(arn: string): Principal {
  const resource = arn.split(':').slice(5).join(':');
  return { id: arn, kind: 'machine', name: resource.slice(resource.indexOf('/') + 1), groups: [] };
}

function person(id: string, claims: Readonly<Record<string, unknown>>): Principal {
  const text = (claim: string): string | undefined => {
    const value = claims[claim];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  // An address that nobody has confirmed is what its owner says it is.
  const email = String(claims['email_verified']) === 'true' ? text('email') : undefined;
  return {
    id,
    kind: 'person',
    name: text('cognito:username') ?? text('username') ?? email ?? id,
    ...(email !== undefined && { email }),
    groups: groupsOf(claims['cognito:groups']),
  };
}

/** API Gateway writes a claim that is a list as text: `[a b]`. */
function groupsOf(claim: unknown): string[] {
  if (Array.isArray(claim)) return claim.filter((group): group is string => typeof group === 'string');
  if (typeof claim !== 'string') return [];
  return claim
    .replace(/^\[|\]$/g, '')
    .split(' ')
    .filter((group) => group !== '');
}
