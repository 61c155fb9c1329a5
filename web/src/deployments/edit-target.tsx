import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Model } from '../model/types';
import { Dialog } from '../ui/dialog';
import { fieldError } from '../ui/field-error';
import { SageMakerFields } from './sagemaker-fields';
import { formOf, type TargetForm } from './target-fields';
import type { Target } from './types';
import { useSaveTarget } from './use-save-target';

interface Props {
  readonly model: Model;
  /** Changes this one; otherwise another is set. */
  readonly target?: Target | undefined;
  /** Stages that have a target already. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

const KINDS = [
  {
    value: 'external',
    label: 'Somewhere else',
    description: 'Others deploy: they are told by events, and report what became of it.',
  },
  { value: 'sagemaker', label: 'SageMaker endpoint', description: 'The registry creates and updates it.' },
];

/** Says what happens when a version enters a stage. */
export default function EditTarget({ model, target, taken, onClose }: Props) {
  // Nothing enters the stage that versions begin in.
  const stages = model.stages.stages.slice(1).map(({ name }) => name);
  const free = stages.filter((name) => !taken.includes(name));
  const usual = free.includes('Production') ? 'Production' : (free.find((name) => name !== 'Archived') ?? '');
  const [stage, setStage] = useState(target?.stage ?? usual);
  const [form, setForm] = useState(() => formOf(target));
  const change = (changes: Partial<TargetForm>) => setForm((before) => ({ ...before, ...changes }));
  const { save, isBusy, error } = useSaveTarget(model.name, target, onClose);
  const isReady = stage !== '' && (form.kind === 'external' ? form.system !== '' : form.executionRoleArn !== '');
  return (
    <Dialog
      title={target ? `Change the target of ${target.stage}` : 'Set a deployment target'}
      action={target ? 'Save' : 'Set target'}
      size="large"
      onClose={onClose}
      onConfirm={() => void save(stage, form)}
      isBusy={isBusy}
      isDisabled={!isReady}
      error={error}
    >
      <FormField
        label="Stage"
        description="Whichever version is in it is deployed."
        errorText={fieldError(error, 'path.stage')}
      >
        <Select
          selectedOption={stage === '' ? null : { value: stage, label: stage }}
          options={free.map((value) => ({ value, label: value }))}
          disabled={target !== undefined}
          onChange={({ detail }) => setStage(detail.selectedOption.value ?? '')}
        />
      </FormField>
      <FormField label="Where">
        <RadioGroup
          value={form.kind}
          items={KINDS.map((kind) => ({ ...kind, disabled: target !== undefined && kind.value !== form.kind }))}
          onChange={({ detail }) => change({ kind: detail.value as TargetForm['kind'] })}
        />
      </FormField>
      {form.kind === 'external' ? (
        <SpaceBetween size="m">
          <FormField
            label="System"
            constraintText="a-z, 0-9, ., _ and -"
            errorText={fieldError(error, 'body.external.system')}
          >
            <Input
              value={form.system}
              placeholder="kubernetes"
              onChange={({ detail }) => change({ system: detail.value })}
            />
          </FormField>
          <FormField label="Address – optional" errorText={fieldError(error, 'body.external.url')}>
            <Input
              value={form.url}
              type="url"
              inputMode="url"
              placeholder="https://argo.example.com/churn"
              onChange={({ detail }) => change({ url: detail.value })}
            />
          </FormField>
        </SpaceBetween>
      ) : (
        <SageMakerFields form={form} change={change} stages={stages} isNew={target === undefined} error={error} />
      )}
      <Checkbox checked={form.requiresApproval} onChange={({ detail }) => change({ requiresApproval: detail.checked })}>
        Only approved versions
      </Checkbox>
      <FormField label="When the version that serves is locked">
        <RadioGroup
          value={form.whenLocked}
          items={[
            { value: 'replace', label: 'Another one replaces it' },
            { value: 'keep', label: 'It goes on' },
          ]}
          onChange={({ detail }) => change({ whenLocked: detail.value as TargetForm['whenLocked'] })}
        />
      </FormField>
      <FormField label="When the approval of the version that serves expires">
        <RadioGroup
          value={form.whenExpired}
          items={[
            { value: 'keep', label: 'It goes on, with a notice' },
            { value: 'replace', label: 'An approved one replaces it' },
          ]}
          onChange={({ detail }) => change({ whenExpired: detail.value as TargetForm['whenExpired'] })}
        />
      </FormField>
      <FormField label="When no version may be deployed">
        <RadioGroup
          value={form.whenNothingQualifies}
          items={[
            { value: 'keep', label: 'What serves goes on' },
            { value: 'delete', label: 'It is taken down' },
          ]}
          onChange={({ detail }) =>
            change({ whenNothingQualifies: detail.value as TargetForm['whenNothingQualifies'] })
          }
        />
      </FormField>
    </Dialog>
  );
}
