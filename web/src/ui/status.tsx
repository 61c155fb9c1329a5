import StatusIndicator from '@cloudscape-design/components/status-indicator';

/** Whether the files of a version are final. */
export function VersionStatus({ status }: { status: string | undefined }) {
  if (status === 'READY') return <StatusIndicator type="success">Ready</StatusIndicator>;
  return <StatusIndicator type="pending">Pending</StatusIndicator>;
}

/** What reviewers said of a version. */
export function ApprovalStatus({ status }: { status: string | undefined }) {
  if (status === 'Approved') return <StatusIndicator type="success">Approved</StatusIndicator>;
  if (status === 'Rejected') return <StatusIndicator type="error">Rejected</StatusIndicator>;
  return <StatusIndicator type="pending">Not reviewed</StatusIndicator>;
}

/** What came of a delivery of a webhook. */
export function DeliveryStatus({ status }: { status: string }) {
  if (status === 'SUCCEEDED') return <StatusIndicator type="success">Delivered</StatusIndicator>;
  if (status === 'FAILED') return <StatusIndicator type="error">Failed</StatusIndicator>;
  return <StatusIndicator type="in-progress">Under way</StatusIndicator>;
}
