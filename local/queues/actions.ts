import { type Actions, AwsError } from '../aws-json';
import { ACCOUNT, isObject, type JsonObject } from '../template';
import { type Message, md5, type Queue } from './queue';
import type { Queues } from './queues';

const MAXIMUM_BATCH = 10;
const LONGEST_WAIT_SECONDS = 20;

/** The actions of Amazon SQS that programs use to work with queues; managing queues is the stack's business. */
export function queueActions(queues: Queues): Actions {
  const of = ({ QueueUrl }: JsonObject): Queue => {
    const name = String(QueueUrl).split('/').at(-1) ?? '';
    const queue = queues.byName(name);
    if (!queue) {
      throw new AwsError(
        'com.amazonaws.sqs#QueueDoesNotExist',
        `The specified queue ${name} does not exist.`,
        400,
        'AWS.SimpleQueueService.NonExistentQueue',
      );
    }
    return queue;
  };
  return {
    'AmazonSQS.GetQueueUrl': ({ QueueName }) => ({ QueueUrl: of({ QueueUrl: QueueName }).settings.url }),
    'AmazonSQS.ListQueues': () => ({ QueueUrls: queues.all().map(({ settings }) => settings.url) }),
    'AmazonSQS.SendMessage': (input) => send(of(input), input),
    'AmazonSQS.SendMessageBatch': (input) => {
      const queue = of(input);
      const entries = batch(input);
      return { Successful: entries.map((entry) => ({ Id: entry['Id'], ...send(queue, entry) })), Failed: [] };
    },
    'AmazonSQS.ReceiveMessage': (input) => receive(of(input), input),
    'AmazonSQS.DeleteMessage': (input) => {
      of(input).delete(String(input['ReceiptHandle']));
      return {};
    },
    'AmazonSQS.DeleteMessageBatch': (input) => {
      const queue = of(input);
      const entries = batch(input);
      for (const { ReceiptHandle } of entries) queue.delete(String(ReceiptHandle));
      return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
    'AmazonSQS.ChangeMessageVisibility': (input) => {
      const known = of(input).hide(String(input['ReceiptHandle']), Number(input['VisibilityTimeout']));
      if (!known) throw new AwsError('com.amazonaws.sqs#ReceiptHandleIsInvalid', 'The receipt handle is not valid.');
      return {};
    },
    'AmazonSQS.GetQueueAttributes': (input) => {
      const queue = of(input);
      const { settings } = queue;
      const { visible, hidden } = queue.count();
      return {
        Attributes: {
          QueueArn: settings.arn,
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(hidden),
          VisibilityTimeout: String(settings.visibilityTimeoutSeconds),
          DelaySeconds: String(settings.delaySeconds),
          MessageRetentionPeriod: String(settings.retentionSeconds),
          ...(settings.redrive && {
            RedrivePolicy: JSON.stringify({
              deadLetterTargetArn: settings.redrive.deadLetterArn,
              maxReceiveCount: settings.redrive.maxReceiveCount,
            }),
          }),
        },
      };
    },
  };
}

function batch({ Entries }: JsonObject): JsonObject[] {
  const entries = Array.isArray(Entries) ? Entries.filter(isObject) : [];
  if (entries.length === 0) throw new AwsError('com.amazonaws.sqs#EmptyBatchRequest', 'The batch has no entry.');
  if (entries.length > MAXIMUM_BATCH) {
    throw new AwsError(
      'com.amazonaws.sqs#TooManyEntriesInBatchRequest',
      `A batch has at most ${MAXIMUM_BATCH} entries.`,
    );
  }
  return entries;
}

function send(queue: Queue, { MessageBody, MessageAttributes, DelaySeconds }: JsonObject): JsonObject {
  if (typeof MessageBody !== 'string' || MessageBody === '') {
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  }
  const attributes = isObject(MessageAttributes) ? MessageAttributes : {};
  const { id } = queue.send(MessageBody, attributes, DelaySeconds === undefined ? undefined : Number(DelaySeconds));
  return { MessageId: id, MD5OfMessageBody: md5(MessageBody) };
}

async function receive(queue: Queue, input: JsonObject): Promise<object> {
  const most = Math.min(Number(input['MaxNumberOfMessages'] ?? 1), MAXIMUM_BATCH);
  const visibility = input['VisibilityTimeout'] === undefined ? undefined : Number(input['VisibilityTimeout']);
  const deadline = Date.now() + Math.min(Number(input['WaitTimeSeconds'] ?? 0), LONGEST_WAIT_SECONDS) * 1_000;
  let messages = queue.receive(most, visibility);
  while (messages.length === 0 && Date.now() < deadline) {
    await queue.wait(deadline - Date.now());
    messages = queue.receive(most, visibility);
  }
  return messages.length === 0
    ? {}
    : {
        Messages: messages.map((message) => ({
          MessageId: message.id,
          ReceiptHandle: message.receipt,
          Body: message.body,
          MD5OfBody: md5(message.body),
          Attributes: systemAttributes(message),
          ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: message.attributes }),
        })),
      };
}

/** What SQS says of a message, as strings. */
export function systemAttributes(message: Message): Record<string, string> {
  return {
    SenderId: ACCOUNT,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  };
}
