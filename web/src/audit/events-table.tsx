import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import type { RowOf } from '../../../client/api';
import type { ListState } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { useUrlState } from '../app/url-state';
import { PagedTable } from '../ui/paged-table';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { inWords } from './event-words';

const EventDetails = lazy(() => import('./event-details'));

/** An event that a link names is looked for among so many. */
const MOST_SOUGHT = 1_000;

/** An event of either list: that of a model and that of a workspace. */
export type EventItem = RowOf<'listModelEvents'> | RowOf<'listWorkspaceEvents'>;

interface Props {
  readonly list: ListState & { readonly rows: readonly EventItem[] };
  readonly title: string;
  /** The model that all of them are about. */
  readonly model?: string;
  readonly filter?: ReactNode;
  readonly keep?: (event: EventItem) => boolean;
}

/** What happened, the newest first; each event opens with its values before and after. */
export function EventsTable({ list, title, model, filter, keep = () => true }: Props) {
  const workspace = useWorkspace();
  const [params, setParams] = useUrlState();
  const shown = list.rows.filter(keep);
  const open = params.get('event');
  const opened = list.rows.find(({ id }) => id === open);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  // A link may be to an event that is further back than the first page.
  const isSought = open !== null && !opened && hasNextPage && !isFetchingNextPage && list.rows.length < MOST_SOUGHT;
  useEffect(() => {
    if (isSought) void fetchNextPage();
  }, [isSought, fetchNextPage]);
  return (
    <>
      <PagedTable
        list={list}
        shown={shown}
        title={title}
        filter={filter}
        trackBy="id"
        expected={6}
        empty={{
          title: 'Nothing happened',
          text: list.hasNextPage
            ? 'Nothing of this kind so far; look further back.'
            : 'There is no event of this kind.',
        }}
        columnDefinitions={[
          { id: 'at', header: 'When', minWidth: 130, cell: ({ at }: EventItem) => <Time at={at} /> },
          {
            id: 'actor',
            header: 'Who',
            minWidth: 120,
            cell: ({ actor }: EventItem) => <span className="signet-wrap">{actor.name}</span>,
          },
          {
            id: 'what',
            header: 'What',
            isRowHeader: true,
            minWidth: 220,
            cell: (event: EventItem) => (
              <TextLink
                href="#"
                ariaLabel={`${inWords(event)}: show the details`}
                onOpen={() => setParams({ event: event.id })}
              >
                {inWords(event)}
              </TextLink>
            ),
          },
          {
            id: 'subject',
            header: 'On',
            minWidth: 200,
            cell: (event: EventItem) => (
              <Subject event={event} workspace={workspace} isOneModel={model !== undefined} />
            ),
          },
          {
            id: 'reason',
            header: 'Reason',
            minWidth: 200,
            cell: ({ reason }: EventItem) => <span className="signet-wrap">{reason ?? '–'}</span>,
          },
        ]}
      />
      {opened && (
        <Suspense fallback={null}>
          <EventDetails event={opened} onClose={() => setParams({ event: undefined })} />
        </Suspense>
      )}
    </>
  );
}

function Subject({ event, workspace, isOneModel }: { event: EventItem; workspace: string; isOneModel: boolean }) {
  const { model, version, webhook } = event;
  if (model === undefined)
    return webhook === undefined ? (
      'the workspace'
    ) : (
      <TextLink href={places.webhook(workspace, webhook)}>webhook</TextLink>
    );
  const name = isOneModel ? '' : model;
  if (version === undefined)
    return isOneModel ? 'the model' : <TextLink href={places.model(workspace, model)}>{model}</TextLink>;
  return <TextLink href={places.version(workspace, model, version)}>{`${name} version ${version}`.trim()}</TextLink>;
}
