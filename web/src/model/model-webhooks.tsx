import { WebhooksTable } from '../webhooks/webhooks-table';

/** Webhooks that are told of what happens to a model. */
export default function ModelWebhooks({ model }: { model: string }) {
  return <WebhooksTable model={model} />;
}
