import Badge from '@cloudscape-design/components/badge';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy, Suspense } from 'react';
import { useCommandItem } from '../app/may';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { blockedOf, type Model } from './types';

const RegisterVersion = lazy(() => import('./register-version'));
const ModelDialogs = lazy(() => import('./model-dialogs'));

/** Name of a model and what can be done with it. */
export function ModelHeader({ model }: { model: Model }) {
  const [params, setParams] = useUrlState();
  const item = useCommandItem();
  const dialog = params.get('dialog');
  const close = () => setParams({ dialog: undefined });
  const blocked = blockedOf(model);
  return (
    <>
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <ButtonDropdown
              items={[
                item('rename', 'Rename', 'renameModel', blocked),
                model.state === 'archived'
                  ? item('restore', 'Restore', 'restoreModel')
                  : item('archive', 'Archive', 'archiveModel'),
                item('delete', 'Delete', 'deleteModel'),
              ]}
              onItemClick={({ detail }) => setParams({ dialog: detail.id })}
            >
              Actions
            </ButtonDropdown>
            <CommandButton
              operation="registerVersion"
              variant="primary"
              blocked={blocked}
              onClick={() => setParams({ dialog: 'register' })}
            >
              Register version
            </CommandButton>
          </SpaceBetween>
        }
      >
        <span className="signet-wrap">{model.name}</span> {model.state === 'archived' && <Badge>archived</Badge>}
      </Header>
      <Suspense fallback={null}>
        {dialog === 'register' && <RegisterVersion model={model} onClose={close} />}
        {dialog && dialog !== 'register' && <ModelDialogs dialog={dialog} model={model} onClose={close} />}
      </Suspense>
    </>
  );
}
