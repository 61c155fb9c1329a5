import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { EVALUATION_OUTCOMES } from '../../../core/domain/assessment-terms';
import { useCommand } from '../app/calls';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import { ProseField } from '../ui/prose-field';
import type { Version } from '../version/types';
import { bodyOf, type Draft, NEW_DRAFT } from './draft';
import { OUTCOMES } from './outcome';

/** Records a test run of a version. */
export default function RecordEvaluation({ version, onClose }: { version: Version; onClose: () => void }) {
  const [draft, setDraft] = useState(NEW_DRAFT);
  const { mutate, isPending, error } = useCommand('recordEvaluation', {
    done: ({ name }) => `The evaluation ${name} was recorded.`,
    onDone: onClose,
  });
  const set = (change: Partial<Draft>) => setDraft((all) => ({ ...all, ...change }));
  const params = { model: version.model, version: version.version };
  const outcomes = EVALUATION_OUTCOMES.map((value) => ({ value, label: OUTCOMES[value][1] }));
  const text = (label: string, field: keyof Draft, at: string, hint: string, placeholder = '') => (
    <FormField label={label} constraintText={hint} errorText={fieldError(error, `body.${at}`)} stretch>
      <Input
        value={draft[field] as string}
        placeholder={placeholder}
        onChange={({ detail }) => set({ [field]: detail.value })}
      />
    </FormField>
  );
  return (
    <Dialog
      title="Record an evaluation"
      action="Record"
      size="large"
      onClose={onClose}
      onConfirm={() => mutate([{ params, body: bodyOf(draft) }])}
      isBusy={isPending}
      isDisabled={draft.name.trim() === ''}
      error={error}
    >
      <ColumnLayout columns={2}>
        {text('Name', 'name', 'name', 'What was tested.', 'nightly')}
        <FormField label="Outcome" errorText={fieldError(error, 'body.outcome')} stretch>
          <Select
            options={outcomes}
            selectedOption={outcomes.find(({ value }) => value === draft.outcome) ?? null}
            onChange={({ detail }) => set({ outcome: detail.selectedOption.value as Draft['outcome'] })}
          />
        </FormField>
      </ColumnLayout>
      <MetricsField draft={draft} set={set} errorOf={(name) => fieldError(error, `body.metrics.${name}`)} />
      <ColumnLayout columns={2}>
        {text('Dataset – optional', 'dataset', 'dataset.name', 'What it was tested with.', 'hold-out 2026-11')}
        {text('Address of the dataset – optional', 'datasetUri', 'dataset.uri', 'Such as s3:// or https://.')}
        {text('Run – optional', 'run', 'run.id', 'The job that tested it.')}
        {text('Address of the run – optional', 'runUrl', 'run.url', 'A web page.', 'https://')}
      </ColumnLayout>
      <FormField
        label="Report – optional"
        constraintText="The path of a file of the version, or an address."
        errorText={fieldError(error, 'body.report.path') ?? fieldError(error, 'body.report.uri')}
        stretch
      >
        <Input value={draft.report} onChange={({ detail }) => set({ report: detail.value })} />
      </FormField>
      <ProseField
        label="Description – optional"
        description="Markdown."
        value={draft.description}
        rows={4}
        errorText={fieldError(error, 'body.description')}
        onChange={(description) => set({ description })}
      />
    </Dialog>
  );
}

interface MetricsProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly errorOf: (name: string) => string | undefined;
}

function MetricsField({ draft: { metrics }, set, errorOf }: MetricsProps) {
  const change = (index: number, to: Partial<Draft['metrics'][number]>) =>
    set({ metrics: metrics.map((metric, at) => (at === index ? { ...metric, ...to } : metric)) });
  return (
    <FormField label="Metrics – optional" stretch>
      <AttributeEditor
        items={metrics}
        addButtonText="Add metric"
        removeButtonText="Remove"
        empty="No metrics."
        onAddButtonClick={() => set({ metrics: [...metrics, { name: '', value: '' }] })}
        onRemoveButtonClick={({ detail }) => set({ metrics: metrics.filter((_, at) => at !== detail.itemIndex) })}
        definition={[
          {
            label: 'Metric',
            errorText: ({ name }) => errorOf(name),
            control: ({ name }, index) => (
              <Input
                value={name}
                ariaLabel="Metric"
                placeholder="auc"
                onChange={({ detail }) => change(index, { name: detail.value })}
              />
            ),
          },
          {
            label: 'Value',
            control: ({ value }, index) => (
              <Input
                value={value}
                ariaLabel="Value"
                inputMode="decimal"
                onChange={({ detail }) => change(index, { value: detail.value })}
              />
            ),
          },
        ]}
      />
    </FormField>
  );
}
