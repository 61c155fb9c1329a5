import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import { TextLink } from '../ui/text-link';
import { Page } from './shell';

/** Where an address leads to nothing. */
export function NotFound() {
  return (
    <Page crumbs={[['Not found', '']]}>
      <ContentLayout header={<Header variant="h1">There is nothing here</Header>}>
        <Box>
          The address leads to no page of the console. Go to the <TextLink href="/">models</TextLink>.
        </Box>
      </ContentLayout>
    </Page>
  );
}
