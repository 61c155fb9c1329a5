import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useRead } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { ErrorAlert } from '../ui/error-alert';
import { ProofReport } from './proof-report';
import { useProof } from './use-proof';

/** Verifies the audit here in the browser, and gives out what others verify it with. */
export default function Proof() {
  const [params, setParams] = useUrlState();
  const [from, to] = [params.get('since') ?? undefined, params.get('until') ?? undefined];
  const { data: caller } = useRead('whoami', {});
  const sealed = caller?.access.administrator === true;
  const { state, verify, save, stop } = useProof({ from, to, sealed });
  const isBusy = state.step === 'reading';
  const notSealed = 'Digests name every workspace: administrators of the registry export them.';
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            description="Every event carries the hash of the one before it; signed digests seal where all histories stand."
          >
            Verify and export
          </Header>
        }
        footer={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="primary" loading={isBusy && state.what === 'verify'} disabled={isBusy} onClick={verify}>
              Verify
            </Button>
            <Button
              iconName="download"
              loading={isBusy && state.what === 'records'}
              disabled={isBusy}
              onClick={() => save('records')}
            >
              Download the audit
            </Button>
            <Button
              iconName="download"
              loading={isBusy && state.what === 'digests'}
              disabled={isBusy || !sealed}
              disabledReason={sealed ? '' : notSealed}
              onClick={() => save('digests')}
            >
              Download the digests
            </Button>
            <Button
              iconName="download"
              loading={isBusy && state.what === 'key'}
              disabled={isBusy}
              onClick={() => save('key')}
            >
              Download the key
            </Button>
            {isBusy && <Button onClick={stop}>Stop</Button>}
          </SpaceBetween>
        }
      >
        <SpaceBetween size="m">
          <FormField
            label="When – optional"
            description="Without it the whole audit of the workspace is read. At the edges of a time it cannot always be told whether an event is missing."
          >
            <DateRangePicker
              value={from && to ? { type: 'absolute', startDate: from, endDate: to } : null}
              relativeOptions={[]}
              rangeSelectorMode="absolute-only"
              placeholder="All of it"
              isValidRange={isValid}
              expandToViewport
              onChange={({ detail }) => setParams(rangeOf(detail.value))}
            />
          </FormField>
          {!sealed && caller && (
            <Alert type="info">
              Hashes and links are verified; signed digests are not compared, since {lower(notSealed)}
            </Alert>
          )}
          {isBusy && (
            <StatusIndicator type="loading">{state.count.toLocaleString('en')} lines were read.</StatusIndicator>
          )}
        </SpaceBetween>
      </Container>
      {state.step === 'failed' && <ErrorAlert error={state.error} />}
      {state.step === 'verified' && <ProofReport report={state.report} faults={state.faults} />}
      <Box color="text-body-secondary">
        The key comes from this registry, and so does this page. To prove the audit against who runs it, keep a digest
        where they cannot write, and verify the downloads with the command line: <code>signet audit verify</code>.
      </Box>
    </SpaceBetween>
  );
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function rangeOf(value: DateRangePickerProps.Value | null): Record<string, string | undefined> {
  if (value?.type !== 'absolute') return { since: undefined, until: undefined };
  const [since, until] = [value.startDate, value.endDate].map((text) => new Date(text).toISOString());
  return { since, until };
}

function isValid(value: DateRangePickerProps.Value | null): DateRangePickerProps.ValidationResult {
  if (value?.type === 'absolute' && new Date(value.startDate) >= new Date(value.endDate)) {
    return { valid: false, errorMessage: 'The range ends before it starts.' };
  }
  return { valid: true };
}
