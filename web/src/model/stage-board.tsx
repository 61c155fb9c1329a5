import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { usePages } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { useOpenRequests } from '../approvals/open-requests';
import { ErrorAlert } from '../ui/error-alert';
import { SectionLoading } from '../ui/section-loading';
import { Transition } from '../version/transition';
import { StageCard } from './stage-card';
import { blockedOf, type Model, type VersionRow } from './types';

/** The newest versions are on the board; the table has the others. */
const ON_BOARD = 50;
const IN_STAGE = 4;

/** The stages beside each other. A version is moved by dragging it there, or by its button. */
export function StageBoard({ model }: { model: Model }) {
  const { rows, error, isPending, refetch } = usePages('listVersions', {
    params: { model: model.name },
    query: { limit: ON_BOARD },
  });
  const requests = useOpenRequests(model.name);
  const [dragged, setDragged] = useState<VersionRow>();
  const [params, setParams] = useUrlState();
  const moving =
    params.get('dialog') === 'move' && rows.find(({ version }) => String(version) === params.get('version'));
  const move = ({ version }: VersionRow, to?: string) => setParams({ dialog: 'move', version: String(version), to });
  const [over, setOver] = useState<string>();
  const leadsTo = (from: string, to: string) =>
    model.stages.transitions.some((move) => move.from === from && move.to === to);
  return (
    <Container
      header={
        <Header variant="h2" description="Drag a version to the stage that it is to move to.">
          Stages
        </Header>
      }
    >
      <ErrorAlert error={error} onRetry={() => void refetch()} />
      {isPending ? (
        <SectionLoading />
      ) : (
        <section className="signet-board" aria-label="Stages">
          {model.stages.stages.map(({ name, exclusive, requiresApproval }) => {
            const here = rows.filter(({ stage }) => stage === name);
            const isOpen = dragged?.stage !== undefined && leadsTo(dragged.stage, name);
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: the same is done by each card's button.
              <div
                key={name}
                className="signet-stage"
                data-stage={name}
                data-open={isOpen}
                data-over={isOpen && over === name}
                onDragOver={(event) => {
                  if (!isOpen) return;
                  event.preventDefault();
                  setOver(name);
                }}
                onDragLeave={() => setOver(undefined)}
                onDrop={(event) => {
                  event.preventDefault();
                  if (dragged && isOpen) move(dragged, name);
                  setDragged(undefined);
                  setOver(undefined);
                }}
              >
                <SpaceBetween size="xs">
                  <Box variant="h3" fontSize="heading-s">
                    {name}{' '}
                    <Box variant="span" color="text-body-secondary">
                      ({here.length})
                    </Box>
                  </Box>
                  {(exclusive || requiresApproval) && (
                    <Box color="text-body-secondary" fontSize="body-s">
                      {[exclusive && 'one version', requiresApproval && 'approved ones only']
                        .filter(Boolean)
                        .join(', ')}
                    </Box>
                  )}
                  {here.slice(0, IN_STAGE).map((version) => (
                    <StageCard
                      key={version.version}
                      version={version}
                      blocked={blockedOf(model)}
                      requests={requests.filter((request) => request.version === version.version)}
                      onDrag={setDragged}
                      onMove={() => move(version)}
                    />
                  ))}
                  {here.length > IN_STAGE && (
                    <Box color="text-body-secondary" fontSize="body-s">
                      and {here.length - IN_STAGE} more
                    </Box>
                  )}
                  {here.length === 0 && <Box color="text-body-secondary">No version</Box>}
                </SpaceBetween>
              </div>
            );
          })}
        </section>
      )}
      {rows.length === ON_BOARD && (
        <Box color="text-body-secondary" fontSize="body-s" padding={{ top: 's' }}>
          The newest {ON_BOARD} versions are shown.
        </Box>
      )}
      {moving && (
        <Transition
          model={model}
          version={moving}
          to={
            model.stages.stages.find(({ name }) => leadsTo(moving.stage ?? '', name) && name === params.get('to'))?.name
          }
          onClose={() => setParams({ dialog: undefined, version: undefined, to: undefined })}
        />
      )}
    </Container>
  );
}
