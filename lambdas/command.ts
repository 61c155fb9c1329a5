import { lazySecret } from '../adapters/secret';
import { ENV } from '../contract/names';
import { accessSettings } from './access-settings';
import { COMMANDS } from './commands';
import { required } from './environment';
import { apiHandler } from './http/api';
import { awsPorts } from './ports';

/** Serves every operation that changes the registry. */
export const handler = apiHandler({
  effect: 'command',
  bindings: COMMANDS,
  ports: awsPorts(),
  access: accessSettings(),
  cursorSecret: lazySecret(required(ENV.cursorSecret)),
});
