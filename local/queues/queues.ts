import { join } from 'node:path';
import { isObject, type Stack } from '../template';
import { Queue } from './queue';

/** The queues of a stack. */
export class Queues {
  private readonly byArn = new Map<string, Queue>();

  /** @param folder keeps one file for each queue. */
  constructor(stack: Stack, folder: string) {
    for (const { identity, properties } of stack.resources('AWS::SQS::Queue')) {
      const { QueueName: name = identity.ref, Arn: arn = identity.ref } = identity.attributes;
      const redrive = properties['RedrivePolicy'];
      const settings = {
        name,
        arn,
        url: identity.ref,
        visibilityTimeoutSeconds: Number(properties['VisibilityTimeout'] ?? 30),
        delaySeconds: Number(properties['DelaySeconds'] ?? 0),
        retentionSeconds: Number(properties['MessageRetentionPeriod'] ?? 345_600),
        ...(isObject(redrive) && {
          redrive: {
            deadLetterArn: String(redrive['deadLetterTargetArn']),
            maxReceiveCount: Number(redrive['maxReceiveCount']),
          },
        }),
      };
      this.byArn.set(arn, new Queue(settings, join(folder, `${name}.jsonl`), (other) => this.byArn.get(other)));
    }
  }

  get(arn: string): Queue | undefined {
    return this.byArn.get(arn);
  }

  byName(name: string): Queue | undefined {
    return this.all().find(({ settings }) => settings.name === name);
  }

  all(): Queue[] {
    return [...this.byArn.values()];
  }

  close(): void {
    for (const queue of this.all()) queue.close();
  }
}
