export { startEngine } from './engine';
export { engineClient, ensureTable, type TableProperties } from './table';
