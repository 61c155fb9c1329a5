import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { Empty } from '../ui/empty';
import { Facts } from '../ui/facts';
import { OuterLink } from '../ui/outer-link';
import { TextLink } from '../ui/text-link';
import type { Version } from './types';

type Reference = NonNullable<Version['parent']>;

/** Where a version comes from and where it went. */
export default function Lineage({ version }: { version: Version }) {
  const { run, parent, copiedFrom, datasets, source } = version;
  const events = usePages('listModelEvents', { params: { model: version.model }, query: { limit: 100 } });
  const copies = events.rows.flatMap((event) => {
    const to =
      event.type === 'version.copied' && event.version === version.version ? event.current?.['copiedTo'] : undefined;
    return isReference(to) ? [to] : [];
  });
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Made by</Header>}>
        <Facts
          facts={[
            [
              'Run',
              run?.id && (
                <span key="run" className="signet-code">
                  {run.id}
                </span>
              ),
            ],
            ['System', run?.system],
            ['Experiment', run?.experiment],
            ['Address of the run', run?.url && <OuterLink key="url" href={run.url} />],
            ['Source of the files', source && <OuterLink key="source" href={source} />],
            ['Derived from', parent && <To key="parent" version={parent} />],
            ['Copied from', copiedFrom && <To key="copied" version={copiedFrom} />],
            [
              'Copies',
              copies.length > 0 &&
                copies.map((copy) => (
                  <div key={JSON.stringify(copy)}>
                    <To version={copy} />
                  </div>
                )),
            ],
          ]}
        />
      </Container>
      <Table
        variant="container"
        header={
          <Header variant="h2" counter={`(${datasets.length})`}>
            Datasets
          </Header>
        }
        items={datasets}
        wrapLines
        empty={<Empty title="No datasets" text="Nobody said which data it was trained with." />}
        columnDefinitions={[
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            cell: ({ name }) => <span className="signet-wrap">{name}</span>,
          },
          { id: 'role', header: 'Role', cell: ({ role }) => role ?? '–' },
          { id: 'uri', header: 'Address', cell: ({ uri }) => (uri ? <OuterLink href={uri} /> : '–') },
          {
            id: 'digest',
            header: 'Digest',
            cell: ({ digest }) => <span className="signet-code">{digest ?? '–'}</span>,
          },
        ]}
      />
    </SpaceBetween>
  );
}

function To({ version: { workspace, model, version } }: { version: Reference }) {
  return (
    <TextLink href={places.version(workspace, model, version)}>{`${workspace}: ${model} version ${version}`}</TextLink>
  );
}

function isReference(value: unknown): value is Reference {
  const { workspace, model, version } = (value ?? {}) as Partial<Reference>;
  return typeof workspace === 'string' && typeof model === 'string' && typeof version === 'number';
}
