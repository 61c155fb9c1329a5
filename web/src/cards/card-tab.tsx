import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense } from 'react';
import { useRead } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { Facts } from '../ui/facts';
import { SectionLoading } from '../ui/section-loading';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import type { Version } from '../version/types';
import { CardStatus, RiskBadge } from './badges';
import { CardChanges } from './card-changes';
import { CardRevisions } from './card-revisions';
import { CardSections } from './card-sections';

const EditCard = lazy(() => import('./edit-card'));
const CardStatusDialog = lazy(() => import('./card-status-dialog'));

/** The model card of a version: its newest revision, or the one that the address names. */
export default function CardTab({ version, blocked }: { version: Version; blocked: string | undefined }) {
  const [urlParams, setParams] = useUrlState();
  const newest = version.card?.revision;
  const asked = Number(urlParams.get('revision') ?? newest);
  const shown = Number.isInteger(asked) && asked > 0 ? asked : newest;
  const params = { model: version.model, version: version.version, revision: shown ?? 1 };
  const { data: card, error, refetch } = useRead('getModelCardRevision', { params }, { enabled: newest !== undefined });
  const dialog = urlParams.get('dialog');
  const close = () => setParams({ dialog: undefined });
  const isNewest = shown === newest;
  const older = isNewest ? undefined : 'This is an earlier revision: go to the newest one first.';
  if (newest === undefined) {
    return (
      <Container header={<Header variant="h2">Model card</Header>}>
        <Empty
          title="No model card yet"
          text="It says what the version is for, what it must not be used for, and how risky it is."
          action={
            <CommandButton operation="putModelCard" blocked={blocked} onClick={() => setParams({ dialog: 'card' })}>
              Write the card
            </CommandButton>
          }
        />
        {dialog === 'card' && (
          <Suspense>
            <EditCard version={version} card={undefined} onClose={close} />
          </Suspense>
        )}
      </Container>
    );
  }
  return (
    <SpaceBetween size="l">
      {!isNewest && (
        <Alert type="info" header={`Revision ${shown} of ${newest}`}>
          This is what the card said before.{' '}
          <TextLink href="?tab=card" onOpen={() => setParams({ revision: undefined })}>
            See the newest revision
          </TextLink>
        </Alert>
      )}
      <ErrorAlert error={error} onRetry={() => void refetch()} />
      {!card && !error && <SectionLoading />}
      {card && (
        <SpaceBetween size="l">
          <Container
            header={
              <Header
                variant="h2"
                actions={
                  <SpaceBetween direction="horizontal" size="xs">
                    <CommandButton
                      operation="setModelCardStatus"
                      blocked={blocked ?? older}
                      onClick={() => setParams({ dialog: 'card-status' })}
                    >
                      Review
                    </CommandButton>
                    <CommandButton
                      operation="putModelCard"
                      blocked={blocked ?? older}
                      ariaLabel="Edit the model card"
                      onClick={() => setParams({ dialog: 'card' })}
                    >
                      Edit
                    </CommandButton>
                  </SpaceBetween>
                }
              >
                Model card
              </Header>
            }
          >
            <Facts
              facts={[
                ['Risk', <RiskBadge key="risk" rating={card.riskRating} />],
                ['Status', <CardStatus key="status" status={card.status} />],
                ['Revision', isNewest ? `${card.revision}` : `${card.revision} of ${newest}`],
                [
                  'Written',
                  <>
                    <Time key="at" at={card.createdAt} /> by {card.createdBy.name}
                  </>,
                ],
                ...(card.reason ? [['Reason', card.reason] as const] : []),
              ]}
            />
          </Container>
          <CardSections card={card} />
          <CardChanges version={version} card={card} />
        </SpaceBetween>
      )}
      <CardRevisions version={version} shown={shown} />
      <Suspense>
        {dialog === 'card' && card && isNewest && <EditCard version={version} card={card} onClose={close} />}
        {dialog === 'card-status' && card && isNewest && (
          <CardStatusDialog version={version} card={card} onClose={close} />
        )}
      </Suspense>
    </SpaceBetween>
  );
}
