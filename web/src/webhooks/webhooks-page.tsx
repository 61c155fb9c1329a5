import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { WebhooksTable } from './webhooks-table';

/** All webhooks of a workspace. */
export default function WebhooksPage() {
  const workspace = useWorkspace();
  return (
    <Page crumbs={[['Webhooks', places.webhooks(workspace)]]}>
      <WebhooksTable />
    </Page>
  );
}
