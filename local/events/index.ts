export { ApiDestinations } from './api-destinations';
export { EventBuses } from './bus';
export { compilePattern, InvalidPattern } from './pattern';
