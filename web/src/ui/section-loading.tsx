import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';

/** The outline of a part of a page while it is loaded. */
export function SectionLoading() {
  return (
    <div role="status" aria-label="Loading">
      <SpaceBetween size="s">
        <Skeleton width="30%" variant="text-heading-m" />
        <Skeleton height="6rem" />
      </SpaceBetween>
    </div>
  );
}
