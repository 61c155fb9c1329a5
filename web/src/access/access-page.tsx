import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { Needs } from '../ui/needs';
import { Tabs } from '../ui/tabs';
import { CheckAccess } from './check-access';
import { GrantsTable } from './grants-table';
import { PoliciesTable } from './policies-table';

/** Who may do what in a workspace. */
export default function AccessPage() {
  const workspace = useWorkspace();
  return (
    <Page crumbs={[['Access', places.access(workspace)]]}>
      <ContentLayout
        header={
          <Header variant="h1" description="Roles add up. Policies allow more, or forbid.">
            Access
          </Header>
        }
      >
        <Needs right="administer">
          <Tabs
            label="Parts of access"
            tabs={[
              { id: 'grants', label: 'Roles', content: () => <GrantsTable /> },
              { id: 'policies', label: 'Policies', content: () => <PoliciesTable /> },
              { id: 'check', label: 'What may somebody do?', content: () => <CheckAccess /> },
            ]}
          />
        </Needs>
      </ContentLayout>
    </Page>
  );
}
