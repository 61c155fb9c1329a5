import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Facts } from '../ui/facts';
import { OuterLink } from '../ui/outer-link';
import { ValuesTable } from '../ui/values-table';
import { ContainersSection } from './containers-section';
import type { Version } from './types';

/** What a version was made with and how good it is. */
export default function Training({ version, blocked }: { version: Version; blocked: string | undefined }) {
  const { dependencies, code, environment, metadata, signature, notebooks } = version;
  const custom = Object.fromEntries(Object.entries(metadata).map(([key, { value }]) => [key, value]));
  return (
    <SpaceBetween size="l">
      <ColumnLayout columns={2}>
        <Container>
          <ValuesTable title="Metrics" values={version.metrics} />
        </Container>
        <Container>
          <ValuesTable title="Hyper-parameters" values={version.hyperParameters} />
        </Container>
      </ColumnLayout>
      <Container header={<Header variant="h2">Code</Header>}>
        <Facts
          columns={3}
          facts={[
            ['Repository', code && <OuterLink key="repository" href={code.repository} />],
            [
              'Commit',
              code && (
                <span key="commit" className="signet-code">
                  {code.commit}
                </span>
              ),
            ],
            ['Path', code?.path],
            ...notebooks.map(
              (notebook, index) => [`Notebook ${index + 1}`, <OuterLink key={notebook} href={notebook} />] as const,
            ),
          ]}
        />
      </Container>
      <ColumnLayout columns={2}>
        <Container>
          <ValuesTable
            title="Dependencies"
            values={{ ...(dependencies?.python && { Python: dependencies.python }), ...dependencies?.libraries }}
          />
        </Container>
        <Container>
          <ValuesTable title="Environment" values={environment} />
        </Container>
      </ColumnLayout>
      <ContainersSection version={version} blocked={blocked} />
      {Object.keys(custom).length > 0 && (
        <Container>
          <ValuesTable title="Further metadata" values={custom} />
        </Container>
      )}
      {signature !== undefined && signature !== null && (
        <ExpandableSection variant="container" headerText="Input and output schema">
          <pre className="signet-pre">{JSON.stringify(signature, null, 2)}</pre>
        </ExpandableSection>
      )}
    </SpaceBetween>
  );
}
