import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { STATES } from '../deployments/deployment-status';
import type { Deployment } from '../deployments/types';
import { type Evaluation, OUTCOMES } from '../evaluations/outcome';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { Facts } from '../ui/facts';
import { OuterLink } from '../ui/outer-link';
import { TextLink } from '../ui/text-link';
import { LineageGraph, type LineageNode } from './lineage-graph';
import type { Version } from './types';

type Reference = NonNullable<Version['parent']>;

/** Where a version comes from and where it went. */
export default function Lineage({ version }: { version: Version }) {
  const { run, datasets, source } = version;
  const params = { model: version.model };
  const query = { version: version.version, limit: 100, type: 'version.copied' } as const;
  const events = usePages('listModelEvents', { params, query });
  const deployments = usePages('listDeployments', { params, query: { limit: 50 } });
  const copies = events.rows.flatMap((event) => {
    const to = event.current?.['copiedTo'];
    return isReference(to) ? [to] : [];
  });
  const tested = { ...params, version: version.version };
  const evaluations = usePages('listEvaluations', { params: tested, query: { limit: 10 } });
  const running = deployments.rows.filter((each) => each.version === version.version && each.state === 'in_service');
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Where it comes from and where it went</Header>}>
        <ErrorAlert error={events.error} header="Copies cannot be shown" onRetry={() => void events.refetch()} />
        <ErrorAlert
          error={deployments.error}
          header="Deployments cannot be shown"
          onRetry={() => void deployments.refetch()}
        />
        <ErrorAlert
          error={evaluations.error}
          header="Evaluations cannot be shown"
          onRetry={() => void evaluations.refetch()}
        />
        <LineageGraph
          from={originsOf(version)}
          self={{
            id: 'self',
            kind: version.stage,
            content: `${version.model} version ${version.version}`,
          }}
          to={[
            ...copies.map((copy) => ({
              id: `copy ${JSON.stringify(copy)}`,
              kind: 'Copy',
              content: <To version={copy} />,
            })),
            ...running.map((deployment) => deploymentNode(deployment)),
            ...evaluations.rows.map((evaluation) => evaluationNode(evaluation)),
          ]}
        />
      </Container>
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
            minWidth: 120,
            cell: ({ name }) => <span className="signet-wrap">{name}</span>,
          },
          { id: 'role', header: 'Role', minWidth: 110, cell: ({ role }) => role ?? '–' },
          { id: 'uri', header: 'Address', minWidth: 220, cell: ({ uri }) => (uri ? <OuterLink href={uri} /> : '–') },
          {
            id: 'digest',
            header: 'Digest',
            minWidth: 180,
            cell: ({ digest }) => <span className="signet-code">{digest ?? '–'}</span>,
          },
        ]}
      />
    </SpaceBetween>
  );
}

/** What a version was made from. */
function originsOf({ run, parent, copiedFrom, datasets, code }: Version): readonly LineageNode[] {
  return [
    ...(parent ? [{ id: 'parent', kind: 'Derived from', content: <To version={parent} /> }] : []),
    ...(copiedFrom ? [{ id: 'copied', kind: 'Copied from', content: <To version={copiedFrom} /> }] : []),
    ...(run?.id
      ? [
          {
            id: 'run',
            kind: `Run${run.system ? ` of ${run.system}` : ''}`,
            content: run.url ? <OuterLink href={run.url}>{run.id}</OuterLink> : run.id,
          },
        ]
      : []),
    ...(code
      ? [
          {
            id: 'code',
            kind: `Code, commit ${code.commit.slice(0, 10)}`,
            content: <OuterLink href={code.repository} />,
          },
        ]
      : []),
    ...datasets.map(({ name, role, uri }, index) => ({
      id: `dataset ${index}`,
      kind: `Dataset${role ? `, ${role}` : ''}`,
      content: uri ? <OuterLink href={uri}>{name}</OuterLink> : name,
    })),
  ];
}

function deploymentNode({ id, stage, endpoint, system, state, workspace, model, version }: Deployment): LineageNode {
  const where = [stage, endpoint ?? system].filter(Boolean).join(' on ');
  return {
    id,
    kind: `Deployment: ${STATES[state][1].toLowerCase()}`,
    content: (
      <TextLink href={`${places.version(workspace, model, version)}?tab=deployments&deployment=${id}`}>
        {where}
      </TextLink>
    ),
  };
}

/** A test run is something that came of a version too. */
function evaluationNode({ id, name, outcome, workspace, model, version }: Evaluation): LineageNode {
  return {
    id,
    kind: `Evaluation: ${OUTCOMES[outcome][1].toLowerCase()}`,
    content: (
      <TextLink
        href={`${places.version(workspace, model, version)}?tab=evaluations&evaluation=${encodeURIComponent(id)}`}
      >
        {name}
      </TextLink>
    ),
  };
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
