export { queueActions, systemAttributes } from './actions';
export { type Message, md5, Queue } from './queue';
export { Queues } from './queues';
