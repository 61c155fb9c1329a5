import { SQSClient } from '@aws-sdk/client-sqs';
import { CedarPolicyEngine } from '../adapters/cedar/engine';
import { SesMailSender, sesClient } from '../adapters/ses/send';
import { SqsDueQueue } from '../adapters/sqs/due-queue';
import { ENV } from '../contract/names';
import { accessSettings } from './access-settings';
import { required } from './environment';
import { handleMailMessage } from './mail-messages';
import { tablePorts } from './ports';
import { queueHandler } from './queue-handler';

const base = tablePorts();
const client = new SQSClient({ maxAttempts: 4 });

/** Tells subscribers of events by mail, makes digests, and learns of mails that came back. */
export const handler = queueHandler(
  handleMailMessage({
    ...base,
    policies: new CedarPolicyEngine(),
    mails: new SesMailSender({
      client: sesClient(),
      from: required(ENV.mailFrom),
      configurationSet: required(ENV.mailConfigurationSet),
      clock: base.clock,
    }),
    links: { api: required(ENV.apiUrl), console: required(ENV.consoleUrl) },
    access: accessSettings(),
    queue: new SqsDueQueue({ client, url: required(ENV.mailQueue) }),
    asideQueue: new SqsDueQueue({ client, url: required(ENV.mailAsideQueue) }),
  }),
);
