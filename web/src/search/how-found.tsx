import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { lazy, Suspense, useState } from 'react';
import type { SearchPlan } from './use-search';

const DeclareIndex = lazy(() => import('./declare-index'));

/** How a page was found and what that cost; where an index would make it cheaper, the way to it. */
export function HowFound({ plan, onGoOn }: { plan: SearchPlan; onGoOn: (() => void) | undefined }) {
  const [isDeclaring, setIsDeclaring] = useState(false);
  const { index, residual, inOrder, readUnits, suggestion } = plan;
  return (
    <Box color="text-body-secondary" fontSize="body-s" padding={{ vertical: 'xs' }}>
      <span className="signet-wrap">
        Found through “{index}”, read units: {readUnits}
        {!inOrder && ', sorted'}
        {residual !== '' && `; one by one: ${residual}`}.
      </span>{' '}
      {onGoOn && (
        <>
          Reading on would have cost too much at once.{' '}
          <Button variant="inline-link" onClick={onGoOn}>
            Search on
          </Button>
        </>
      )}
      {suggestion && (
        <>
          An index by {suggestion.equals.join(', ')} would find this in one go.{' '}
          <Button variant="inline-link" onClick={() => setIsDeclaring(true)}>
            Declare it
          </Button>
        </>
      )}
      {suggestion && isDeclaring && (
        <Suspense fallback={null}>
          <DeclareIndex suggestion={suggestion} onClose={() => setIsDeclaring(false)} />
        </Suspense>
      )}
    </Box>
  );
}
