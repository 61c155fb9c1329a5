import type { Construct } from 'constructs';
import { ENV, EVENT_SOURCE } from '../../contract/names';
import type { Alarms } from './alarms';
import type { EncryptionKey } from './encryption-key';
import type { RegistryBus } from './event-bus';
import { EventQueue, receiversSay } from './event-queue';
import type { LogProps } from './log-group';
import type { MetadataTable } from './metadata-table';

/** Props of {@link Webhooks}. */
export interface WebhooksProps {
  readonly table: MetadataTable;
  readonly bus: RegistryBus;
  readonly key: EncryptionKey;
  readonly logs: LogProps;
  readonly alarms: Alarms;
}

/**
 * Tells webhooks of events. A rule puts every event into a queue, whose function makes a delivery for each webhook that
 * subscribed to it and puts their attempts into the same queue, the later ones with a delay (docs/decisions/0006-webhooks.md).
 */
export class Webhooks extends EventQueue {
  constructor(scope: Construct, id: string, { table, bus, key, logs, alarms }: WebhooksProps) {
    super(scope, id, {
      functionId: 'Deliver',
      description: 'Tells webhooks of events of the model registry',
      entry: 'lambdas/deliver-webhooks.ts',
      variable: ENV.webhookQueue,
      // What receivers make wait takes no more of the account's concurrency.
      mostAtOnce: 50,
      key,
      logs,
    });
    table.grantDeliveries(this.fn);
    this.receive('Events', {
      description: 'Every change of the model registry, for its webhooks',
      bus: bus.bus,
      pattern: { source: [EVENT_SOURCE] },
    });
    this.watch(alarms, 'Webhooks', receiversSay('webhooks', 'webhook'));
  }
}
