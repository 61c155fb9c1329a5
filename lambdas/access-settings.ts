import { ENV } from '../contract/names';
import { ROLES } from '../core/domain/access';
import type { AccessSettings } from '../core/domain/grant';
import { checkSubject } from '../core/domain/subject';
import { required } from './environment';

/**
 * Who administers the registry, and what everybody may do in the default workspace, as the stack's settings say.
 * @throws Error at cold start for what cannot be one: rather no access than another one
 */
export function accessSettings(): AccessSettings {
  const everyone = required(ENV.everyone);
  const role = ROLES.find((known) => known === everyone);
  if (!role && everyone !== 'nobody') throw new Error(`${ENV.everyone} is neither a role nor nobody: ${everyone}`);
  const names = required(ENV.administrators).split(' ');
  return {
    administrators: names.map((name) =>
      checkSubject({ kind: name.startsWith('arn:') ? 'iam' : 'group', name }, ENV.administrators),
    ),
    ...(role && { everyone: role }),
  };
}
