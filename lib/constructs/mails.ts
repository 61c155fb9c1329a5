import { Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnConfigurationSet, CfnConfigurationSetEventDestination } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import { ENV, EVENT_SOURCE } from '../../contract/names';
import type { StageSettings } from '../settings';
import type { Alarms } from './alarms';
import type { EncryptionKey } from './encryption-key';
import type { RegistryBus } from './event-bus';
import { EventQueue, receiversSay } from './event-queue';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';
import { POLICY_ENGINE } from './registry-function';

/** Props of {@link Mails}. */
export interface MailsProps {
  readonly settings: NonNullable<StageSettings['mail']>;
  readonly access: StageSettings['access'];
  /** Base URLs of the links in mails, ending with `/`. */
  readonly apiUrl: string;
  readonly consoleUrl: string;
  readonly table: MetadataTable;
  readonly bus: RegistryBus;
  readonly key: EncryptionKey;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/** Batches that are worked on at the same time: SES takes some mails a second, not hundreds. */
const MOST_AT_ONCE = 5;

/**
 * Tells subscribers of events by mail. A rule puts every event into a queue, another one what SES says of mails that came
 * back, and a schedule the tick of each hour, which brings digests (docs/decisions/0011-mails.md).
 */
export class Mails extends EventQueue {
  constructor(scope: Construct, id: string, props: MailsProps) {
    const { table, bus, key, logs, alarms, access } = props;
    super(scope, id, {
      functionId: 'Send',
      description: 'Tells subscribers of events of the model registry by mail',
      entry: 'lambdas/send-mails.ts',
      files: POLICY_ENGINE,
      variable: ENV.mailQueue,
      mostAtOnce: MOST_AT_ONCE,
      key,
      logs,
    });
    table.grantMails(this.fn);
    this.fn.allow(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.failed.queueArn] }));
    this.fn.setEnvironment(ENV.mailAsideQueue, this.failed.queueUrl);
    this.fn.setEnvironment(ENV.apiUrl, props.apiUrl);
    this.fn.setEnvironment(ENV.consoleUrl, props.consoleUrl);
    this.fn.setEnvironment(ENV.administrators, access.administrators.join(' '));
    this.fn.setEnvironment(ENV.everyone, access.everyone);
    const configurationSet = this.returns();
    this.letSend(props.settings, configurationSet);
    this.receive('Events', {
      description: 'Every change of the model registry, for its subscribers',
      bus: bus.bus,
      pattern: { source: [EVENT_SOURCE] },
    });
    this.receive('Returned', {
      description: 'Mails of the model registry that came back or were called unwanted',
      pattern: {
        source: ['aws.ses'],
        detailType: ['Email Bounced', 'Email Complaint Received'],
        detail: { mail: { tags: { 'ses:configuration-set': [configurationSet.ref] } } },
      },
    });
    // Not on the hour: everybody's schedules are.
    this.receive('Hourly', { description: 'Digests of the model registry', schedule: Schedule.cron({ minute: '7' }) });
    this.watch(alarms, 'Mails', receiversSay('mails', 'mail'));
  }

  /** What sends mails and reports those that come back, to the default bus of the account: SES knows no other. */
  private returns(): CfnConfigurationSet {
    const set = new CfnConfigurationSet(this, 'Set', {
      deliveryOptions: { tlsPolicy: 'REQUIRE' },
      suppressionOptions: { suppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
    new CfnConfigurationSetEventDestination(this, 'Returns', {
      configurationSetName: set.ref,
      eventDestination: {
        enabled: true,
        matchingEventTypes: ['BOUNCE', 'COMPLAINT'],
        eventBridgeDestination: {
          eventBusArn: Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
        },
      },
    });
    return set;
  }

  /** Lets the function send mails from the one address, and tells it which. */
  private letSend({ from, identity = domainOf(from) }: MailsProps['settings'], set: CfnConfigurationSet): void {
    const stack = Stack.of(this);
    const arnOf = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'ses', resource, resourceName });
    this.fn.allow(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [arnOf('identity', identity), arnOf('configuration-set', set.ref)],
        conditions: { StringEquals: { 'ses:FromAddress': from } },
      }),
    );
    this.fn.setEnvironment(ENV.mailFrom, from);
    this.fn.setEnvironment(ENV.mailConfigurationSet, set.ref);
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
