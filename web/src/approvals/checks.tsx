import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { OuterLink } from '../ui/outer-link';
import { Time } from '../ui/time';
import type { TransitionRequest } from './types';

/** What other systems said of the version: scanners, tickets. */
export function Checks({ request: { guard, results } }: { request: TransitionRequest }) {
  if (guard.checks.length === 0) return null;
  const resultOf = (name: string) => results.find(({ check, stale }) => check === name && !stale);
  return (
    <Table
      variant="container"
      wrapLines
      header={
        <Header variant="h2" description="Other systems answer these with their token.">
          External checks
        </Header>
      }
      items={guard.checks}
      trackBy="name"
      columnDefinitions={[
        {
          id: 'name',
          header: 'Check',
          isRowHeader: true,
          minWidth: 140,
          cell: ({ name }) => <span className="signet-wrap">{name}</span>,
        },
        {
          id: 'result',
          header: 'Result',
          minWidth: 130,
          cell: ({ name }) => <Result result={resultOf(name)?.result} />,
        },
        {
          id: 'detail',
          header: 'Says',
          minWidth: 160,
          cell: ({ name }) => {
            const { detail, url } = resultOf(name) ?? {};
            return (
              <>
                <span className="signet-wrap">{detail ?? (url ? '' : '–')}</span>{' '}
                {url && <OuterLink href={url}>report</OuterLink>}
              </>
            );
          },
        },
        { id: 'at', header: 'When', minWidth: 130, cell: ({ name }) => <Time at={resultOf(name)?.at} /> },
      ]}
    />
  );
}

function Result({ result }: { result: 'passed' | 'failed' | undefined }) {
  if (result === undefined) return <StatusIndicator type="pending">Not answered</StatusIndicator>;
  return (
    <StatusIndicator type={result === 'passed' ? 'success' : 'error'}>
      {result === 'passed' ? 'Passed' : 'Failed'}
    </StatusIndicator>
  );
}
