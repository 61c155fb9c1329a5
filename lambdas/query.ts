import { ENV } from '../contract/names';
import { accessSettings } from './access-settings';
import { required } from './environment';
import { apiHandler } from './http/api';
import { awsPorts, cursorKey } from './ports';
import { queries } from './queries';

const access = accessSettings();

/** Serves every operation that changes nothing. */
export const handler = apiHandler({
  effect: 'query',
  bindings: queries(required(ENV.version), access),
  ports: awsPorts(),
  access,
  cursorSecret: cursorKey().get,
});
