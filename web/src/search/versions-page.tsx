import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { ALL_VERSION_FIELDS, USUAL_STAGES } from './fields';
import { SearchTable } from './search-table';
import type { FoundVersion } from './use-search';
import { FIRST_VERSION_COLUMNS, versionColumns } from './version-columns';

const ORDER = { column: 'changed', descending: true };
const FIRST = [...FIRST_VERSION_COLUMNS.filter((id) => id !== 'created'), 'changed'];

/** The versions of all models of a workspace. */
export default function VersionsPage() {
  const workspace = useWorkspace();
  return (
    <Page crumbs={[['All versions', places.versions(workspace)]]}>
      <SearchTable<FoundVersion>
        name="all-versions"
        of="versions"
        fields={ALL_VERSION_FIELDS}
        freeText="name"
        stages={USUAL_STAGES}
        columns={(rows, keys) => versionColumns(rows, keys, true)}
        firstColumns={FIRST}
        order={ORDER}
        trackBy={({ model, version }) => `${model}:${version}`}
        title="All versions"
        isPage
        placeholder="Filter by stage, tag, metric …, such as metrics.auc > 0.9"
        empty={{ title: 'No versions yet', text: 'Pipelines register them.' }}
      />
    </Page>
  );
}
