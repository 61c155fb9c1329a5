import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import { useRead } from '../app/calls';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { Page } from '../app/shell';
import { Digest } from '../ui/copyable';
import { Facts } from '../ui/facts';
import { PageFailure } from '../ui/page-failure';
import { PageLoading } from '../ui/page-loading';
import { TextLink } from '../ui/text-link';
import { absolute, Time } from '../ui/time';
import { BreakingSchema, Changes } from './changes';
import { Checklist } from './checklist';
import { Checks } from './checks';
import { RequestComments } from './request-comments';
import { RequestHeader } from './request-header';
import { RequestStatus } from './request-status';
import { Requirements } from './requirements';
import { type TransitionRequest, targetName } from './types';
import { Votes } from './votes';

const OVER: Readonly<Partial<Record<TransitionRequest['status'], string>>> = {
  committed: 'The request was carried out.',
  closed: 'The request is closed.',
  expired: 'The request has expired: whoever still wants it asks again.',
};

/** One transition request: what is asked, what is missing, what others say, and what would change. */
export default function RequestPage() {
  const workspace = useWorkspace();
  const { model = '', request: id = '' } = useParams();
  const { data: request, error, refetch } = useRead('getRequest', { params: { model, request: id } });
  const { data: version } = useRead(
    'getVersion',
    { params: { model, version: request?.version ?? 0 } },
    { enabled: request !== undefined, isAside: true },
  );
  const blocked = request && OVER[request.status];
  return (
    <Page
      crumbs={[
        ['Approvals', places.approvals(workspace)],
        [
          request ? `${model} version ${request.version} to ${targetName(request.target)}` : 'Request',
          places.request(workspace, model, id),
        ],
      ]}
    >
      {!request && !error && <PageLoading />}
      {error && !request && <PageFailure of="Transition request" error={error} onRetry={() => void refetch()} />}
      {request && (
        <ContentLayout header={<RequestHeader request={request} blocked={blocked} />}>
          <SpaceBetween size="l">
            {request.status === 'outdated' && (
              <Alert type="warning" header="The version has changed since it was asked for">
                What was approved is no longer what it is. {request.author.name} renews the request, or whoever changed
                the version changes it back.
              </Alert>
            )}
            <BreakingSchema request={request} />
            <Grid gridDefinition={[{ colspan: { default: 12, s: 8 } }, { colspan: { default: 12, s: 4 } }]}>
              <SpaceBetween size="l">
                <Asked request={request} />
                <Requirements request={request} />
              </SpaceBetween>
              <Votes request={request} version={version} blocked={blocked} />
            </Grid>
            <Checklist request={request} blocked={blocked} />
            <Checks request={request} />
            <Changes request={request} />
            <RequestComments request={request} />
          </SpaceBetween>
        </ContentLayout>
      )}
    </Page>
  );
}

function Asked({ request }: { request: TransitionRequest }) {
  const { workspace, model, version, status, reason, author, openedAt, expiresAt, ended, guard } = request;
  return (
    <Container header={<Header variant="h2">What is asked</Header>}>
      <Facts
        columns={3}
        facts={[
          ['State', <RequestStatus key="status" status={status} />],
          [
            'Version',
            <TextLink key="version" href={places.version(workspace, model, version)}>
              {`${model} version ${version}`}
            </TextLink>,
          ],
          ['To', targetName(request.target)],
          ['Reason', reason],
          [
            'Asked',
            <>
              <Time key="at" at={openedAt} /> by {author.name}
            </>,
          ],
          ended
            ? [
                'Ended',
                <>
                  <Time key="at" at={ended.at} /> by {ended.by.name}
                  {ended.reason && `: ${ended.reason}`}
                </>,
              ]
            : ['Expires', absolute(expiresAt)],
          ['When nothing is missing', guard.commit === 'automatic' ? 'it moves at once' : 'somebody carries it out'],
          ['Digest of the files', <Digest key="files" value={request.artifactDigest} />],
          [
            'What is approved',
            <Digest key="subject" value={request.subject} name="the digest of files and metadata" />,
          ],
        ]}
      />
    </Container>
  );
}
