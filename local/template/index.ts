export { readAssembly } from './assembly';
export { ACCOUNT, REGION } from './physical';
export { type Resolved, Stack } from './stack';
export { isObject, type Json, type JsonObject, type Template } from './template';
