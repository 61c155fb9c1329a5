export { readDistributions } from './read';
export { serveDistribution } from './server';
