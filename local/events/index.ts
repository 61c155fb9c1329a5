export { EventBuses } from './bus';
export { compilePattern, InvalidPattern } from './pattern';
