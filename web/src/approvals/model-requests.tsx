import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { usePages } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { OpenRequest } from './open-request';
import { RequestsTable } from './requests-table';

const STATES = [
  { id: 'all', text: 'All' },
  { id: 'open', text: 'Open' },
  { id: 'done', text: 'Done' },
] as const;

/** What was asked of a model, and the way to ask for more. */
export default function ModelRequests({ model, blocked }: { model: string; blocked: string | undefined }) {
  const [params, setParams] = useUrlState();
  const state = STATES.find(({ id }) => id === params.get('state'))?.id ?? 'all';
  const list = usePages('listModelRequests', {
    params: { model },
    query: { limit: 25, ...(state !== 'all' && { state }) },
  });
  return (
    <>
      <RequestsTable
        list={list}
        model={model}
        title="Requests"
        filter={
          <SegmentedControl
            label="In which state"
            selectedId={state}
            options={STATES}
            onChange={({ detail }) => setParams({ state: detail.selectedId === 'all' ? undefined : detail.selectedId })}
          />
        }
        actions={
          <CommandButton operation="openRequest" blocked={blocked} onClick={() => setParams({ dialog: 'ask' })}>
            Ask for a transition
          </CommandButton>
        }
        empty={{ title: 'No requests', text: 'Nobody has asked for a transition of this kind.' }}
      />
      {params.get('dialog') === 'ask' && (
        <OpenRequest
          model={model}
          version={params.get('version') ?? ''}
          alias={params.get('alias') ?? undefined}
          onClose={() => setParams({ dialog: undefined, version: undefined, alias: undefined })}
        />
      )}
    </>
  );
}
