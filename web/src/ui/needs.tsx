import Alert from '@cloudscape-design/components/alert';
import type { ReactNode } from 'react';
import type { Right } from '../../../core/domain/access';
import { useMay } from '../app/may';

/** Shows a part of a page to those who have a right, and the reason to others. */
export function Needs({ right, children }: { right: Right; children: ReactNode }) {
  const { allowed, why } = useMay()(right);
  if (allowed) return children;
  return (
    <Alert type="info" header="This is not shown to you">
      {why}
    </Alert>
  );
}
