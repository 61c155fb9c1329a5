import Box from '@cloudscape-design/components/box';
import ItemCard from '@cloudscape-design/components/item-card';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { places } from '../app/places';
import { type RequestRow, targetName } from '../approvals/types';
import { CommandButton } from '../ui/command-button';
import { ApprovalStatus } from '../ui/status';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import type { VersionRow } from './types';
import { WholeVersion } from './whole-version';

interface Props {
  readonly version: VersionRow;
  readonly blocked: string | undefined;
  /** Open requests for it. */
  readonly requests: readonly RequestRow[];
  readonly onDrag: (version: VersionRow | undefined) => void;
  readonly onMove: () => void;
}

/** A version on the board. */
export function StageCard({ version, blocked, requests, onDrag, onMove }: Props) {
  const reason = blocked ?? (version.status === 'PENDING' ? 'Its files are not final yet.' : undefined);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same is done by its button.
    <div
      className="signet-card"
      data-version={version.version}
      draggable={reason === undefined}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', `version ${version.version}`);
        onDrag(version);
      }}
      onDragEnd={() => onDrag(undefined)}
    >
      <ItemCard
        variant="embedded"
        header={
          <TextLink href={places.version(version.workspace, version.model, version.version)}>
            Version {version.version}
          </TextLink>
        }
        description={version.semanticVersion}
        actions={
          <CommandButton
            operation={['transitionVersion', 'openRequest']}
            variant="inline-icon"
            iconName="drag-indicator"
            ariaLabel={`Move version ${version.version} to another stage`}
            blocked={reason}
            onClick={onMove}
          />
        }
      >
        <SpaceBetween size="xxs">
          <WholeVersion row={version} field="approval">
            {({ approval }) => <ApprovalStatus status={approval?.status} />}
          </WholeVersion>
          {requests.map(({ id, workspace, model, target }) => (
            <TextLink key={id} href={places.request(workspace, model, id)} fontSize="body-s">
              asked: {targetName(target)}
            </TextLink>
          ))}
          <Box color="text-body-secondary" fontSize="body-s">
            <Time at={version.stageSince ?? version.createdAt} />
          </Box>
        </SpaceBetween>
      </ItemCard>
    </div>
  );
}
