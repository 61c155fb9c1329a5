export { deliverBatch, type StreamRecord } from './batch';
export { DynamoDbPoller } from './dynamodb-poller';
export { type Mapping, readMappings } from './mapping';
export { QueuePoller } from './queue-poller';
