import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useUrlState } from '../app/url-state';
import { WordsField } from '../ui/words-field';
import { type Asked, Verdict } from './verdict';

const KINDS = [
  { value: 'person', label: 'A person' },
  { value: 'machine', label: 'An IAM identity' },
] as const;

/** Asks what somebody may do, and why; who and what is asked is in the address. */
export function CheckAccess({ model }: { model?: string }) {
  const [params, setParams] = useUrlState();
  const asked: Asked = {
    kind: params.get('as') === 'machine' ? 'machine' : 'person',
    id: params.get('who') ?? '',
    groups: params.getAll('group'),
    version: params.get('version') ?? '',
    stage: params.get('to') ?? '',
    alias: params.get('alias') ?? '',
  };
  const [draft, setDraft] = useState(asked);
  const set = (change: Partial<Asked>) => setDraft((all) => ({ ...all, ...change }));
  const ask = () =>
    setParams({
      as: draft.kind === 'machine' ? 'machine' : undefined,
      who: draft.id.trim(),
      group: draft.kind === 'machine' ? [] : draft.groups,
      version: draft.version,
      to: draft.stage,
      alias: draft.alias,
    });
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            // Above the fields: names that are added below must not move it from under the pointer.
            actions={
              <Button variant="primary" disabled={draft.id.trim() === ''} disabledReason="Say who." onClick={ask}>
                Ask
              </Button>
            }
            description={`Judged as their own requests would be, ${model === undefined ? 'in the workspace' : 'on this model'}, as of now.`}
          >
            What may somebody do?
          </Header>
        }
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (draft.id.trim() !== '') ask();
          }}
        >
          <SpaceBetween size="m">
            <ColumnLayout columns={3}>
              <FormField label="Who" stretch>
                <Select
                  options={KINDS}
                  selectedOption={KINDS.find(({ value }) => value === draft.kind) ?? null}
                  onChange={({ detail }) => set({ kind: detail.selectedOption.value as Asked['kind'] })}
                />
              </FormField>
              <FormField label={draft.kind === 'person' ? 'Address or subject' : 'ARN'} stretch>
                <Input
                  value={draft.id}
                  placeholder={
                    draft.kind === 'person'
                      ? 'rita@example.com'
                      : 'arn:aws:sts::123456789012:assumed-role/Trainer/job-1'
                  }
                  onChange={({ detail }) => set({ id: detail.value })}
                />
              </FormField>
              {draft.kind === 'person' && (
                <WordsField
                  label="Groups – optional"
                  words={draft.groups}
                  placeholder="reviewers"
                  onChange={(groups) => set({ groups })}
                />
              )}
            </ColumnLayout>
            {model !== undefined && (
              <ColumnLayout columns={3}>
                <FormField label="Version – optional" description="For policies about versions." stretch>
                  <Input
                    value={draft.version}
                    inputMode="numeric"
                    onChange={({ detail }) => set({ version: detail.value.replaceAll(/\D/g, '') })}
                  />
                </FormField>
                <FormField label="To the stage – optional" description="For policies about stages." stretch>
                  <Input
                    value={draft.stage}
                    placeholder="Production"
                    onChange={({ detail }) => set({ stage: detail.value })}
                  />
                </FormField>
                <FormField label="Alias – optional" description="For policies about aliases." stretch>
                  <Input
                    value={draft.alias}
                    placeholder="champion"
                    onChange={({ detail }) => set({ alias: detail.value })}
                  />
                </FormField>
              </ColumnLayout>
            )}
          </SpaceBetween>
        </form>
      </Container>
      {asked.id !== '' && <Verdict model={model} asked={asked} />}
    </SpaceBetween>
  );
}
