import { useCollection } from '@cloudscape-design/collection-hooks';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { lazy, Suspense, useMemo } from 'react';
import { useMay } from '../app/may';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { useUrlState } from '../app/url-state';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { filterOf, urlOf } from '../ui/filter-url';
import { LazyPreferences } from '../ui/lazy-preferences';
import { usePreferences } from '../ui/preferences';
import { COLUMNS, FIRST_COLUMNS } from './columns';
import { prefixOf, propertiesOf } from './filter';
import { LazyFilter } from './lazy-filter';
import { MOST_MODELS, useModelList } from './model-list';

const CreateModel = lazy(() => import('./create-model'));

const NOTHING: readonly never[] = [];

/** All models of a workspace. */
export default function ModelsPage() {
  const workspace = useWorkspace();
  const [params, setParams] = useUrlState();
  const may = useMay();
  const [preferences, setPreferences] = usePreferences('models', { pageSize: 20, columns: FIRST_COLUMNS });
  const filter = useMemo(() => filterOf(params), [params]);
  const { data, error, isPending, isFetching, refetch } = useModelList(prefixOf(filter));
  const all = data?.items ?? NOTHING;
  const properties = useMemo(() => propertiesOf(all), [all]);
  const sorted = COLUMNS.find(({ id }) => id === params.get('sort')) ?? COLUMNS[0];
  const create = may('createModel');
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

  const { items, filteredItemsCount, actions, collectionProps, propertyFilterProps, paginationProps } = useCollection(
    all,
    {
      propertyFiltering: {
        filteringProperties: properties,
        defaultQuery: filter,
        empty: (
          <Empty
            title="No models yet"
            text="A model groups the versions of one thing that you train."
            action={createButton}
          />
        ),
        noMatch: (
          <Empty
            title="No model matches"
            text="No model of this workspace fits the filter."
            action={<Button onClick={() => clear()}>Clear the filter</Button>}
          />
        ),
      },
      sorting: {
        defaultState: {
          sortingColumn: { sortingField: sorted?.sortingField ?? 'name' },
          isDescending: params.get('order') === 'desc',
        },
      },
      pagination: { pageSize: preferences.pageSize, defaultPage: Number(params.get('page') ?? 1) || 1 },
    },
  );

  function clear(): void {
    const none = { tokens: [], operation: 'and' } as const;
    actions.setPropertyFiltering(none);
    setParams({ ...urlOf(none), page: undefined });
  }

  return (
    <Page crumbs={[['Models', places.models(workspace)]]}>
      <SpaceBetween size="m">
        <ErrorAlert error={error} header="The models cannot be shown" onRetry={() => void refetch()} />
        {data?.isCut && (
          <Alert type="info">
            Only the first {MOST_MODELS} models by name are shown. Filter by the beginning of the name to see others.
          </Alert>
        )}
        <Table
          {...collectionProps}
          variant="full-page"
          stickyHeader
          trackBy="id"
          items={items}
          columnDefinitions={COLUMNS}
          columnDisplay={COLUMNS.map(({ id }) => ({ id, visible: preferences.columns.includes(id) }))}
          enableKeyboardNavigation
          loading={isPending}
          skeleton={{ totalRows: 8 }}
          loadingText="Loading the models"
          onSortingChange={(event) => {
            collectionProps.onSortingChange?.(event);
            const { sortingColumn, isDescending } = event.detail;
            const column = COLUMNS.find(({ sortingField }) => sortingField === sortingColumn.sortingField);
            setParams({
              sort: column?.id === 'name' ? undefined : column?.id,
              order: isDescending ? 'desc' : undefined,
            });
          }}
          empty={error ? <Empty title="Nothing to show" text="The models could not be read." /> : collectionProps.empty}
          header={
            <Header
              variant="awsui-h1-sticky"
              counter={data && `(${filteredItemsCount ?? all.length}${data.isCut ? '+' : ''})`}
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Button
                    iconName="refresh"
                    ariaLabel="Read again"
                    loading={isFetching && !isPending}
                    onClick={() => void refetch()}
                  />
                  {createButton}
                </SpaceBetween>
              }
            >
              Models
            </Header>
          }
          filter={
            <LazyFilter
              isWanted={filter.tokens.length > 0}
              {...propertyFilterProps}
              count={filteredItemsCount ?? 0}
              onChange={(event) => {
                propertyFilterProps.onChange(event);
                setParams({ ...urlOf(event.detail), page: undefined });
              }}
            />
          }
          pagination={
            <Pagination
              {...paginationProps}
              onChange={(event) => {
                paginationProps.onChange(event);
                setParams({
                  page: event.detail.currentPageIndex > 1 ? String(event.detail.currentPageIndex) : undefined,
                });
              }}
            />
          }
          preferences={
            <LazyPreferences
              preferences={preferences}
              onChange={setPreferences}
              columns={COLUMNS.map(({ id, header }) => ({ id, label: header }))}
              fixed="name"
            />
          }
        />
      </SpaceBetween>
      {params.get('dialog') === 'create' && (
        <Suspense fallback={null}>
          <CreateModel onClose={() => setParams({ dialog: undefined })} />
        </Suspense>
      )}
    </Page>
  );
}
