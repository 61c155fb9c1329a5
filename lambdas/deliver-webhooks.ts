import { SQSClient } from '@aws-sdk/client-sqs';
import { SqsDueQueue } from '../adapters/sqs/due-queue';
import { ENV } from '../contract/names';
import { required } from './environment';
import { tablePorts } from './ports';
import { queueHandler } from './queue-handler';
import { handleMessage } from './webhook-messages';
import { webhookSender } from './webhook-sender';

/** Tells webhooks of events, and delivers what they are told. */
export const handler = queueHandler(
  handleMessage({
    ...tablePorts(),
    webhooks: webhookSender(),
    queue: new SqsDueQueue({ client: new SQSClient({ maxAttempts: 4 }), url: required(ENV.webhookQueue) }),
  }),
);
