export { type Client, type ClientOptions, createClient, type Exchange } from './client';
export { ApiError, type ApiErrorCode } from './error';
export { partSizeOf } from './part-size';
export { ROUTES } from './routes';
export type { Arguments, CallOptions, InputOf, OperationId, OutputOf, PagedId, RowOf } from './types';
