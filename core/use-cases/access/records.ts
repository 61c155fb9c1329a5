import type { EventDraft } from '../../domain/event';
import { type AccessRecord, type Grant, NO_GRANTS } from '../../domain/grant';
import { type Key, type Membership, put, type Write } from '../../domain/records';
import { type Subject, subjectOf } from '../../domain/subject';
import type { Ports } from '../../ports';
import type { Call } from '../call';
import type { History } from '../history';

/** A workspace, or a model of it. */
export interface Where {
  readonly workspace: string;
  readonly modelId?: string;
}

/** Where it is kept who may do what. */
export function accessKey({ workspace, modelId }: Where): Key<'access'> {
  return { kind: 'access', workspace, ...(modelId !== undefined && { modelId }) };
}

/** Id of a grant: the same subject and role at a place are the same grant. */
export function grantId({ sha256 }: Pick<Ports, 'sha256'>, { subject, role }: Pick<Grant, 'subject' | 'role'>): string {
  return sha256([subject.kind, role, subject.name].join('\n')).slice(0, 32);
}

function membershipOf(subject: Subject, { workspace, modelId }: Where): Membership {
  return { subject, workspace, ...(modelId !== undefined && { modelId }) };
}

function sameSubject(a: Subject, b: Subject): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/** Writes that make grants out of others at a place, with where their subjects belong. */
export function grantWrites(where: Where, before: readonly Grant[], record: AccessRecord): Write[] {
  const lost = before.filter(({ subject }) => !record.grants.some((grant) => sameSubject(grant.subject, subject)));
  const gained = record.grants.filter(({ subject }) => !before.some((grant) => sameSubject(grant.subject, subject)));
  const key = (subject: Subject): Key<'membership'> => ({ kind: 'membership', ...membershipOf(subject, where) });
  const isEmpty = record.grants.length === 0 && !record.policies;
  return [
    isEmpty ? { delete: accessKey(where) } : put<'access'>(accessKey(where), record),
    ...unique(gained).map((subject) => put<'membership'>(key(subject), membershipOf(subject, where))),
    ...unique(lost).map((subject) => ({ delete: key(subject) })),
  ];
}

function unique(grants: readonly Grant[]): Subject[] {
  const subjects = grants.map(({ subject }) => subject);
  return subjects.filter((subject, index) => subjects.findIndex((other) => sameSubject(other, subject)) === index);
}

/** The event of a grant that is made or taken away. */
export function grantEvent(type: 'grant.set' | 'grant.deleted', { id, subject, role }: Grant): EventDraft {
  const told = { grant: { id, subject: { kind: subject.kind, name: subject.name }, role } };
  const [previous, current] = type === 'grant.set' ? [{}, told] : [told, {}];
  return { type, changed: ['grant'], previous, current };
}

/** Gives a model to who makes it, and says so. Administrators of the registry need no grant. */
export function giveToMaker(
  ports: Pick<Ports, 'sha256'>,
  { access, principal }: Pick<Call, 'access' | 'principal'>,
  where: Where,
  history: History,
): Write[] {
  if (access.administrator) return [];
  const given = { subject: subjectOf(principal), role: 'owner' } as const;
  const grant: Grant = { id: grantId(ports, given), ...given, by: history.actor, at: history.at };
  const revision = history.add(grantEvent('grant.set', grant));
  return grantWrites(where, [], { grants: [grant], revision });
}

/** What is granted at a place, as last acknowledged. */
export async function grantsAt({ store }: Pick<Ports, 'store'>, where: Where): Promise<AccessRecord> {
  return (await store.get<'access'>(accessKey(where), { consistent: true })) ?? NO_GRANTS;
}
