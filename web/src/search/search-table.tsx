import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { type ReactNode, useMemo } from 'react';
import type { ApiError } from '../../../client/api';
import { useUrlState } from '../app/url-state';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { filterOf, urlOf } from '../ui/filter-url';
import { LazyPreferences } from '../ui/lazy-preferences';
import { usePreferences } from '../ui/preferences';
import { entryFields, optionsOf, type Searchable } from './fields';
import { HowFound } from './how-found';
import { type Field, type Filter, filterOfTokens } from './language';
import { LazyFilter } from './lazy-filter';
import { type FoundPage, useSearch } from './use-search';

/** A column; `orderBy` is the key of searches by which it sorts. */
export interface SearchColumn<Row> {
  readonly id: string;
  readonly header: string;
  readonly orderBy?: string;
  readonly isRowHeader?: boolean;
  readonly minWidth?: number;
  readonly cell: (row: Row) => ReactNode;
}

/** Rows that somebody chooses, on this page and on others. */
interface Choice<Row> {
  readonly has: (row: Row) => boolean;
  /** Tells which rows of a page are chosen now. */
  readonly onChange: (chosen: readonly Row[], page: readonly Row[]) => void;
  readonly labels: NonNullable<TableProps<Row>['ariaLabels']>;
}

interface Props<Row> {
  /** Name under which the browser keeps what somebody prefers of the table. */
  readonly name: string;
  readonly of: 'models' | 'versions';
  readonly trackBy: (row: Row) => string;
  readonly choice?: Choice<Row>;
  /** A condition that always holds. */
  readonly within?: string | undefined;
  /** Why nothing can be searched, if so. */
  readonly unsearchable?: string | undefined;
  readonly fields: readonly Field[];
  /** Key that words without a key are looked for in. */
  readonly freeText?: string;
  readonly stages: readonly string[];
  readonly columns: (rows: readonly Row[], keys: readonly string[]) => readonly SearchColumn<Row>[];
  readonly firstColumns: readonly string[];
  /** The order that nobody has to ask for. */
  readonly order: { readonly column: string; readonly descending: boolean };
  /** Reads the rows where there is neither a filter nor another order. */
  readonly plain?: (cursor: string | undefined, limit: number, signal: AbortSignal) => Promise<FoundPage<Row>>;
  readonly title: string;
  readonly isPage?: boolean;
  readonly actions?: ReactNode;
  readonly placeholder: string;
  readonly empty: Parameters<typeof Empty>[0];
}

const NO_ROWS: readonly never[] = [];

/** A table over a search: what is filtered, in which order and which page is in the address; only that page is read. */
export function SearchTable<Row extends Searchable>(props: Props<Row>) {
  const {
    name,
    of,
    within,
    fields,
    freeText,
    stages,
    choice,
    order,
    plain,
    title,
    isPage = false,
    placeholder,
  } = props;
  const [params, setParams] = useUrlState();
  const [preferences, setPreferences] = usePreferences(name, { pageSize: 20, columns: props.firstColumns });
  const lists = useMemo(() => new Set(fields.flatMap(({ key, takes }) => (takes === 'list' ? [key] : []))), [fields]);
  const query = useMemo(() => filterOf(params, lists), [params, lists]);
  const named = query.tokens.flatMap(({ propertyKey }) => propertyKey ?? []);
  const sort = params.get('sort') ?? order.column;
  const descending = params.has('order') ? params.get('order') === 'desc' : sort === order.column && order.descending;
  const isPlain =
    plain !== undefined && query.tokens.length === 0 && sort === order.column && descending === order.descending;
  const written: Filter =
    props.unsearchable !== undefined && !isPlain
      ? { fault: props.unsearchable }
      : filterOfTokens(query.tokens, [...fields, ...entryFields([], named)], freeText);
  const number = Math.max(1, Math.trunc(Number(params.get('page') ?? 1)) || 1);
  const orderBy = props.columns(NO_ROWS, [...preferences.columns, sort]).find(({ id }) => id === sort)?.orderBy;
  const filter = 'filter' in written ? [within, written.filter].filter(Boolean).join(' AND ') : undefined;
  const { data, error, isPending, isFetching, isPlaceholderData, refetch } = useSearch<Row>(
    filter === undefined
      ? undefined
      : { of, filter, orderBy: orderBy === undefined ? '' : `${orderBy} ${descending ? 'DESC' : 'ASC'}` },
    number,
    preferences.pageSize,
    isPlain ? plain : undefined,
  );
  const rows = data?.items ?? NO_ROWS;
  const columns = props.columns(rows, [...named, ...preferences.columns, sort]);
  const visible = new Set([...preferences.columns, ...named.filter((key) => /^(metrics|params)\./.test(key)), sort]);
  const fault = 'fault' in written ? written.fault : faultOf(error);
  const failure = error && fault === undefined && (
    <ErrorAlert error={error} header={`The ${of} cannot be shown`} onRetry={() => void refetch()} />
  );
  const hasMore = data?.cursor !== undefined;
  const isRead = data !== undefined && !isPlaceholderData;
  const seen = `${(number - 1) * preferences.pageSize + rows.length}${hasMore ? '+' : ''}`;
  const filterBy = (changed: Pick<PropertyFilterProps.Query, 'tokens'>) =>
    setParams({ ...urlOf(changed), page: undefined });
  const toPage = (page: number) => setParams({ page: page > 1 ? String(page) : undefined });
  return (
    <Table<Row>
      variant={isPage ? 'full-page' : 'container'}
      stickyHeader={isPage}
      {...(choice && {
        selectionType: 'multi',
        selectedItems: rows.filter(choice.has),
        onSelectionChange: ({ detail }) => choice.onChange(detail.selectedItems, rows),
        ariaLabels: choice.labels,
      })}
      trackBy={props.trackBy}
      items={fault === undefined ? rows : NO_ROWS}
      columnDefinitions={columns.map(({ orderBy: key, ...column }) => ({
        ...column,
        ...(key !== undefined && { sortingField: column.id }),
      }))}
      columnDisplay={columns.map(({ id }) => ({ id, visible: visible.has(id) }))}
      enableKeyboardNavigation={isPage}
      sortingColumn={{ sortingField: sort }}
      sortingDescending={descending}
      onSortingChange={({ detail }) => {
        const column = detail.sortingColumn.sortingField ?? order.column;
        const isUsual = column === order.column && (detail.isDescending ?? false) === order.descending;
        setParams({
          sort: column === order.column ? undefined : column,
          order: isUsual ? undefined : detail.isDescending ? 'desc' : 'asc',
          page: undefined,
        });
      }}
      loading={isPending && fault === undefined && error === null}
      skeleton={{ totalRows: 8 }}
      loadingText="Loading"
      header={
        <Header
          variant={isPage ? 'awsui-h1-sticky' : 'h2'}
          counter={isRead && fault === undefined ? `(${seen})` : undefined}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                iconName="refresh"
                ariaLabel="Read again"
                loading={isFetching && !isPending}
                onClick={() => void refetch()}
              />
              {props.actions}
            </SpaceBetween>
          }
        >
          {title}
        </Header>
      }
      filter={
        <LazyFilter
          query={query}
          onChange={filterBy}
          fields={[...fields, ...entryFields(rows, named)]}
          options={optionsOf(rows, stages)}
          label={`Filter the ${of}`}
          placeholder={placeholder}
          count={isRead ? (seen === '1' ? '1 match' : `${seen} matches`) : ''}
          fault={fault}
        />
      }
      empty={
        failure ||
        (query.tokens.length > 0 ? (
          <Empty
            title={fault === undefined ? 'Nothing matches' : 'The filter cannot be read'}
            {...(fault === undefined && hasMore && { text: 'Nothing so far: there is more to look through.' })}
            action={<Button onClick={() => filterBy({ tokens: [] })}>Clear the filter</Button>}
          />
        ) : (
          <Empty {...props.empty} />
        ))
      }
      footer={
        // What was read before stays, and says that it could not be read again.
        (rows.length > 0 && failure) ||
        (data?.plan && fault === undefined && (
          <HowFound
            plan={data.plan}
            onGoOn={hasMore && rows.length < preferences.pageSize ? () => toPage(number + 1) : undefined}
          />
        ))
      }
      pagination={
        <Pagination
          currentPageIndex={number}
          pagesCount={number}
          openEnd={hasMore}
          onChange={({ detail }) => toPage(detail.currentPageIndex)}
        />
      }
      preferences={
        <LazyPreferences
          preferences={preferences}
          onChange={(changed) => {
            setPreferences(changed);
            setParams({ page: undefined });
          }}
          columns={columns.map(({ id, header }) => ({ id, label: header }))}
          fixed={columns[0]?.id ?? ''}
        />
      }
    />
  );
}

/** What the registry says against the filter itself. */
function faultOf(error: ApiError | null): string | undefined {
  const violation = error?.violations.find(({ field }) => field === 'query.filter');
  // The keys that MLflow's clients are told of are fewer than those that the rule lists.
  return (
    violation && `${error?.message.replace(/ Valid (keys|entity types) are .*$/s, '')} Expected: ${violation.rule}.`
  );
}
