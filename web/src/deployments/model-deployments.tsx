import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCommand, usePages } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { blockedOf, type Model } from '../model/types';
import { CommandButton } from '../ui/command-button';
import { Confirm } from '../ui/confirm';
import { Empty } from '../ui/empty';
import { ErrorAlert } from '../ui/error-alert';
import { MoreButton } from '../ui/more-button';
import { SectionLoading } from '../ui/section-loading';
import { DeploymentsTable } from './deployments-table';
import EditTarget from './edit-target';
import Record from './record';
import Rollback from './rollback';
import { TargetCard } from './target-card';
import { LOOK_AGAIN_MS } from './types';

/** Where the versions of a model are deployed, what runs there, and all that was deployed so far. */
export default function ModelDeployments({ model }: { model: Model }) {
  const [params, setParams] = useUrlState();
  const list = usePages('listTargets', { params: { model: model.name } }, { refetchInterval: LOOK_AGAIN_MS });
  const blocked = blockedOf(model);
  const dialog = params.get('open');
  const target = list.rows.find(({ stage }) => stage === params.get('target'));
  const open = (id: string, stage?: string) => setParams({ open: id, target: stage });
  const close = () => setParams({ open: undefined, target: undefined });
  return (
    <SpaceBetween size="l">
      <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending && <SectionLoading />}
      {list.data && list.rows.length === 0 && (
        <Container>
          <Empty
            title="No deployment target"
            text="A target says what happens when a version enters a stage: the registry keeps an endpoint for it, or tells somebody else."
          />
        </Container>
      )}
      {list.rows.map((each) => (
        <TargetCard
          key={each.stage}
          target={each}
          blocked={blocked}
          onEdit={() => open('edit', each.stage)}
          onDelete={() => open('delete', each.stage)}
          onRollback={() => open('rollback', each.stage)}
        />
      ))}
      <MoreButton list={list} />
      <CommandButton operation="putTarget" blocked={blocked} onClick={() => open('new')}>
        Set a target
      </CommandButton>
      <DeploymentsTable
        model={model.name}
        actions={
          <CommandButton
            operation="recordDeployment"
            blocked={blocked ?? (model.lastVersion === 0 ? 'There is no version yet.' : undefined)}
            onClick={() => open('record')}
          >
            Record a deployment
          </CommandButton>
        }
      />
      {dialog === 'new' && list.data && (
        <EditTarget model={model} taken={list.rows.map(({ stage }) => stage)} onClose={close} />
      )}
      {dialog === 'edit' && target && <EditTarget model={model} target={target} taken={[]} onClose={close} />}
      {dialog === 'rollback' && target && <Rollback target={target} onClose={close} />}
      {dialog === 'delete' && target && <Delete model={model.name} stage={target.stage} onClose={close} />}
      {dialog === 'record' && <Record model={model.name} onClose={close} />}
    </SpaceBetween>
  );
}

function Delete({ model, stage, onClose }: { model: string; stage: string; onClose: () => void }) {
  const { mutate, isPending, error } = useCommand('deleteTarget', {
    done: () => `The target of ${stage} is deleted once nothing runs there.`,
    onDone: onClose,
  });
  return (
    <Confirm
      title={`Delete the target of ${stage}`}
      text="What runs there is taken down first. The history of its deployments stays."
      action="Delete"
      typed={stage}
      takesReason={false}
      onClose={onClose}
      onConfirm={() => mutate([{ params: { model, stage } }])}
      isBusy={isPending}
      error={error}
    />
  );
}
