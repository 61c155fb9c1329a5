export { type Api, readApis } from './api';
export { DEFAULT_PRINCIPAL, PRINCIPAL_HEADER } from './principal';
export { serveApi } from './server';
