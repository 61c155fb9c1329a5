import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { ErrorAlert } from './error-alert';
import { SectionLoading } from './section-loading';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly error?: unknown;
  /** Whether some of it is still being read. */
  readonly isLoading?: boolean;
}

/** Shows one row of a list with everything it holds, over the page. */
export function DetailsModal({ title, onClose, children, error, isLoading = false }: Props) {
  return (
    <Modal
      visible
      size="large"
      header={<span className="signet-wrap">{title}</span>}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <Button onClick={onClose}>Close</Button>
        </Box>
      }
    >
      <SpaceBetween size="l">
        <ErrorAlert error={error} />
        {isLoading && !error && <SectionLoading />}
        {children}
      </SpaceBetween>
    </Modal>
  );
}
