import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { PolicySection } from './policy-section';

/** The approval policy of a workspace. */
export default function PoliciesPage() {
  const workspace = useWorkspace();
  return (
    <Page crumbs={[['Approval policy', places.policies(workspace)]]}>
      <PolicySection />
    </Page>
  );
}
