import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { ErrorAlert } from './error-alert';

/** A page whose subject could not be read: what it is about, and why it is not shown. */
export function PageFailure({ of, error, onRetry }: { of: string; error: unknown; onRetry: () => void }) {
  return (
    <ContentLayout header={<Header variant="h1">{of}</Header>}>
      <ErrorAlert error={error} onRetry={onRetry} />
    </ContentLayout>
  );
}
