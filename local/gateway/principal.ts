import { ADMINISTRATORS } from '../../contract/access';
import { ACCOUNT } from '../template';

/** Header by which a caller of the local run says who it is. On AWS it means nothing: there the authoriser decides. */
export const PRINCIPAL_HEADER = 'x-signet-principal';

/** Who calls when the header is absent: somebody who may do everything. */
export const DEFAULT_PRINCIPAL = `local-admin; groups=${ADMINISTRATORS}`;

/** The same at the API for machines. */
export const DEFAULT_MACHINE = `arn:aws:sts::${ACCOUNT}:assumed-role/local/local-admin`;

export interface Principal {
  /** A user name, or the ARN of a role session. */
  readonly name: string;
  readonly email?: string;
  readonly groups: readonly string[];
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/;
const ARN = /^arn:aws[a-z-]*:(iam|sts)::\d{12}:[A-Za-z0-9_+=,.@/-]{1,512}$/;
const EMAIL = /^[^\s@;,<>"]{1,64}@[A-Za-z0-9.-]{1,190}$/;

/**
 * Reads the header's value: `name`, or `name; email=a@b; groups=g1,g2`, or the ARN of an IAM identity. Answers nothing
 * when it has any other form: a typing error must not turn into another identity.
 */
export function parsePrincipal(header: string | undefined): Principal | undefined {
  const [name = '', ...settings] = (header ?? DEFAULT_PRINCIPAL).split(';').map((part) => part.trim());
  if (ARN.test(name)) return settings.length === 0 ? { name, groups: [] } : undefined;
  if (!NAME.test(name)) return undefined;
  let email: string | undefined;
  let groups: string[] | undefined;
  for (const setting of settings) {
    const [key, value, ...rest] = setting.split('=');
    if (value === undefined || rest.length > 0) return undefined;
    if (key === 'email' && email === undefined && EMAIL.test(value)) email = value;
    else if (key === 'groups' && groups === undefined && value.split(',').every((group) => NAME.test(group))) {
      groups = value.split(',');
    } else return undefined;
  }
  return { name, groups: groups ?? [], ...(email !== undefined && { email }) };
}

/**
 * What a JWT authoriser puts into `requestContext.authorizer`. API Gateway passes every claim as a string; a list
 * becomes `[a b]`.
 */
export function jwtAuthorizer({ name, email, groups }: Principal) {
  const claims: Record<string, string> = { sub: name, username: name, token_use: 'access' };
  if (email !== undefined) Object.assign(claims, { email, email_verified: 'true' });
  if (groups.length > 0) claims['cognito:groups'] = `[${groups.join(' ')}]`;
  return { jwt: { claims, scopes: null } };
}

/** What IAM authorisation puts into `requestContext.authorizer`. */
export function iamAuthorizer({ name }: Principal) {
  const userArn = name.startsWith('arn:') ? name : `arn:aws:sts::${ACCOUNT}:assumed-role/local/${name}`;
  const accountId = userArn.split(':')[4] ?? ACCOUNT;
  const session = userArn.split('/').at(-1) ?? name;
  return {
    iam: {
      accessKey: 'ASIALOCAL',
      accountId,
      callerId: `AROALOCAL:${session}`,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn,
      userId: `AROALOCAL:${session}`,
    },
  };
}
