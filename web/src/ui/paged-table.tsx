import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { ListState } from '../app/calls';
import { Empty } from './empty';
import { ErrorAlert } from './error-alert';
import { MoreButton } from './more-button';

type Kept =
  | 'ariaLabels'
  | 'columnDefinitions'
  | 'contentDensity'
  | 'filter'
  | 'onSelectionChange'
  | 'selectedItems'
  | 'selectionType'
  | 'trackBy';

interface Props<Row> extends Pick<TableProps<Row>, Kept> {
  readonly list: ListState & { readonly rows: readonly Row[] };
  /** Those rows of the list that are shown, where not all are. */
  readonly shown?: readonly Row[];
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** What is said where there is no row. */
  readonly empty: Parameters<typeof Empty>[0];
  /** About how many rows there will be. */
  readonly expected?: number;
  /** Whether the table is the page, rather than a part of one. */
  readonly isPage?: boolean;
}

/** So that words are not broken on a narrow screen: what does not fit is scrolled to. */
const NARROWEST_PX = 120;

/** A table over a list that is read page by page: its outline while it is read, how many rows, what failed, and more on demand. */
export function PagedTable<Row>({
  list,
  columnDefinitions,
  shown = list.rows,
  title,
  description,
  actions,
  empty,
  expected = 3,
  isPage = false,
  ...rest
}: Props<Row>) {
  const isRead = !list.isPending && !list.error;
  return (
    <Table
      {...rest}
      variant={isPage ? 'full-page' : 'container'}
      header={
        <Header
          variant={isPage ? 'awsui-h1-sticky' : 'h2'}
          counter={isRead ? `(${shown.length}${list.hasNextPage ? '+' : ''})` : undefined}
          description={description}
          actions={actions}
        >
          {title}
        </Header>
      }
      columnDefinitions={columnDefinitions.map((column) => ({ minWidth: NARROWEST_PX, ...column }))}
      items={shown}
      wrapLines
      loading={list.isPending}
      loadingText="Loading"
      skeleton={{ totalRows: expected }}
      empty={list.error ? <ErrorAlert error={list.error} onRetry={() => void list.refetch()} /> : <Empty {...empty} />}
      footer={
        <>
          {/* What was read before stays, and says that it could not be read again. */}
          {list.error && shown.length > 0 && <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />}
          <MoreButton list={list} />
        </>
      }
    />
  );
}
