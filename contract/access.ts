import { ROLES, type Role } from '../core/domain/access';

export { ROLES, type Role };

/** Group of the user pool whose members administer the registry unless the settings name others. */
export const ADMINISTRATORS = 'signet-admins';
