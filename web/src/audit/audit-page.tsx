import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { lazy } from 'react';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { Tabs } from '../ui/tabs';
import WorkspaceEvents from './workspace-events';

const Proof = lazy(() => import('./proof'));
const PastHolders = lazy(() => import('./past-holders'));

/** What happened in a workspace, the proof that it was so, and what was in production when. */
export default function AuditPage() {
  const workspace = useWorkspace();
  return (
    <Page crumbs={[['Audit', places.audit(workspace)]]}>
      <ContentLayout
        header={
          <Header variant="h1" description="Every change of this workspace, with who made it and what it was before.">
            Audit
          </Header>
        }
      >
        <Tabs
          label="Parts of the audit"
          tabs={[
            { id: 'events', label: 'Events', content: () => <WorkspaceEvents /> },
            { id: 'past', label: 'What was in production', content: () => <PastHolders /> },
            { id: 'proof', label: 'Verify and export', content: () => <Proof /> },
          ]}
        />
      </ContentLayout>
    </Page>
  );
}
