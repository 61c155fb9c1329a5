import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

/** What is shown where there is nothing to show, and what to do about it. */
export function Empty({ title, text, action }: { title: string; text?: string; action?: ReactNode }) {
  return (
    <Box margin={{ vertical: 'xs' }} textAlign="center" color="inherit">
      <SpaceBetween size="xs" className="signet-empty">
        <b>{title}</b>
        {text && (
          <Box variant="p" color="inherit">
            {text}
          </Box>
        )}
        {action}
      </SpaceBetween>
    </Box>
  );
}
