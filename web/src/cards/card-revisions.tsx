import { usePages } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { PagedTable } from '../ui/paged-table';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import type { Version } from '../version/types';
import { CardStatus, RiskBadge } from './badges';

/** Every revision of a card, the newest first. */
export function CardRevisions({ version, shown }: { version: Version; shown: number | undefined }) {
  const [, setParams] = useUrlState();
  const params = { model: version.model, version: version.version };
  const list = usePages('listModelCardRevisions', { params, query: { limit: 25 } });
  const isNewest = (revision: number) => revision === version.card?.revision;
  return (
    <PagedTable
      list={list}
      title="Revisions"
      description="None is ever changed or removed."
      trackBy="revision"
      empty={{ title: 'No revisions' }}
      columnDefinitions={[
        {
          id: 'revision',
          header: 'Revision',
          isRowHeader: true,
          cell: ({ revision }) =>
            revision === shown ? (
              <b>{revision}, shown</b>
            ) : (
              <TextLink
                href={`?tab=card&revision=${revision}`}
                ariaLabel={`Show revision ${revision}`}
                onOpen={() => setParams({ revision: isNewest(revision) ? undefined : String(revision) })}
              >
                {String(revision)}
              </TextLink>
            ),
        },
        { id: 'status', header: 'Status', cell: ({ status }) => <CardStatus status={status} /> },
        { id: 'risk', header: 'Risk', cell: ({ riskRating }) => <RiskBadge rating={riskRating} /> },
        {
          id: 'by',
          header: 'Written by',
          cell: ({ createdBy }) => <span className="signet-wrap">{createdBy.name}</span>,
        },
        { id: 'at', header: 'When', cell: ({ createdAt }) => <Time at={createdAt} /> },
        {
          id: 'reason',
          header: 'Reason',
          minWidth: 160,
          cell: ({ reason, omitted }) => (
            <span className="signet-wrap">{reason ?? (omitted?.includes('reason') ? 'See the revision' : '–')}</span>
          ),
        },
      ]}
    />
  );
}
