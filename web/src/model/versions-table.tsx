import Button from '@cloudscape-design/components/button';
import { useNavigate } from 'react-router';
import { places } from '../app/places';
import { useClient } from '../app/registry';
import { useUrlState } from '../app/url-state';
import { VERSION_FIELDS } from '../search/fields';
import { quoted } from '../search/language';
import { SearchTable } from '../search/search-table';
import type { FoundVersion } from '../search/use-search';
import { FIRST_VERSION_COLUMNS, versionColumns } from '../search/version-columns';
import type { Model } from './types';

/** More versions than these are not compared at once. */
export const MOST_COMPARED = 20;

const ORDER = { column: 'version', descending: true };

/** The versions of a model, the newest first; those that are chosen can be compared. */
export function VersionsTable({ model }: { model: Model }) {
  const navigate = useNavigate();
  const client = useClient();
  const [params, setParams] = useUrlState();
  const chosen = (params.get('chosen') ?? '').split(',').filter(Boolean).map(Number);
  const name = quoted(model.name);
  const tooMany = chosen.length > MOST_COMPARED ? `At most ${MOST_COMPARED} versions can be compared.` : undefined;
  const why = chosen.length < 2 ? 'Choose at least two versions.' : tooMany;
  return (
    <SearchTable<FoundVersion>
      name="versions"
      of="versions"
      within={`name = ${name}`}
      unsearchable={
        name === undefined
          ? 'A model of this name cannot be searched: it has both kinds of quotation marks.'
          : undefined
      }
      fields={VERSION_FIELDS}
      stages={model.stages.stages.map((stage) => stage.name)}
      columns={(rows, keys) => versionColumns(rows, keys, false)}
      firstColumns={FIRST_VERSION_COLUMNS}
      order={ORDER}
      plain={async (cursor, limit, signal) =>
        await client.listVersions({ params: { model: model.name }, query: { limit, cursor } }, { signal })
      }
      title="Versions"
      placeholder="Filter by stage, tag, metric …, such as metrics.auc > 0.9"
      empty={{ title: 'No versions yet', text: 'Pipelines register them; the button above does it by hand.' }}
      trackBy={({ version }) => String(version)}
      choice={{
        has: ({ version }) => chosen.includes(version),
        onChange: (now, page) => {
          const elsewhere = chosen.filter((number) => !page.some(({ version }) => version === number));
          const numbers = [...elsewhere, ...now.map(({ version }) => version)].sort((x, y) => x - y);
          setParams({ chosen: numbers.join(',') });
        },
        labels: {
          selectionGroupLabel: 'Choose versions',
          allItemsSelectionLabel: () => 'Choose all versions',
          itemSelectionLabel: (_, { version }) => `Choose version ${version}`,
        },
      }}
      actions={
        <Button
          disabled={why !== undefined}
          disabledReason={why ?? ''}
          onClick={() => void navigate(places.compare(model.workspace, model.name, chosen))}
        >
          Compare{chosen.length > 0 ? ` (${chosen.length})` : ''}
        </Button>
      }
    />
  );
}
