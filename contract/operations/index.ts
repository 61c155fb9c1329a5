import * as system from './system';

/** Every operation of the native API by its id. */
export const OPERATIONS = { ...system } as const;
