import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useMemo } from 'react';
import type { RowOf } from '../../../client/api';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { useUrlState } from '../app/url-state';
import { MomentFields, useMoment } from '../ui/moment';
import { NotRead } from '../ui/not-read';
import { PagedTable } from '../ui/paged-table';
import { TextLink } from '../ui/text-link';
import { absolute } from '../ui/time';

type Stay = RowOf<'getStageHolders'>;

/** Models whose holders are looked up at once. */
const ROWS = 20;

/** Which version of each model was in a stage at a time. */
export default function PastHolders() {
  const workspace = useWorkspace();
  const [params, setParams] = useUrlState();
  const stage = params.get('stage') ?? 'Production';
  const moment = useMoment();
  const now = useMemo(() => new Date().toISOString(), []);
  const at = moment.at ?? now;
  const list = usePages('listModels', { query: { limit: ROWS } });
  const cell = (show: (stay: Stay) => ReactNode) => (row: RowOf<'listModels'>) => (
    <Holder model={row.name} stage={stage} at={at}>
      {show}
    </Holder>
  );
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">When?</Header>}>
        <MomentFields hint="Without a date: now.">
          <FormField label="Stage">
            <Input
              value={stage}
              onChange={({ detail }) => setParams({ stage: detail.value === 'Production' ? undefined : detail.value })}
            />
          </FormField>
        </MomentFields>
      </Container>
      <PagedTable
        list={list}
        title={moment.at === undefined ? `In ${stage} now` : `In ${stage} on ${absolute(at)}`}
        trackBy="id"
        expected={5}
        empty={{ title: 'No models' }}
        columnDefinitions={[
          {
            id: 'model',
            header: 'Model',
            isRowHeader: true,
            minWidth: 180,
            cell: ({ name }) => <TextLink href={places.model(workspace, name)}>{name}</TextLink>,
          },
          {
            id: 'version',
            header: 'Version',
            minWidth: 120,
            cell: (row) =>
              cell(({ version }) => (
                <TextLink href={places.version(workspace, row.name, version)}>Version {version}</TextLink>
              ))(row),
          },
          { id: 'from', header: 'From', minWidth: 170, cell: cell(({ from }) => absolute(from)) },
          {
            id: 'to',
            header: 'To',
            minWidth: 170,
            cell: cell(({ to }) =>
              to === undefined ? <Box color="text-status-success">still there</Box> : absolute(to),
            ),
          },
          {
            id: 'by',
            header: 'Put there by',
            minWidth: 140,
            cell: cell(({ enteredBy }) => <span className="signet-wrap">{enteredBy.name}</span>),
          },
        ]}
      />
    </SpaceBetween>
  );
}

interface HolderProps {
  readonly model: string;
  readonly stage: string;
  readonly at: string;
  readonly children: (stay: Stay) => ReactNode;
}

/** Shows something of each version that was there; cells of a row share one answer. */
function Holder({ model, stage, at, children }: HolderProps) {
  const { rows, isPending, error } = usePages(
    'getStageHolders',
    { params: { model, stage }, query: { at } },
    { enabled: stage !== '', isAside: true },
  );
  // A model may have no such stage.
  const isLacking = error !== null && error.status !== 404;
  if ((isPending && stage !== '') || isLacking) return <NotRead error={error} />;
  if (rows.length === 0) return <>–</>;
  return rows.map((stay) => <div key={`${stay.version} ${stay.from}`}>{children(stay)}</div>);
}
