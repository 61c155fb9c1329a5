export { ENDPOINT_VARIABLE, type Engine, type EngineOptions, startEngine } from './engine';
export { engineClient, ensureTable, type TableProperties } from './table';
