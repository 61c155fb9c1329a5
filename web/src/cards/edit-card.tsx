import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { CARD_STATUSES, RISK_RATINGS } from '../../../core/domain/assessment-terms';
import { useMay } from '../app/may';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import { Part } from '../ui/part';
import { ProseField } from '../ui/prose-field';
import { ReasonField } from '../ui/reason-field';
import type { TagRow } from '../ui/tags-field';
import type { Version } from '../version/types';
import { cardStatusWords } from './badges';
import { bodyOf, type Card, type Draft, draftOf, pathOf, SECTIONS } from './fields';
import { useSaveCard } from './use-save-card';

interface Props {
  readonly version: Version;
  /** The newest revision. */
  readonly card: Card | undefined;
  readonly onClose: () => void;
}

/** Writes a model card: what it says afterwards is the next revision. */
export default function EditCard({ version, card, onClose }: Props) {
  const params = { model: version.model, version: version.version };
  const [draft, setDraft] = useState(() => draftOf(card));
  const [reason, setReason] = useState('');
  const { save, isBusy, error } = useSaveCard(params, card?.revision, onClose);
  const approving = useMay()('setModelCardStatus');
  const set = (change: Partial<Draft>) => setDraft((all) => ({ ...all, ...change }));
  const statuses = CARD_STATUSES.map((value) => ({
    value,
    label: cardStatusWords(value),
    ...(value === 'Approved' && !approving.allowed && { disabled: true, disabledReason: approving.why ?? '' }),
  }));
  const risks = RISK_RATINGS.map((value) => ({ value, label: value === 'Unknown' ? 'Not rated' : value }));
  return (
    <Dialog
      title={card ? 'Edit the model card' : 'Write the model card'}
      action="Save"
      size="large"
      onClose={onClose}
      onConfirm={() => save(bodyOf(draft, reason))}
      isBusy={isBusy}
      error={error}
    >
      <ColumnLayout columns={2}>
        <FormField
          label="Risk"
          description="How much harm the model can do."
          errorText={fieldError(error, 'body.riskRating')}
        >
          <Select
            options={risks}
            selectedOption={risks.find(({ value }) => value === draft.riskRating) ?? null}
            onChange={({ detail }) => set({ riskRating: detail.selectedOption.value as Draft['riskRating'] })}
          />
        </FormField>
        <FormField
          label="Status"
          description={card?.status === 'Approved' ? 'What was approved is a draft again when it changes.' : undefined}
          errorText={fieldError(error, 'body.status')}
        >
          <Select
            options={statuses}
            selectedOption={statuses.find(({ value }) => value === draft.status) ?? null}
            onChange={({ detail }) => set({ status: detail.selectedOption.value as Draft['status'] })}
          />
        </FormField>
      </ColumnLayout>
      {SECTIONS.map((section) => (
        <Part key={section.name} title={section.title}>
          <SpaceBetween size="s">
            {section.fields
              .filter(({ isProse }) => isProse)
              .map((field) => {
                const path = pathOf(section, field);
                return (
                  <ProseField
                    key={path}
                    label={field.label}
                    value={draft.texts[path] ?? ''}
                    errorText={fieldError(error, `body.${path}`)}
                    onChange={(text) => set({ texts: { ...draft.texts, [path]: text } })}
                  />
                );
              })}
            <ColumnLayout columns={2}>
              {section.fields
                .filter(({ isProse }) => !isProse)
                .map((field) => {
                  const path = pathOf(section, field);
                  return (
                    <FormField key={path} label={field.label} errorText={fieldError(error, `body.${path}`)} stretch>
                      <Input
                        value={draft.texts[path] ?? ''}
                        onChange={({ detail }) => set({ texts: { ...draft.texts, [path]: detail.value } })}
                      />
                    </FormField>
                  );
                })}
            </ColumnLayout>
          </SpaceBetween>
        </Part>
      ))}
      <Part title="Details of your own">
        <DetailsField rows={draft.details} onChange={(details) => set({ details })} />
      </Part>
      <ReasonField value={reason} onChange={setReason} />
    </Dialog>
  );
}

function DetailsField({ rows, onChange }: { rows: readonly TagRow[]; onChange: (rows: readonly TagRow[]) => void }) {
  const set = (index: number, change: Partial<TagRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <AttributeEditor
      items={rows}
      addButtonText="Add detail"
      removeButtonText="Remove"
      empty="No details."
      onAddButtonClick={() => onChange([...rows, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(rows.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        {
          label: 'Name',
          control: ({ key }, index) => (
            <Input
              value={key}
              ariaLabel="Name"
              placeholder="reviewed_by"
              onChange={({ detail }) => set(index, { key: detail.value })}
            />
          ),
        },
        {
          label: 'Text',
          control: ({ value }, index) => (
            <Input value={value} ariaLabel="Text" onChange={({ detail }) => set(index, { value: detail.value })} />
          ),
        },
      ]}
    />
  );
}
