import Box from '@cloudscape-design/components/box';
import Skeleton from '@cloudscape-design/components/skeleton';
import { lazy, Suspense } from 'react';

const Rendered = lazy(() => import('./markdown-rendered'));

/** Markdown that somebody wrote. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<Skeleton height="4rem" />}>
      <Box variant="div">
        <Rendered text={text} />
      </Box>
    </Suspense>
  );
}
