import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

/** A part of a long form. */
export function Part({ title, description, children }: { title: string; description?: string; children: ReactNode }) {
  return (
    <SpaceBetween size="s">
      <Header variant="h3" description={description}>
        {title}
      </Header>
      {children}
    </SpaceBetween>
  );
}
