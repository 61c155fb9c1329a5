import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Digest } from '../ui/copyable';
import { Facts } from '../ui/facts';
import { absolute } from '../ui/time';
import type { FAULTS, Report } from './verify';

/** What verifying found. */
export function ProofReport({ report, faults }: { report: Report; faults: typeof FAULTS }) {
  const { digests, unsealed, notes } = report;
  const isWhole = report.faults.length === 0;
  return (
    <SpaceBetween size="l">
      <Alert
        type={isWhole ? 'success' : 'error'}
        header={isWhole ? 'Nothing was changed, removed or inserted' : 'The audit is not what it was'}
      >
        {isWhole
          ? `As far as ${digests ? 'hashes, links and signed digests' : 'hashes and links'} tell.`
          : report.faults.map(({ first, count }) => (
              <div key={first.kind} className="signet-wrap">
                {first.place} {faults[first.kind]}
                {count > 1 && ` (and ${count - 1} more of this kind)`}.
              </div>
            ))}
      </Alert>
      <Container header={<Header variant="h2">What was verified</Header>}>
        <SpaceBetween size="m">
          <Facts
            facts={[
              ['Events', report.events.toLocaleString('en')],
              ['Downloads', report.readings.toLocaleString('en')],
              ['Histories', report.histories.toLocaleString('en')],
              ['Digests', digests ? `${digests.first} to ${digests.last}` : 'none compared'],
              ['Newest digest', digests && absolute(digests.at)],
              ['Its SHA-256, to keep', digests && <Digest key="hash" value={digests.hash} />],
              ['Not sealed yet', digests ? unsealed.count.toLocaleString('en') : undefined],
            ]}
          />
          {notes.map((note) => (
            <div key={note} className="signet-wrap">
              {note}
            </div>
          ))}
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
