import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { useUrlState } from '../app/url-state';
import { RequestsTable } from './requests-table';

const SHOWN = [
  { id: 'waiting', text: 'Waiting for me' },
  { id: 'mine', text: 'Mine' },
  { id: 'all', text: 'All' },
] as const;

const STATES = [
  { id: 'open', text: 'Open' },
  { id: 'done', text: 'Done' },
] as const;

const EMPTY = {
  waiting: { title: 'Nothing waits for you', text: 'Requests that need your vote or your answer are shown here.' },
  mine: { title: 'None of yours', text: 'Ask for a transition on the page of a version.' },
  all: { title: 'No requests', text: 'Who wants a version in a guarded stage asks for it on its page.' },
} as const;

/** What people ask for: what waits for the caller, what is the caller's own, and all of it. */
export default function ApprovalsPage() {
  const workspace = useWorkspace();
  const [params, setParams] = useUrlState();
  const shown = SHOWN.find(({ id }) => id === params.get('show'))?.id ?? 'waiting';
  // Nothing that is done waits for anybody.
  const state = shown !== 'waiting' && params.get('state') === 'done' ? 'done' : 'open';
  const list = usePages('listRequests', {
    query: { limit: 20, state, ...(shown === 'waiting' && { waiting: true }), ...(shown === 'mine' && { mine: true }) },
  });
  const isShort = list.rows.length === 0 && list.hasNextPage;
  return (
    <Page crumbs={[['Approvals', places.approvals(workspace)]]}>
      <RequestsTable
        isPage
        list={list}
        title="Approvals"
        description="Who asks for which version to go where, and what is missing."
        filter={
          <SpaceBetween direction="horizontal" size="m">
            <SegmentedControl
              label="Which requests"
              selectedId={shown}
              options={SHOWN}
              onChange={({ detail }) =>
                setParams({ show: detail.selectedId === 'waiting' ? undefined : detail.selectedId })
              }
            />
            {shown !== 'waiting' && (
              <SegmentedControl
                label="In which state"
                selectedId={state}
                options={STATES}
                onChange={({ detail }) => setParams({ state: detail.selectedId === 'open' ? undefined : 'done' })}
              />
            )}
          </SpaceBetween>
        }
        empty={isShort ? { title: 'None so far', text: 'Look further back.' } : EMPTY[shown]}
      />
    </Page>
  );
}
