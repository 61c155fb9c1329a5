import Button from '@cloudscape-design/components/button';
import { lazy, Suspense } from 'react';
import { useMay } from '../app/may';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { useUrlState } from '../app/url-state';
import { MODEL_FIELDS, USUAL_STAGES } from '../search/fields';
import { SearchTable } from '../search/search-table';
import type { FoundModel } from '../search/use-search';
import { COLUMNS, FIRST_COLUMNS } from './columns';

const CreateModel = lazy(() => import('./create-model'));

const ORDER = { column: 'name', descending: false };

/** All models of a workspace. */
export default function ModelsPage() {
  const workspace = useWorkspace();
  const [params, setParams] = useUrlState();
  const create = useMay()('createModel');
  const createButton = (
    <Button
      variant="primary"
      disabled={!create.allowed}
      disabledReason={create.why ?? ''}
      onClick={() => setParams({ dialog: 'create' })}
    >
      Create model
    </Button>
  );
  return (
    <Page crumbs={[['Models', places.models(workspace)]]}>
      <SearchTable<FoundModel>
        name="models"
        of="models"
        fields={MODEL_FIELDS}
        freeText="name"
        stages={USUAL_STAGES}
        columns={() => COLUMNS}
        firstColumns={FIRST_COLUMNS}
        order={ORDER}
        trackBy={({ id }) => id}
        title="Models"
        isPage
        actions={createButton}
        placeholder="Filter by name, owner, stage or tag"
        empty={{
          title: 'No models yet',
          text: 'A model groups the versions of one thing that you train.',
          action: createButton,
        }}
      />
      {params.get('dialog') === 'create' && (
        <Suspense fallback={null}>
          <CreateModel onClose={() => setParams({ dialog: undefined })} />
        </Suspense>
      )}
    </Page>
  );
}
