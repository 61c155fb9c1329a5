import { RIGHTS, RIGHTS_OF, type Right, type Role } from '../../../core/domain/access';

/** Kinds of what a role is given to. */
export const KINDS = { person: 'a person', group: 'a group', iam: 'an IAM identity' } as const;

const DO: Readonly<Record<Right, string>> = {
  read: 'see',
  download: 'download',
  register: 'register',
  edit: 'change',
  request: 'ask and discuss',
  approve: 'approve',
  promote: 'move to stages',
  bypass: 'pass over policies',
  deploy: 'deploy',
  setAlias: 'set aliases',
  manageWebhooks: 'manage webhooks',
  administer: 'administer',
};

/** What somebody does who uses a right. */
export function doing(right: Right): string {
  return DO[right];
}

/** What a role allows, in a few words. */
export function rightsInWords(role: Role): string {
  const rights = RIGHTS.filter((right) => RIGHTS_OF[role].has(right));
  if (rights.length === RIGHTS.length) return 'everything';
  const missing = RIGHTS.filter((right) => !RIGHTS_OF[role].has(right));
  if (missing.length === 1) return `everything but ${missing.map(doing)}`;
  return rights.map(doing).join(', ');
}
