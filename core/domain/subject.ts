import type { SUBJECT_KINDS } from './access';
import { invalid } from './errors';
import { characters } from './json';
import { LIMITS } from './limits';
import { type Principal, roleOf } from './principal';

/** Whom a grant is for. */
export interface Subject {
  readonly kind: (typeof SUBJECT_KINDS)[number];
  /**
   * Of a person the subject in the user pool or the e-mail address; of a group its name; of IAM identities an ARN, in
   * whose names `*` stands for any characters.
   */
  readonly name: string;
}

/** `arn:aws:iam::123456789012:role/Trainer`, by its parts. */
interface Identity {
  readonly partition: string;
  readonly account: string;
  readonly type: string;
  /** What follows the type: names, between slashes. */
  readonly names: readonly string[];
}

const ARN = /^arn:(aws(?:-[a-z]+)*):(iam|sts)::(\d{12}):([a-z-]+)((?:\/[\w+=,.@*-]+)*)$/;

/** Wildcards of one pattern: more would make it slow to compare, and nobody's intention. */
const MOST_WILDCARDS = 4;

/**
 * An ARN or a pattern of ARNs by its parts. A role stands for all of its sessions: IAM knows no two roles of one name in an
 * account, and sessions do not tell the role's path, so the path is left out.
 */
function identityOf(arn: string): Identity | undefined {
  const [, partition = '', service = '', account = '', type = '', rest = ''] = ARN.exec(arn) ?? [];
  const names = rest.split('/').slice(1);
  const made = (kind: string, its: readonly string[]): Identity => ({ partition, account, type: kind, names: its });
  // `role/teams/*` means a path to who wrote it; without its path it would be every role of the account.
  if (type === 'role' && names.length > 1 && rest.includes('*')) return undefined;
  if (service === 'iam' && type === 'role' && names.length > 0) return made('session', [names.at(-1) as string, '*']);
  if (service === 'iam' && type === 'user' && names.length > 0) return made('user', names);
  if (service === 'iam' && type === 'root' && names.length === 0) return made('root', []);
  if (service === 'sts' && type === 'assumed-role' && names.length === 2) return made('session', names);
  if (service === 'sts' && type === 'federated-user' && names.length === 1) return made('federated-user', names);
  return undefined;
}

/** Whether a name is as a pattern says, in which `*` stands for any characters: in time linear in their product. */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return name === pattern;
  const last = others.pop() as string;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let [at, end] = [first.length, name.length - last.length];
  for (const part of others) {
    const found = name.slice(0, end).indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}

/** Whether an IAM identity is one of those that a pattern names: `*` does not reach over a slash. */
export function matchesIam(pattern: string, arn: string): boolean {
  const [wanted, caller] = [identityOf(pattern), identityOf(arn)];
  if (!wanted || !caller || caller.names.some((name) => name.includes('*'))) return false;
  return (
    wanted.partition === caller.partition &&
    wanted.account === caller.account &&
    wanted.type === caller.type &&
    wanted.names.length === caller.names.length &&
    wanted.names.every((name, index) => fits(name, caller.names[index] as string))
  );
}

/** The account whose identities a pattern names. */
export function accountOf(pattern: string): string {
  return identityOf(pattern)?.account ?? '';
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|\s/u;

/**
 * A subject as it is kept: e-mail addresses in lower case.
 * @throws RegistryError invalid_input
 */
export function checkSubject({ kind, name }: Subject, field: string): Subject {
  const at = `${field}.name`;
  if (kind === 'iam') return { kind, name: checkPattern(name, at) };
  const most = kind === 'group' ? LIMITS.groupName : LIMITS.personName;
  if (name === '' || characters(name) > most) throw invalid(at, name, `1 to ${most} characters`);
  if (UNSEEN.test(name)) throw invalid(at, name, 'no white space, control or invisible characters');
  if (name !== name.normalize('NFC')) throw invalid(at, name, 'in Unicode normalisation form C');
  if (kind === 'person' && name.startsWith('arn:')) throw invalid(at, name, 'not an ARN: those are of kind iam');
  return { kind, name: kind === 'person' && name.includes('@') ? name.toLowerCase() : name };
}

function checkPattern(pattern: string, field: string): string {
  if (pattern.length > LIMITS.iamPattern) throw invalid(field, pattern, `at most ${LIMITS.iamPattern} characters`);
  if (!identityOf(pattern)) {
    throw invalid(
      field,
      pattern,
      'the ARN of a role, a session of one, a user, a federated user or the root user, of one account; * in names only, and not beside a path',
    );
  }
  if (pattern.split('*').length - 1 > MOST_WILDCARDS)
    throw invalid(field, pattern, `at most ${MOST_WILDCARDS} times *`);
  return pattern;
}

/** Whether a caller is, or is among, whom a grant is for. */
export function includes({ kind, name }: Subject, principal: Principal): boolean {
  if (kind === 'iam') return principal.kind === 'machine' && matchesIam(name, principal.id);
  if (principal.kind !== 'person') return false;
  if (kind === 'group') return principal.groups.includes(name);
  return name === principal.id || (name.includes('@') && name === principal.email?.toLowerCase());
}

/**
 * The subjects under which a caller can be found, IAM patterns aside: those are found by the caller's account.
 */
export function namesOf({ id, kind, email, groups }: Principal): readonly Subject[] {
  if (kind === 'machine') return [];
  return [
    { kind: 'person', name: id },
    ...(email === undefined ? [] : [{ kind: 'person', name: email.toLowerCase() } as const]),
    ...groups.map((name) => ({ kind: 'group', name }) as const),
  ];
}

/** Whom a grant to a caller is for: the person, or the role of which the caller is a session. */
export function subjectOf({ id, kind }: Principal): Subject {
  if (kind === 'person') return { kind, name: id };
  return { kind: 'iam', name: roleOf(id) ?? id };
}
