export { type Api, readApis } from './api';
export { PRINCIPAL_HEADER } from './principal';
export { serveApi } from './server';
