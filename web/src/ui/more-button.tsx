import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';

/** Asks for the next page of a list. */
export function MoreButton({
  list,
}: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  if (!list.hasNextPage) return null;
  return (
    <Box textAlign="center" padding="xs">
      <Button loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
        Show more
      </Button>
    </Box>
  );
}
