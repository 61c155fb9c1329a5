import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense } from 'react';
import { useCommandItem } from '../app/may';
import { useUrlState } from '../app/url-state';
import type { Model } from '../model/types';
import { CommandButton } from '../ui/command-button';
import { pendingOf, type Version } from './types';

const VersionDialogs = lazy(() => import('./version-dialogs'));

interface Props {
  readonly model: Model;
  readonly version: Version;
  readonly blocked: string | undefined;
}

/** Which version this is and what can be done with it. */
export function VersionHeader({ model, version, blocked }: Props) {
  const [params, setParams] = useUrlState();
  const item = useCommandItem();
  const dialog = params.get('dialog');
  const open = (id: string) => setParams({ dialog: id });
  const waiting = blocked ?? pendingOf(version);
  return (
    <>
      <Header
        variant="h1"
        description={version.semanticVersion}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <ButtonDropdown
              items={[
                item('alias', 'Set alias', 'setAlias', waiting),
                item('copy', 'Copy to a model', 'copyVersion', pendingOf(version)),
                version.lock
                  ? item('unlock', 'Unlock', 'unlockVersion', model.state === 'archived' ? blocked : undefined)
                  : item('lock', 'Lock', 'lockVersion', blocked),
                item('delete', 'Delete', 'deleteVersion', blocked),
              ]}
              onItemClick={({ detail }) => open(detail.id)}
            >
              Actions
            </ButtonDropdown>
            <CommandButton operation="setApproval" blocked={waiting} onClick={() => open('review')}>
              Review
            </CommandButton>
            <CommandButton
              operation={['transitionVersion', 'openRequest']}
              variant="primary"
              blocked={waiting}
              onClick={() => open('move')}
            >
              Move to stage
            </CommandButton>
          </SpaceBetween>
        }
      >
        <span className="signet-wrap">
          {model.name} version {version.version}
        </span>
      </Header>
      {dialog && (
        <Suspense fallback={null}>
          <VersionDialogs
            dialog={dialog}
            model={model}
            version={version}
            onClose={() => setParams({ dialog: undefined })}
          />
        </Suspense>
      )}
    </>
  );
}
