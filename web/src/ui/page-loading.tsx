import ContentLayout from '@cloudscape-design/components/content-layout';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';

/** The outline of a page while it is loaded. */
export function PageLoading() {
  return (
    <div role="status" aria-label="Loading the page">
      <ContentLayout header={<Skeleton variant="text-heading-xl" width="40%" />}>
        <SpaceBetween size="l">
          <Skeleton height="8rem" />
          <Skeleton height="16rem" />
        </SpaceBetween>
      </ContentLayout>
    </div>
  );
}
