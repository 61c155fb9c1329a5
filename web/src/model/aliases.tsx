import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useCommand, usePages } from '../app/calls';
import { places } from '../app/places';
import { useUrlState } from '../app/url-state';
import { AliasGuard } from '../approvals/alias-guard';
import { CommandButton } from '../ui/command-button';
import { Dialog } from '../ui/dialog';
import { PagedTable } from '../ui/paged-table';
import { TextLink } from '../ui/text-link';
import { Time } from '../ui/time';
import { blockedOf, type Model } from './types';

/** Names that lead to a version each. */
export function Aliases({ model }: { model: Model }) {
  const list = usePages('listAliases', { params: { model: model.name } });
  const [params, setParams] = useUrlState();
  const edit = (alias: string) => setParams({ dialog: 'alias', alias });
  const edited = list.rows.find(({ alias }) => alias === params.get('alias'));
  const remove = useCommand('deleteAlias', { done: () => 'The alias was removed.', tellsRefusals: true });
  const blocked = blockedOf(model);
  return (
    <>
      <PagedTable
        list={list}
        title="Aliases"
        description="Deployments ask for a version by one of these."
        actions={
          <CommandButton
            operation="setAlias"
            blocked={blocked ?? (model.lastVersion === 0 ? 'There is no version yet.' : undefined)}
            onClick={() => edit('')}
          >
            Set alias
          </CommandButton>
        }
        trackBy="alias"
        expected={2}
        empty={{ title: 'No aliases', text: 'An alias such as champion names the version that is in use.' }}
        columnDefinitions={[
          {
            id: 'alias',
            header: 'Alias',
            isRowHeader: true,
            cell: ({ alias }) => <span className="signet-wrap">@{alias}</span>,
          },
          {
            id: 'version',
            header: 'Version',
            cell: ({ version }) => (
              <TextLink href={places.version(model.workspace, model.name, version)}>Version {version}</TextLink>
            ),
          },
          { id: 'since', header: 'Since', cell: ({ since }) => <Time at={since} /> },
          { id: 'by', header: 'Set by', cell: ({ by }) => by.name },
          {
            id: 'actions',
            header: 'Actions',
            cell: ({ alias }) => (
              <SpaceBetween direction="horizontal" size="m">
                <CommandButton
                  operation="setAlias"
                  variant="inline-link"
                  blocked={blocked}
                  ariaLabel={`Move ${alias}`}
                  onClick={() => edit(alias)}
                >
                  Move
                </CommandButton>
                <CommandButton
                  operation="deleteAlias"
                  variant="inline-link"
                  blocked={blocked}
                  ariaLabel={`Remove ${alias}`}
                  loading={remove.isPending && remove.variables?.[0]?.params.alias === alias}
                  onClick={() => remove.mutate([{ params: { model: model.name, alias } }])}
                >
                  Remove
                </CommandButton>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {params.get('dialog') === 'alias' && list.data && (
        <SetAlias
          model={model}
          alias={edited?.alias ?? ''}
          version={String(edited?.version ?? '')}
          onClose={() => setParams({ dialog: undefined, alias: undefined })}
        />
      )}
    </>
  );
}

interface SetAliasProps {
  readonly model: Model;
  readonly alias: string;
  readonly version: string;
  readonly onClose: () => void;
}

function SetAlias({ model, onClose, ...initial }: SetAliasProps) {
  const [alias, setAlias] = useState(initial.alias);
  const [version, setVersion] = useState(initial.version);
  const { mutate, isPending, error } = useCommand('setAlias', {
    done: (set) => `${set.alias} leads to version ${set.version}.`,
    onDone: onClose,
  });
  const number = Number(version);
  return (
    <Dialog
      title={initial.alias ? `Move ${initial.alias}` : 'Set an alias'}
      action="Set"
      onClose={onClose}
      onConfirm={() => mutate([{ params: { model: model.name, alias }, body: { version: number } }])}
      isBusy={isPending}
      isDisabled={alias === '' || !Number.isInteger(number) || number < 1}
      error={error}
    >
      <FormField label="Alias" constraintText="Letters, digits, _ and -">
        <Input
          value={alias}
          disabled={initial.alias !== ''}
          onChange={({ detail }) => setAlias(detail.value)}
          placeholder="champion"
        />
      </FormField>
      <FormField label="Version" constraintText={`1 to ${model.lastVersion}; its files must be final.`}>
        <Input value={version} type="number" inputMode="numeric" onChange={({ detail }) => setVersion(detail.value)} />
      </FormField>
      <AliasGuard model={model.name} version={version} alias={alias} />
    </Dialog>
  );
}
