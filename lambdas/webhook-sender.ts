import { WebhookHttpSender } from '../adapters/webhooks/send';
import { reachesLoopback } from './environment';

/** Reaches webhooks: public ones only, unless the local run says otherwise. */
export function webhookSender(): WebhookHttpSender {
  return new WebhookHttpSender({ allowsLoopback: reachesLoopback() });
}
